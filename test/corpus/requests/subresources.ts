import {
  applyPatch,
  type CorpusRequest,
  jsonPatch,
  mergePatch,
  strategicPatch,
  writtenByControllers,
} from '../corpus-request.ts';

const namespace = 'corpus-parts';
const at = (resource: string, group = 'api/v1') => `/${group}/namespaces/${namespace}/${resource}`;
const pods = at('pods');
const jobs = at('jobs', 'apis/batch/v1');
const accounts = at('serviceaccounts');
const tokens = `${accounts}/robot/token`;
const container = { name: 'main', image: 'example.com/image:1' };
/** No scheduler looks at it. */
const resting = { schedulerName: 'nobody', containers: [container] };
const post = (name: string, path: string, body: unknown): CorpusRequest => ({ name, method: 'POST', path, body });
const put = (name: string, path: string, body: unknown): CorpusRequest => ({ name, method: 'PUT', path, body });
const patch = (name: string, path: string, headers: Record<string, string>, body: unknown): CorpusRequest => ({
  name,
  method: 'PATCH',
  path,
  headers,
  body,
});
const pod = (name: string, rest: object = {}, spec: object = {}) =>
  post(`pod ${name}`, pods, { metadata: { name, ...rest }, spec: { ...resting, ...spec } });
const eviction = (name: string, rest: object = {}) => ({
  apiVersion: 'policy/v1',
  kind: 'Eviction',
  metadata: { name },
  ...rest,
});
const binding = (name: string, target: object, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Binding',
  metadata: { name, ...metadata },
  target,
});
const token = (name: string, spec: object) => post(`token: ${name}`, tokens, { spec });
const debug = { name: 'debug', image: 'example.com/debug', targetContainerName: 'main' };

/** What hangs on objects: status, bindings, evictions, ephemeral containers, tokens, finalizers of namespaces. */
export const subresourceRequests: readonly CorpusRequest[] = [
  post('a namespace', '/api/v1/namespaces', { metadata: { name: namespace } }),
  { name: 'its account', path: at('serviceaccounts/default'), until: 200, ignoresBody: true },
  { name: 'its certificate', path: at('configmaps/kube-root-ca.crt'), until: 200, ignoresBody: true },
  pod('one', { labels: { app: 'one' } }),
  { name: 'a pod by its status', path: `${pods}/one/status` },
  patch('status: a condition', `${pods}/one/status`, strategicPatch, {
    status: { conditions: [{ type: 'example.com/Mine', status: 'True', reason: 'Because', message: 'so' }] },
  }),
  patch('status: another condition', `${pods}/one/status`, strategicPatch, {
    status: { conditions: [{ type: 'Ready', status: 'False' }] },
  }),
  patch('status: with a label', `${pods}/one/status`, mergePatch, {
    metadata: { labels: { late: 'yes' }, annotations: { a: 'b' } },
    status: { message: 'told' },
  }),
  patch('status: a phase that is none', `${pods}/one/status`, mergePatch, { status: { phase: 'Odd' } }),
  patch('status: a wrong type', `${pods}/one/status`, mergePatch, { status: { conditions: 'none' } }),
  patch('status: addresses', `${pods}/one/status`, mergePatch, { status: { podIPs: [{ ip: '10.1.2.3' }] } }),
  patch('status: a bad address', `${pods}/one/status`, mergePatch, { status: { podIPs: [{ ip: 'abc' }] } }),
  patch('status: a node to nominate', `${pods}/one/status`, mergePatch, { status: { nominatedNodeName: 'A_b' } }),
  patch('status: json', `${pods}/one/status`, jsonPatch, [{ op: 'remove', path: '/status/message' }]),
  patch('status: applied', `${pods}/one/status?fieldManager=agent&force=true`, applyPatch, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'one' },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  }),
  patch('status: dry', `${pods}/one/status?dryRun=All`, mergePatch, { status: { reason: 'Dry' } }),
  patch('status of what is not there', `${pods}/nothing/status`, mergePatch, {}),
  patch('status of what has none', `${at('configmaps')}/kube-root-ca.crt/status`, mergePatch, {}),
  post('status is not made', `${pods}/one/status`, {}),
  { name: 'status is not deleted', method: 'DELETE', path: `${pods}/one/status` },
  { name: 'ephemeral containers: none', path: `${pods}/one/ephemeralcontainers` },
  patch('ephemeral containers: one', `${pods}/one/ephemeralcontainers`, strategicPatch, {
    spec: { ephemeralContainers: [debug] },
  }),
  patch('ephemeral containers: it stays', `${pods}/one/ephemeralcontainers`, jsonPatch, [
    { op: 'remove', path: '/spec/ephemeralContainers/0' },
  ]),
  patch('ephemeral containers: it stays as it is', `${pods}/one/ephemeralcontainers`, strategicPatch, {
    spec: { ephemeralContainers: [{ name: 'debug', image: 'other' }] },
  }),
  patch('ephemeral containers: a name twice', `${pods}/one/ephemeralcontainers`, strategicPatch, {
    spec: { ephemeralContainers: [{ name: 'main', image: 'i' }] },
  }),
  patch('ephemeral containers: no such target', `${pods}/one/ephemeralcontainers`, strategicPatch, {
    spec: { ephemeralContainers: [{ name: 'second', image: 'i', targetContainerName: 'nobody' }] },
  }),
  patch('ephemeral containers: ports', `${pods}/one/ephemeralcontainers`, strategicPatch, {
    spec: { ephemeralContainers: [{ name: 'second', image: 'i', ports: [{ containerPort: 80 }] }] },
  }),
  patch('ephemeral containers: nothing else changes', `${pods}/one/ephemeralcontainers`, mergePatch, {
    metadata: { labels: { app: 'two' } },
    spec: { containers: [{ name: 'main', image: 'other' }] },
  }),
  patch('ephemeral containers through the front', `${pods}/one`, strategicPatch, {
    spec: { ephemeralContainers: [{ name: 'third', image: 'i' }] },
  }),
  post('a pod with an ephemeral container', pods, {
    metadata: { name: 'bad' },
    spec: { ...resting, ephemeralContainers: [debug] },
  }),
  post('bind: nobody', `${pods}/nobody/binding`, binding('nobody', { kind: 'Node', name: 'n' })),
  post('bind: another name', `${pods}/one/binding`, binding('two', { kind: 'Node', name: 'n' })),
  post('bind: no node', `${pods}/one/binding`, binding('one', { kind: 'Node' })),
  post('bind: another kind', `${pods}/one/binding`, binding('one', { kind: 'Pod', name: 'n' })),
  post('bind: another uid', `${pods}/one/binding`, binding('one', { kind: 'Node', name: 'n' }, { uid: 'x' })),
  post('bind: dry', `${pods}/one/binding?dryRun=All`, binding('one', { kind: 'Node', name: 'n' })),
  pod('gated', {}, { schedulingGates: [{ name: 'example.com/wait' }] }),
  post('bind: behind a gate', `${pods}/gated/binding`, binding('gated', { kind: 'Node', name: 'n' })),
  patch('gates: another', `${pods}/gated`, mergePatch, { spec: { schedulingGates: [{ name: 'example.com/other' }] } }),
  patch('gates: a selector with them', `${pods}/gated`, mergePatch, { spec: { nodeSelector: { a: 'b' } } }),
  patch('gates: open', `${pods}/gated`, mergePatch, { spec: { schedulingGates: null } }),
  patch('gates: close again', `${pods}/gated`, mergePatch, { spec: { schedulingGates: [{ name: 'example.com/a' }] } }),
  post(
    'bind',
    `${pods}/one/binding`,
    binding('one', { kind: 'Node', name: 'nowhere' }, { annotations: { bound: 'yes' } }),
  ),
  { name: 'it is bound', path: `${pods}/one` },
  post('bind: once more', `${pods}/one/binding`, binding('one', { kind: 'Node', name: 'other' })),
  post('bind: by the collection', at('bindings'), binding('gated', { kind: 'Node', name: 'nowhere' })),
  { name: 'log: no such node', path: `${pods}/one/log`, ignoresBody: true },
  { name: 'log: which container', path: `${pods}/one/log?container=nobody` },
  { name: 'log: a bad since', path: `${pods}/one/log?sinceSeconds=0` },
  { name: 'log: two kinds of since', path: `${pods}/one/log?sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z` },
  { name: 'log: a bad limit', path: `${pods}/one/log?limitBytes=0` },
  { name: 'log: a bad number', path: `${pods}/one/log?tailLines=some` },
  post('evict: another name', `${pods}/gated/eviction`, eviction('one')),
  post('evict: dry', `${pods}/gated/eviction?dryRun=All`, eviction('gated')),
  post(
    'evict: dry by its options',
    `${pods}/gated/eviction`,
    eviction('gated', { deleteOptions: { dryRun: ['All'] } }),
  ),
  post(
    'evict: another uid',
    `${pods}/gated/eviction`,
    eviction('gated', { deleteOptions: { preconditions: { uid: 'x' } } }),
  ),
  post('evict: as a pod', `${pods}/gated/eviction`, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'gated' } }),
  post('evict: nothing said', `${pods}/gated/eviction?dryRun=All`, {}),
  { name: 'evictions are not read', path: `${pods}/gated/eviction` },
  post('an account', accounts, { metadata: { name: 'robot' } }),
  token('plain', {}),
  token('for whom', { audiences: ['a', 'b'], expirationSeconds: 7200 }),
  token('too short', { expirationSeconds: 599 }),
  token('too long', { expirationSeconds: 4294967297 }),
  token('bound to nothing', { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'nobody' } }),
  token('bound to another’s pod', { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'one' } }),
  token('bound to a kind that cannot be', { boundObjectRef: { kind: 'ConfigMap', apiVersion: 'v1', name: 'x' } }),
  token('bound to no secret', { boundObjectRef: { kind: 'Secret', apiVersion: 'v1', name: 'nothing' } }),
  token('a wrong type', { expirationSeconds: 'long' }),
  post('token: another name', tokens, { metadata: { name: 'other' }, spec: {} }),
  post('token: another kind', tokens, { apiVersion: 'v1', kind: 'Pod', spec: {} }),
  post('token: no body', tokens, ''),
  { name: 'tokens are not read', path: tokens },
  post('token: dry', `${tokens}?dryRun=All`, { spec: {} }),
  pod('carrier', {}, { serviceAccountName: 'robot' }),
  token('bound to its pod', { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'carrier' } }),
  token('bound to another of that name', {
    boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'carrier', uid: 'x' },
  }),
  post('a job', jobs, {
    metadata: { name: 'job' },
    spec: {
      suspend: true,
      managedBy: 'example.com/nobody',
      template: { spec: { restartPolicy: 'Never', containers: [container] } },
    },
  }),
  patch('job status: started', `${jobs}/job/status`, mergePatch, {
    status: { startTime: '2026-01-01T00:00:00Z', active: 1, ready: 1 },
  }),
  patch('job status: below nothing', `${jobs}/job/status`, mergePatch, { status: { failed: -1, active: -1 } }),
  patch('job status: more ready than active', `${jobs}/job/status`, mergePatch, { status: { ready: 3, active: 1 } }),
  patch('job status: completed indexes', `${jobs}/job/status`, mergePatch, { status: { completedIndexes: '0-1' } }),
  patch('job status: ended while at work', `${jobs}/job/status`, mergePatch, {
    status: { conditions: [{ type: 'Complete', status: 'True' }] },
  }),
  patch('job status: ended without a time', `${jobs}/job/status`, mergePatch, {
    status: { active: 0, ready: 0, conditions: [{ type: 'Complete', status: 'True' }] },
  }),
  patch('job status: ended before it started', `${jobs}/job/status`, mergePatch, {
    status: {
      active: 0,
      ready: 0,
      completionTime: '2025-01-01T00:00:00Z',
      conditions: [
        { type: 'SuccessCriteriaMet', status: 'True' },
        { type: 'Complete', status: 'True' },
      ],
    },
  }),
  patch('job status: both ends', `${jobs}/job/status`, mergePatch, {
    status: {
      conditions: [
        { type: 'Complete', status: 'True' },
        { type: 'Failed', status: 'True' },
      ],
    },
  }),
  patch('job status: a start moves', `${jobs}/job/status`, mergePatch, {
    status: { startTime: '2026-02-01T00:00:00Z' },
  }),
  patch('job status: failed', `${jobs}/job/status`, mergePatch, {
    status: {
      active: 0,
      ready: 0,
      conditions: [
        { type: 'FailureTarget', status: 'True', reason: 'Odd' },
        { type: 'Failed', status: 'True', reason: 'Odd' },
      ],
    },
  }),
  patch('job status: back to work', `${jobs}/job/status`, mergePatch, { status: { conditions: [] } }),
  { name: 'a job has no scale', path: `${jobs}/job/scale` },
  { name: 'a namespace by its status', path: `/api/v1/namespaces/${namespace}/status` },
  patch('namespace status', `/api/v1/namespaces/${namespace}/status`, mergePatch, {
    status: { conditions: [{ type: 'Mine', status: 'True' }] },
  }),
  patch('namespace: its finalizers stand', `/api/v1/namespaces/${namespace}`, mergePatch, { spec: { finalizers: [] } }),
  put('finalize: nothing changes', `/api/v1/namespaces/${namespace}/finalize`, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
    spec: { finalizers: ['kubernetes', 'example.com/hold'] },
  }),
  put('finalize: a bad name', `/api/v1/namespaces/${namespace}/finalize`, {
    metadata: { name: namespace },
    spec: { finalizers: ['nothing'] },
  }),
  put('finalize: another', `/api/v1/namespaces/${namespace}/finalize`, { metadata: { name: 'default' }, spec: {} }),
  put('finalize: back', `/api/v1/namespaces/${namespace}/finalize`, {
    metadata: { name: namespace },
    spec: { finalizers: ['kubernetes'] },
  }),
  { name: 'finalize is not read', path: `/api/v1/namespaces/${namespace}/finalize` },
  post('a node', '/api/v1/nodes', { metadata: { name: 'corpus-node' }, spec: { unschedulable: true } }),
  writtenByControllers('/api/v1/nodes/corpus-node', 0),
  patch('node status', '/api/v1/nodes/corpus-node/status', strategicPatch, {
    status: { capacity: { cpu: '2', memory: '1Gi' }, addresses: [{ type: 'InternalIP', address: '10.9.8.7' }] },
  }),
  patch('node status: a bad quantity', '/api/v1/nodes/corpus-node/status', strategicPatch, {
    status: { capacity: { cpu: 'much' } },
  }),
  { name: 'the node goes', method: 'DELETE', path: '/api/v1/nodes/corpus-node' },
  { name: 'pods go', method: 'DELETE', path: `${pods}?gracePeriodSeconds=0`, ignoresBody: true },
  { name: 'the namespace goes', method: 'DELETE', path: `/api/v1/namespaces/${namespace}`, ignoresBody: true },
  { name: 'it is gone', path: `/api/v1/namespaces/${namespace}`, until: 404 },
];
