import { at, type SeedObject } from './seed-object.ts';

/** What holds configuration and rights, and what limits a namespace. */
export const configuration: readonly SeedObject[] = [
  {
    title: 'config map',
    path: at('configmaps'),
    weight: 2,
    body: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'config-map',
        labels: { app: 'x' },
        annotations: { note: 'some' },
      },
      data: { key: 'value', 'a.file': 'line\n' },
      binaryData: { bytes: 'AAEC' },
      immutable: false,
    },
  },
  {
    title: 'generated config map',
    path: at('configmaps'),
    isNeverStored: true,
    body: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: '',
        generateName: 'generated-',
        labels: { app: 'x' },
        finalizers: ['example.com/hold'],
        ownerReferences: [
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            name: 'owner',
            uid: '0a0a0a0a-0000-0000-0000-000000000000',
            controller: true,
          },
        ],
      },
      data: { key: 'value' },
    },
  },
  {
    title: 'secret',
    path: at('secrets'),
    weight: 2,
    body: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'secret' },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': 'e30=' },
    },
  },
  {
    title: 'opaque secret',
    path: at('secrets'),
    body: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'opaque' },
      stringData: { key: 'value' },
      data: { other: 'AAEC' },
      immutable: true,
    },
  },
  {
    title: 'service account',
    path: at('serviceaccounts'),
    body: {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'account', annotations: { note: 'some' } },
      secrets: [{ name: 'secret' }],
      imagePullSecrets: [{ name: 'pull' }],
      automountServiceAccountToken: false,
    },
  },
  {
    title: 'namespace',
    path: '/api/v1/namespaces',
    isNeverStored: true,
    body: {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: '{run}-space', labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
      spec: { finalizers: ['kubernetes'] },
    },
  },
  {
    title: 'role',
    path: at('roles', 'apis/rbac.authorization.k8s.io/v1'),
    body: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'role' },
      rules: [
        { apiGroups: ['', 'batch'], resources: ['pods', 'jobs/status'], verbs: ['get', 'list'] },
        { apiGroups: [''], resources: ['secrets'], resourceNames: ['one'], verbs: ['*'] },
      ],
    },
  },
  {
    title: 'cluster role',
    path: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
    body: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: '{run}-role', labels: { 'example.com/aggregate': 'true' } },
      rules: [{ nonResourceURLs: ['/healthz', '/metrics/*'], verbs: ['get'] }],
    },
  },
  {
    title: 'role binding',
    path: at('rolebindings', 'apis/rbac.authorization.k8s.io/v1'),
    body: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'binding' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [
        { kind: 'ServiceAccount', name: 'account', namespace: 'default' },
        { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'someone' },
        { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'some' },
      ],
    },
  },
  {
    title: 'limit range',
    path: at('limitranges'),
    /** It would change every pod that comes after it. */
    isNeverStored: true,
    body: {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'range' },
      spec: {
        limits: [
          {
            type: 'Container',
            default: { cpu: '1' },
            defaultRequest: { cpu: '500m' },
            max: { cpu: '2', memory: '1Gi' },
            min: { cpu: '100m' },
            maxLimitRequestRatio: { cpu: '10' },
          },
          { type: 'Pod', max: { cpu: '4' } },
          { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '2Gi' } },
        ],
      },
    },
  },
  {
    title: 'quota',
    path: at('resourcequotas'),
    isNeverStored: true,
    body: {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'quota' },
      spec: {
        hard: { pods: '10', 'requests.cpu': '4', 'limits.memory': '8Gi', 'count/jobs.batch': '5' },
        scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] },
      },
    },
  },
  {
    title: 'lease',
    path: at('leases', 'apis/coordination.k8s.io/v1'),
    body: {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'lease' },
      spec: {
        holderIdentity: 'me',
        leaseDurationSeconds: 15,
        acquireTime: '2026-01-02T03:04:05.678900Z',
        renewTime: '2026-01-02T03:04:06.000000Z',
        leaseTransitions: 1,
      },
    },
  },
  {
    title: 'event',
    path: at('events'),
    body: {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'event' },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', name: 'pod', namespace: '{namespace}', fieldPath: 'spec' },
      reason: 'Started',
      message: 'it started',
      type: 'Normal',
      source: { component: 'someone', host: 'here' },
      firstTimestamp: '2026-01-02T03:04:05Z',
      lastTimestamp: '2026-01-02T03:04:05Z',
      count: 1,
    },
  },
  {
    title: 'event of events.k8s.io',
    path: at('events', 'apis/events.k8s.io/v1'),
    body: {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: 'new-event' },
      eventTime: '2026-01-02T03:04:05.000000Z',
      reportingController: 'example.com/someone',
      reportingInstance: 'one',
      action: 'Start',
      reason: 'Started',
      type: 'Warning',
      note: 'it started',
      regarding: { apiVersion: 'v1', kind: 'Pod', name: 'pod', namespace: '{namespace}' },
      series: { count: 2, lastObservedTime: '2026-01-02T03:04:05.000000Z' },
    },
  },
];
