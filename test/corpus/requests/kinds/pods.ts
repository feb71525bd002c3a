import type { CorpusRequest } from '../../corpus-request.ts';
import { change, container, inNamespace, post, unscheduled } from './kind-requests.ts';

const { at, opens, closes } = inNamespace('corpus-pods');
const pods = at('pods');
const pod = (name: string, spec: object) =>
  post(`a pod: ${name}`, pods, { metadata: { name }, spec: { ...unscheduled, ...spec } });
const badPod = (why: string, spec: object) =>
  post(`bad: ${why}`, `${pods}?dryRun=All`, { metadata: { name: 'bad' }, spec: { ...unscheduled, ...spec } });
const warned = (why: string, spec: object) =>
  post(`warned of: ${why}`, `${pods}?dryRun=All`, { metadata: { name: 'warned' }, spec: { ...unscheduled, ...spec } });
const term = (expression: object) => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [expression] }] },
    },
  },
});

/** Pods as wholes: what may be wrong with one, and what may change. */
export const podRequests: readonly CorpusRequest[] = [
  ...opens,
  pod('quantities', {
    containers: [
      {
        ...container,
        resources: {
          requests: { cpu: '0.1', memory: '1e3', 'ephemeral-storage': '1.5Gi' },
          limits: { cpu: '1500m', memory: '129M', 'example.com/thing': 2 },
        },
      },
    ],
  }),
  pod('sidecar', {
    initContainers: [{ name: 'side', image: 'i', restartPolicy: 'Always', startupProbe: { exec: { command: ['x'] } } }],
  }),
  badPod('security', {
    securityContext: { runAsUser: -1, fsGroup: -1, supplementalGroups: [-1], sysctls: [{ name: 'A b', value: '' }] },
  }),
  badPod('non-root by root', { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'Odd' } } }),
  badPod('names', { hostAliases: [{ ip: 'x', hostnames: ['A_b'] }], subdomain: 'A_b', nodeName: 'A_b' }),
  badPod('dns', { dnsPolicy: 'None', dnsConfig: { nameservers: ['x'], searches: ['A_b'] } }),
  badPod('host network', {
    hostNetwork: true,
    containers: [{ ...container, ports: [{ containerPort: 80, hostPort: 81 }] }],
  }),
  badPod('a shared process and the host’s', { hostPID: true, shareProcessNamespace: true }),
  badPod('an affinity', term({ key: 'a', operator: 'Odd', values: ['b'] })),
  badPod('an affinity without values', term({ key: 'a', operator: 'In' })),
  badPod('an affinity with values', term({ key: 'a', operator: 'Exists', values: ['b'] })),
  badPod('an affinity that compares', term({ key: 'a', operator: 'Gt', values: ['x', 'y'] })),
  badPod('an affinity of nothing', {
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } },
  }),
  badPod('an affinity with a weight', {
    affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 0, preference: {} }] } },
  }),
  badPod('an affinity to pods', {
    affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: '' }] } },
  }),
  badPod('an affinity to pods, of a weight', {
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 101, podAffinityTerm: { topologyKey: 'A b' } }],
      },
    },
  }),
  badPod('a spread', { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'Odd' }] }),
  badPod('tolerations', {
    tolerations: [
      { operator: 'Odd' },
      { key: 'a b' },
      { value: 'x' },
      { key: 'a', effect: 'Odd' },
      { key: 'a', effect: 'NoSchedule', tolerationSeconds: 1 },
    ],
  }),
  badPod('volumes', {
    volumes: [
      { name: 'a', configMap: {} },
      { name: 'b', secret: { secretName: '', defaultMode: 4096 } },
      { name: 'c', hostPath: { path: '' } },
      { name: 'd', hostPath: { path: '/x', type: 'Odd' } },
      { name: 'e', persistentVolumeClaim: { claimName: '' } },
      { name: 'f', emptyDir: { sizeLimit: '-1' } },
      { name: 'g', downwardAPI: { items: [{ path: '/x', fieldRef: { fieldPath: 'spec.nodeName' } }] } },
      { name: 'h', projected: { sources: [{}] } },
      { name: 'i', configMap: { name: 'x', items: [{ key: '', path: '../y', mode: 4096 }] } },
      { name: 'j', projected: { sources: [{ serviceAccountToken: { path: '', expirationSeconds: 1 } }] } },
      {
        name: 'k',
        projected: {
          sources: [
            { secret: { name: 'a', items: [{ key: 'a', path: 'p' }] } },
            { configMap: { name: 'a', items: [{ key: 'a', path: 'p' }] } },
          ],
        },
      },
      { name: 'l', nfs: { server: '', path: 'x' } },
    ],
  }),
  badPod('readiness gates', { readinessGates: [{ conditionType: 'A b' }] }),
  badPod('a deadline', { activeDeadlineSeconds: 3000000000 }),
  badPod('an overhead alone', { overhead: { cpu: '1' } }),
  badPod('an operating system', { os: { name: 'odd' } }),
  badPod('a secret to pull', { imagePullSecrets: [{ name: '' }] }),
  badPod('gates', { schedulingGates: [{ name: 'A b' }, { name: 'a' }, { name: 'a' }] }),
  badPod('gates and a node', { nodeName: 'x', schedulingGates: [{ name: 'example.com/a' }] }),
  badPod('several at once', {
    restartPolicy: 'Odd',
    dnsPolicy: 'Odd',
    nodeSelector: { 'a b': 'c d' },
    hostname: 'A_b',
    serviceAccountName: 'A_b',
    priorityClassName: '',
    preemptionPolicy: 'Odd',
    activeDeadlineSeconds: 0,
    terminationGracePeriodSeconds: 0,
    volumes: [{ name: 'A_b' }, { name: 'v', emptyDir: {}, secret: { secretName: 's' } }],
    tolerations: [{ operator: 'Lt', key: 'a', value: '1' }],
    hostAliases: [{ ip: '300.0.0.1', hostnames: ['ok', 'not ok'] }],
    securityContext: { runAsGroup: -1, fsGroupChangePolicy: 'Odd', supplementalGroupsPolicy: 'Odd' },
  }),
  badPod('sysctls', {
    hostNetwork: true,
    hostIPC: true,
    securityContext: {
      sysctls: [
        { name: 'net.core.somaxconn', value: '1' },
        { name: 'kernel.shmmax', value: '1' },
        { name: 'kernel.shmmax', value: '2' },
        { name: '', value: '3' },
      ],
    },
  }),
  badPod('profiles', {
    securityContext: {
      seccompProfile: { type: 'Localhost', localhostProfile: '/a/..' },
      appArmorProfile: { type: '', localhostProfile: 'x' },
      seLinuxChangePolicy: 'Odd',
    },
  }),
  badPod('dns without servers', { dnsPolicy: 'None' }),
  badPod('dns with too much', {
    dnsConfig: {
      nameservers: ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'],
      searches: ['.', 'a.b.', '_x.y', '-'],
      options: [{ value: 'x' }],
    },
  }),
  badPod('an affinity by many things', {
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {
              matchExpressions: [{ key: 'A b', operator: 'In', values: ['a b'] }],
              matchFields: [
                { key: 'metadata.name', operator: 'In', values: ['a', 'b'] },
                { key: 'odd', operator: 'Exists' },
              ],
            },
          ],
        },
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 1, preference: { matchExpressions: [{ key: 'a', operator: 'In', values: ['a b'] }] } },
        ],
      },
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          {
            topologyKey: 'a',
            labelSelector: { matchLabels: { 'a b': 'c' } },
            namespaceSelector: { matchExpressions: [{ key: 'k', operator: 'Odd' }] },
            namespaces: ['A_b'],
            matchLabelKeys: ['x', 'a b'],
            mismatchLabelKeys: ['x'],
          },
          { topologyKey: 'a', matchLabelKeys: ['x'] },
        ],
      },
    },
  }),
  badPod('spreads', {
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'a', whenUnsatisfiable: 'ScheduleAnyway', minDomains: 0, nodeAffinityPolicy: 'Odd' },
      { maxSkew: 1, topologyKey: 'b', whenUnsatisfiable: 'DoNotSchedule', matchLabelKeys: ['k'] },
    ],
  }),
  badPod('users of its own', { hostUsers: false, hostNetwork: true, hostPID: true, hostIPC: true }),
  badPod('another name of the host', { hostnameOverride: 'A_b', setHostnameAsFQDN: true, hostNetwork: true }),
  badPod('a Linux pod with options of Windows', {
    os: { name: 'linux' },
    securityContext: { windowsOptions: { runAsUserName: 'x' } },
    containers: [{ ...container, securityContext: { windowsOptions: { runAsUserName: 'x' } } }],
  }),
  badPod('a Windows pod with those of Linux', {
    os: { name: 'windows' },
    hostPID: true,
    shareProcessNamespace: false,
    securityContext: { fsGroup: 1, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [{ ...container, securityContext: { privileged: true, runAsUser: 1, capabilities: {} } }],
  }),
  badPod('claims of resources', {
    resourceClaims: [
      { name: 'a' },
      { name: 'a', resourceClaimName: 'x' },
      { name: 'A_b', resourceClaimName: 'A_b', resourceClaimTemplateName: 'x' },
    ],
  }),
  badPod('resources of the whole', {
    resources: { limits: { cpu: '1', 'ephemeral-storage': '1' }, requests: { cpu: '2' }, claims: [{ name: 'x' }] },
  }),
  badPod('volumes of other sorts', {
    volumes: [
      { name: 'a', ephemeral: {} },
      {
        name: 'b',
        ephemeral: {
          volumeClaimTemplate: { spec: { accessModes: ['Odd'], resources: { requests: { storage: '0' } } } },
        },
      },
      { name: 'c', persistentVolumeClaim: { claimName: 'bad-b' } },
      { name: 'd', csi: { driver: 'A_b', nodePublishSecretRef: { name: '' } } },
      { name: 'e', image: { pullPolicy: 'Odd' } },
      { name: 'f', gitRepo: { repository: '', directory: '..' } },
      { name: 'g', iscsi: { targetPortal: '', iqn: '', lun: 300 } },
      { name: 'h', rbd: { monitors: [], image: '' } },
      { name: 'i', gcePersistentDisk: { pdName: '', partition: 300 } },
      { name: 'j', azureFile: { secretName: '', shareName: '' } },
      { name: 'k', flexVolume: { driver: '', options: { 'a.kubernetes.io/x': 'y' } } },
      { name: 'l', secret: { secretName: 's', items: [{ key: 'k', path: '..data' }] } },
      {
        name: 'm',
        downwardAPI: {
          defaultMode: -1,
          items: [
            { path: '' },
            { path: 'a', resourceFieldRef: { resource: 'limits.cpu' } },
            {
              path: 'b',
              fieldRef: { fieldPath: 'metadata.name' },
              resourceFieldRef: { containerName: 'c', resource: 'limits.cpu' },
            },
          ],
        },
      },
      {
        name: 'n',
        projected: {
          sources: [
            { secret: { name: '' }, configMap: { name: '' } },
            { downwardAPI: { items: [{ path: 'x', fieldRef: { fieldPath: 'metadata.name' } }] } },
            { downwardAPI: { items: [{ path: 'x', fieldRef: { fieldPath: 'metadata.uid' } }] } },
            { clusterTrustBundle: { path: 'x' } },
          ],
        },
      },
    ],
  }),
  warned('what is old', {
    nodeSelector: { 'beta.kubernetes.io/os': 'linux' },
    affinity: {
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname' }] },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'failure-domain.beta.kubernetes.io/zone',
        whenUnsatisfiable: 'ScheduleAnyway',
      },
    ],
    hostAliases: [
      { ip: '10.0.0.1', hostnames: ['a'] },
      { ip: '10.0.0.1', hostnames: ['b'] },
    ],
    volumes: [{ name: 'a', gitRepo: { repository: 'r' } }],
    terminationGracePeriodSeconds: -1,
  }),
  post('warned of: a name that is no label', `${pods}?dryRun=All`, { metadata: { name: 'a.b' }, spec: unscheduled }),
  post('warned of: the pods of a job', `${at('jobs', 'apis/batch/v1')}?dryRun=All`, {
    metadata: { name: 'warned' },
    spec: {
      template: {
        metadata: { annotations: { 'scheduler.alpha.kubernetes.io/critical-pod': '' } },
        spec: { restartPolicy: 'Never', containers: [container], imagePullSecrets: [{}, {}] },
      },
    },
  }),
  change('fewer seconds', `${pods}/quantities`, { spec: { activeDeadlineSeconds: 100 } }),
  change('more seconds', `${pods}/quantities`, { spec: { activeDeadlineSeconds: 200 } }),
  change('for ever', `${pods}/quantities`, { spec: { activeDeadlineSeconds: null } }),
  change('a toleration', `${pods}/quantities`, { spec: { tolerations: [{ key: 'a', operator: 'Exists' }] } }),
  change('a container more', `${pods}/quantities`, {
    spec: { containers: [container, { name: 'two', image: 'i' }] },
  }),
  change('no image', `${pods}/quantities`, { spec: { containers: [{ name: 'main', image: '' }] } }),
  {
    name: 'pods by scheduler',
    path: `${pods}?fieldSelector=spec.schedulerName%3Dnobody,metadata.name%3Dquantities`,
    ignoresBody: true,
  },
  { name: 'pods by account', path: `${pods}?fieldSelector=spec.serviceAccountName%3Dnobody` },
  { name: 'pods by node', path: `${pods}?fieldSelector=spec.nodeName%3Dnowhere` },
  { name: 'pods by network', path: `${pods}?fieldSelector=spec.hostNetwork%3Dtrue` },
  { name: 'pods by policy', path: `${pods}?fieldSelector=spec.restartPolicy%3DNever` },
  { name: 'pods by address', path: `${pods}?fieldSelector=status.podIP%3D10.1.2.3` },
  { name: 'pods go', method: 'DELETE', path: `${pods}?gracePeriodSeconds=0`, ignoresBody: true },
  ...closes,
];
