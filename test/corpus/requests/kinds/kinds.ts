import { type CorpusRequest, writtenByControllers } from '../../corpus-request.ts';
import { bad, change, goes, inNamespace, make, post, unscheduled } from './kind-requests.ts';

const { at, opens, closes } = inNamespace('corpus-kinds');
const secrets = at('secrets');
const pods = at('pods');
const leases = at('leases', 'apis/coordination.k8s.io/v1');
const priorities = '/apis/scheduling.k8s.io/v1/priorityclasses';
const runtimes = '/apis/node.k8s.io/v1/runtimeclasses';
const nodes = '/api/v1/nodes';
const rbac = 'apis/rbac.authorization.k8s.io/v1';
const clusterRoles = `/${rbac}/clusterroles`;
const pod = (name: string, spec: object) =>
  post(`pod: ${name}`, pods, { metadata: { name: name.replaceAll(' ', '-') }, spec: { ...unscheduled, ...spec } });
const badPod = (why: string, spec: object) =>
  post(`bad pod: ${why}`, `${pods}?dryRun=All`, { metadata: { name: 'bad' }, spec: { ...unscheduled, ...spec } });

/** Secrets, leases, classes, nodes and roles: their defaults, their rules, what may change. */
export const kindRequests: readonly CorpusRequest[] = [
  ...opens,
  make(secrets)('a secret', { stringData: { a: 'b' }, data: { c: 'ZA==' } }),
  bad(secrets)('secret: data that is no base64', { data: { a: '%' } }),
  bad(secrets)('secret: tls without its parts', { type: 'kubernetes.io/tls' }),
  bad(secrets)('secret: a docker configuration', {
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': 'YQ==' },
  }),
  bad(secrets)('secret: a docker configuration that is a list', {
    type: 'kubernetes.io/dockercfg',
    data: { '.dockercfg': 'W10=' },
  }),
  bad(secrets)('secret: a docker configuration that ends', {
    type: 'kubernetes.io/dockercfg',
    data: { '.dockercfg': 'eyJhIg==', 'a b': '' },
  }),
  bad(secrets)('secret: for an account that is not named', { type: 'kubernetes.io/service-account-token' }),
  bad(secrets)('secret: basic', { type: 'kubernetes.io/basic-auth' }),
  change('secret: another type', `${secrets}/made`, { type: 'other' }),
  change('secret: immutable', `${secrets}/made`, { immutable: true }),
  change('secret: immutable data', `${secrets}/made`, { data: { a: 'Yw==' } }),
  change('secret: mutable again', `${secrets}/made`, { immutable: false }),
  { name: 'secrets by type', path: `${secrets}?fieldSelector=type%3DOpaque,metadata.name%3Dmade` },
  goes('the secret goes', `${secrets}/made`),

  make(leases)('a lease', {
    spec: { holderIdentity: 'me', leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:00.000000Z' },
  }),
  bad(leases)('lease: numbers', { spec: { leaseDurationSeconds: 0, leaseTransitions: -1 } }),
  bad(leases)('lease: a time', { spec: { renewTime: 'now' } }),
  bad(leases)('lease: a strategy', { spec: { strategy: 'odd', preferredHolder: 'x' } }),
  change('lease: renewed', `${leases}/made`, {
    spec: { renewTime: '2026-01-01T00:00:01.123456Z', leaseTransitions: 1 },
  }),
  {
    name: 'lease: put without a revision',
    method: 'PUT',
    path: `${leases}/made`,
    body: { metadata: { name: 'made' }, spec: { holderIdentity: 'you' } },
  },
  goes('the lease goes', `${leases}/made`),

  make(priorities)('a priority', { value: 10, description: 'ten' }),
  bad(priorities)('priority: too high', { value: 2000000000 }),
  bad(priorities)('priority: a policy', { value: 1, preemptionPolicy: 'Odd' }),
  post('bad priority: a name of the system', priorities, { metadata: { name: 'system-x' }, value: 1 }),
  change('priority: another value', `${priorities}/made`, { value: 11 }),
  change('priority: another policy', `${priorities}/made`, { preemptionPolicy: 'Never' }),
  change('priority: another word', `${priorities}/made`, { description: 'still ten' }),
  pod('with a priority', { priorityClassName: 'made' }),
  badPod('a priority that is not its class’s', { priorityClassName: 'made', priority: 5 }),
  goes('the priority goes', `${priorities}/made`),

  make(runtimes)('a runtime', { handler: 'native' }),
  bad(runtimes)('runtime: nothing', {}),
  bad(runtimes)('runtime: a handler', { handler: 'A_b' }),
  change('runtime: another handler', `${runtimes}/made`, { handler: 'other' }),
  badPod('a runtime that is not there', { runtimeClassName: 'nothing' }),
  badPod('an overhead its runtime has not', { runtimeClassName: 'made', overhead: { cpu: '1' } }),
  goes('the runtime goes', `${runtimes}/made`),
  post('a runtime with a cost, on some nodes', runtimes, {
    metadata: { name: 'heavy' },
    handler: 'native',
    overhead: { podFixed: { cpu: '100m' } },
    scheduling: { nodeSelector: { disk: 'fast' }, tolerations: [{ key: 'heavy', operator: 'Exists' }] },
  }),
  pod('of a runtime with a cost', { runtimeClassName: 'heavy', nodeSelector: { size: 'big' } }),
  badPod('another cost than its runtime’s', { runtimeClassName: 'heavy', overhead: { cpu: '1' } }),
  badPod('other nodes than its runtime’s', { runtimeClassName: 'heavy', nodeSelector: { disk: 'slow' } }),
  goes('the heavy runtime goes', `${runtimes}/heavy`),

  post('a node', nodes, {
    metadata: { name: 'corpus-kinds' },
    spec: { unschedulable: true, taints: [{ key: 'a', effect: 'NoSchedule' }] },
  }),
  bad(nodes)('node: a taint', { spec: { taints: [{ key: 'A b', effect: 'Odd' }] } }),
  bad(nodes)('node: a taint twice', {
    spec: {
      taints: [
        { key: 'a', effect: 'NoExecute' },
        { key: 'a', effect: 'NoExecute', value: 'x' },
      ],
    },
  }),
  bad(nodes)('node: an address', { spec: { podCIDRs: ['x'] } }),
  bad(nodes)('node: several at once', {
    metadata: { name: 'A_b', labels: { 'a b': 'c' } },
    spec: {
      podCIDRs: ['10.0.0.0/24', '10.0.1.0/24'],
      taints: [
        { key: '', value: 'a b' },
        { key: 'a', effect: 'Odd' },
      ],
    },
    status: { capacity: { cpu: '-1' } },
  }),
  {
    name: 'nodes that take no pods',
    path: `${nodes}?fieldSelector=spec.unschedulable%3Dtrue,metadata.name%3Dcorpus-kinds`,
    ignoresBody: true,
  },
  writtenByControllers(`${nodes}/corpus-kinds`, 1),
  change('node: another provider', `${nodes}/corpus-kinds`, { spec: { providerID: 'a' } }),
  change('node: and another', `${nodes}/corpus-kinds`, { spec: { providerID: 'b' } }),
  { ...goes('the node goes', `${nodes}/corpus-kinds`), ignoresBody: true },

  bad(at('roles', rbac))('role: no resources', { rules: [{ apiGroups: [''], verbs: ['get'] }] }),
  bad(at('roles', rbac))('role: no groups', { rules: [{ resources: ['pods'], verbs: ['get'] }] }),
  bad(clusterRoles)('cluster role: both', {
    rules: [{ apiGroups: [''], resources: ['pods'], nonResourceURLs: ['/a'], verbs: ['get'] }],
  }),
  bad(clusterRoles)('cluster role: a path', {
    rules: [{ nonResourceURLs: ['*/a'], verbs: ['get'] }],
  }),
  bad(clusterRoles)('cluster role: an aggregate', {
    aggregationRule: { clusterRoleSelectors: [] },
  }),
  post('bad binding: groups', at('rolebindings', rbac), {
    metadata: { name: 'bad' },
    roleRef: { apiGroup: 'other', kind: 'Role', name: 'x' },
    subjects: [
      { kind: 'User', apiGroup: '', name: 'u' },
      { kind: 'Group', name: '' },
      { kind: 'ServiceAccount', name: 'A_b', apiGroup: 'x' },
    ],
  }),
  post('bad cluster binding: a role', `/${rbac}/clusterrolebindings`, {
    metadata: { name: 'bad' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'x' },
  }),
  { name: 'pods go', method: 'DELETE', path: `${pods}?gracePeriodSeconds=0`, ignoresBody: true },
  ...closes,
];
