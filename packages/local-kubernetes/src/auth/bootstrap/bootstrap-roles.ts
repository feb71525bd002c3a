// The roles every cluster has: cluster-admin, the user-facing admin, edit and view, and what everybody may ask.
// Facts: the RBAC page of the Kubernetes documentation ("Default roles and role bindings").

import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import type { PolicyRule } from '../rbac.ts';

const apiVersion = 'rbac.authorization.k8s.io/v1';
const reading = ['get', 'list', 'watch'];
const writing = ['create', 'delete', 'deletecollection', 'patch', 'update'];
const workloads = ['daemonsets', 'deployments', 'replicasets', 'statefulsets'];
const withStatus = (names: readonly string[]) => names.flatMap((name) => [name, `${name}/status`]);
const withScale = (names: readonly string[]) => names.flatMap((name) => [name, `${name}/scale`]);
const on = (apiGroups: string[], resources: string[], verbs: string[]): PolicyRule => ({ apiGroups, resources, verbs });

const scalable = ['deployments', 'replicasets', 'statefulsets'];

const viewRules: PolicyRule[] = [
  on(
    [''],
    [
      'configmaps',
      'endpoints',
      'persistentvolumeclaims',
      'persistentvolumeclaims/status',
      'pods',
      'replicationcontrollers',
      'replicationcontrollers/scale',
      'serviceaccounts',
      'services',
      'services/status',
    ],
    reading,
  ),
  on(
    [''],
    [
      'bindings',
      'limitranges',
      'namespaces/status',
      'pods/log',
      'pods/status',
      'replicationcontrollers/status',
      'resourcequotas',
      'resourcequotas/status',
    ],
    reading,
  ),
  on([''], ['namespaces'], reading),
  on(['', 'events.k8s.io'], ['events'], reading),
  on(['discovery.k8s.io'], ['endpointslices'], reading),
  on(['apps'], ['controllerrevisions', ...withStatus(workloads), ...scalable.map((name) => `${name}/scale`)], reading),
  on(['autoscaling'], withStatus(['horizontalpodautoscalers']), reading),
  on(['batch'], withStatus(['cronjobs', 'jobs']), reading),
  on(['policy'], withStatus(['poddisruptionbudgets']), reading),
  on(['networking.k8s.io'], [...withStatus(['ingresses']), 'networkpolicies'], reading),
];

const editRules: PolicyRule[] = [
  on([''], ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'secrets', 'services/proxy'], reading),
  on([''], ['serviceaccounts'], ['impersonate']),
  on([''], ['pods', 'pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy'], writing),
  on([''], ['pods/eviction'], ['create']),
  on(
    [''],
    [
      'configmaps',
      'persistentvolumeclaims',
      'replicationcontrollers',
      'replicationcontrollers/scale',
      'secrets',
      'serviceaccounts',
      'services',
      'services/proxy',
    ],
    writing,
  ),
  on([''], ['serviceaccounts/token'], ['create']),
  on(['', 'events.k8s.io'], ['events'], writing),
  on(['apps'], ['daemonsets', ...withScale(scalable)], writing),
  on(['autoscaling'], ['horizontalpodautoscalers'], writing),
  on(['batch'], ['cronjobs', 'jobs'], writing),
  on(['policy'], ['poddisruptionbudgets'], writing),
  on(['networking.k8s.io'], ['ingresses', 'networkpolicies'], writing),
  on(['coordination.k8s.io'], ['leases'], [...writing, ...reading]),
];

const adminRules: PolicyRule[] = [
  on(['authorization.k8s.io'], ['localsubjectaccessreviews'], ['create']),
  on(['rbac.authorization.k8s.io'], ['rolebindings', 'roles'], [...writing, ...reading]),
];

const openPaths = ['/healthz', '/livez', '/readyz', '/version', '/version/'];
const discoveryPaths = ['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*'];

/** The default roles and bindings, without uid and time. */
export function bootstrapRoles(): KubernetesObject[] {
  return [
    role('cluster-admin', [on(['*'], ['*'], ['*']), { nonResourceURLs: ['*'], verbs: ['*'] }]),
    role('system:discovery', [{ nonResourceURLs: [...discoveryPaths, ...openPaths].sort(), verbs: ['get'] }]),
    role('system:public-info-viewer', [{ nonResourceURLs: openPaths, verbs: ['get'] }]),
    role('system:basic-user', [
      on(['authorization.k8s.io'], ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'], ['create']),
      on(['authentication.k8s.io'], ['selfsubjectreviews'], ['create']),
    ]),
    role('system:service-account-issuer-discovery', [
      {
        nonResourceURLs: ['/.well-known/openid-configuration', '/openid/v1/jwks'].flatMap((path) => [path, `${path}/`]),
        verbs: ['get'],
      },
    ]),
    role('system:aggregate-to-view', viewRules, { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' }),
    role('system:aggregate-to-edit', editRules, { 'rbac.authorization.k8s.io/aggregate-to-edit': 'true' }),
    role('system:aggregate-to-admin', adminRules, { 'rbac.authorization.k8s.io/aggregate-to-admin': 'true' }),
    aggregate('view', [...viewRules], { 'rbac.authorization.k8s.io/aggregate-to-edit': 'true' }),
    aggregate('edit', [...editRules, ...viewRules], { 'rbac.authorization.k8s.io/aggregate-to-admin': 'true' }),
    aggregate('admin', [...adminRules, ...editRules, ...viewRules], {}),
    binding('cluster-admin', 'Group', 'system:masters'),
    binding('system:discovery', 'Group', 'system:authenticated'),
    binding('system:basic-user', 'Group', 'system:authenticated'),
    binding('system:public-info-viewer', 'Group', 'system:authenticated', 'system:unauthenticated'),
    binding('system:service-account-issuer-discovery', 'Group', 'system:serviceaccounts'),
  ];
}

function metadata(name: string, labels: Record<string, string> = {}): KubernetesObject['metadata'] {
  return {
    name,
    labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels },
    annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
  };
}

function role(name: string, rules: PolicyRule[], labels?: Record<string, string>): KubernetesObject {
  return { apiVersion, kind: 'ClusterRole', metadata: metadata(name, labels), rules };
}

function aggregate(name: string, rules: PolicyRule[], labels: Record<string, string>): KubernetesObject {
  const matchLabels = { [`rbac.authorization.k8s.io/aggregate-to-${name}`]: 'true' };
  return { ...role(name, rules, labels), aggregationRule: { clusterRoleSelectors: [{ matchLabels }] } };
}

function binding(name: string, kind: string, ...subjects: string[]): KubernetesObject {
  return {
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata: metadata(name),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: subjects.map((subject) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name: subject })),
  };
}
