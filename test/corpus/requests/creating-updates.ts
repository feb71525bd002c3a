/** Updates of what is not there: of some kinds they create it (`AllowCreateOnUpdate`), of others it is not found. */
import { applyPatch, type CorpusRequest, jsonPatch, mergePatch, strategicPatch } from '../corpus-request.ts';

const space = '/api/v1/namespaces/corpus-updates';
const within = (group: string, resource: string) => `/apis/${group}/namespaces/corpus-updates/${resource}`;
const leases = within('coordination.k8s.io/v1', 'leases');
const roles = within('rbac.authorization.k8s.io/v1', 'roles');
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const put = (name: string, path: string, body: unknown): CorpusRequest => ({ name, method: 'PUT', path, body });
const goes = (path: string): CorpusRequest => ({ name: `goes: ${path}`, method: 'DELETE', path, ignoresBody: true });
const lease = (metadata: object, spec: object = { holderIdentity: 'a' }) => ({ metadata, spec });
const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];
const event = { kind: 'Pod', name: 'one', namespace: 'corpus-updates' };
const time = '2026-01-01T00:00:00.000000Z';
const report = { reportingController: 'corpus/one', reportingInstance: 'one', action: 'Look' };
const definition = {
  metadata: { name: 'latecomers.updates.corpus' },
  spec: {
    group: 'updates.corpus',
    scope: 'Cluster',
    names: { plural: 'latecomers', kind: 'Latecomer' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const latecomers = '/apis/updates.corpus/v1/latecomers';
const latecomer = (metadata: object) => ({ apiVersion: 'updates.corpus/v1', kind: 'Latecomer', metadata });
const asBob = { 'impersonate-user': 'corpus-bob' };
const applied = (name: string, path: string, body: unknown, headers = {}): CorpusRequest => ({
  name,
  method: 'PATCH',
  path: `${path}?fieldManager=alice`,
  headers: { ...applyPatch, ...headers },
  body,
});

const kinds: CorpusRequest[] = [
  put('a lease that is not there', `${leases}/one`, lease({ name: 'one' })),
  put('and again without its revision', `${leases}/one`, lease({ name: 'one' })),
  put('a lease with a uid', `${leases}/two`, lease({ name: 'two', uid: 'abc' })),
  put('a lease with a revision', `${leases}/three`, lease({ name: 'three', resourceVersion: '12' })),
  put('a lease with a revision that is none', `${leases}/four`, lease({ name: 'four', resourceVersion: 'x' })),
  put('a lease, tried', `${leases}/four?dryRun=All`, lease({ name: 'four' })),
  put('a lease that is invalid', `${leases}/four`, lease({ name: 'four' }, { leaseDurationSeconds: -1 })),
  put('a lease whose name is none', `${leases}/F_R`, lease({ name: 'F_R' })),
  put('a lease of another name', `${leases}/four`, lease({ name: 'five' })),
  put('a lease whose name is to be made', `${leases}/four`, lease({ generateName: 'x-' })),
  put('a lease in no namespace', '/apis/coordination.k8s.io/v1/namespaces/nowhere/leases/a', lease({ name: 'a' })),
  put('endpoints', `${space}/endpoints/one`, { metadata: { name: 'one' } }),
  put('an event', `${space}/events/one`, { metadata: { name: 'one' }, involvedObject: event, reason: 'A' }),
  put('an event of the newer group', `${within('events.k8s.io/v1', 'events')}/two`, {
    ...{ metadata: { name: 'two' }, regarding: event, reason: 'A', type: 'Normal', eventTime: time },
    ...report,
  }),
  put('a limit range', `${space}/limitranges/one`, {
    metadata: { name: 'one' },
    spec: { limits: [{ type: 'Pod', max: { cpu: '1k' } }] },
  }),
  put('a service', `${space}/services/one`, { metadata: { name: 'one' }, spec: { ports: [{ port: 80 }] } }),
  put('the status of a service', `${space}/services/two/status`, {
    metadata: { name: 'two' },
    spec: { ports: [{ port: 80 }] },
    status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } },
  }),
  { name: 'that service', path: `${space}/services/two` },
  put('a role', `${roles}/one`, { metadata: { name: 'one' }, rules }),
  put('a role binding', `${within('rbac.authorization.k8s.io/v1', 'rolebindings')}/one`, {
    metadata: { name: 'one' },
    roleRef: { kind: 'Role', name: 'one' },
  }),
  put('a cluster role', `${rbac}/clusterroles/corpus-updates`, { metadata: { name: 'corpus-updates' }, rules }),
  put('a cluster role binding', `${rbac}/clusterrolebindings/corpus-updates`, {
    metadata: { name: 'corpus-updates' },
    roleRef: { kind: 'ClusterRole', name: 'corpus-updates' },
  }),
  put('a runtime class', '/apis/node.k8s.io/v1/runtimeclasses/corpus-updates', {
    metadata: { name: 'corpus-updates' },
    handler: 'runc',
  }),
  put('a config map', `${space}/configmaps/none`, { metadata: { name: 'none' } }),
  put('a config map with a uid', `${space}/configmaps/none`, { metadata: { name: 'none', uid: 'abc' } }),
  put('a node', '/api/v1/nodes/corpus-none', { metadata: { name: 'corpus-none' } }),
  { ...put('a merge patch', `${leases}/none`, lease({ name: 'none' })), method: 'PATCH', headers: mergePatch },
  { ...put('a strategic patch', `${leases}/none`, lease({ name: 'none' })), method: 'PATCH', headers: strategicPatch },
  { ...put('a JSON patch', `${leases}/none`, []), method: 'PATCH', headers: jsonPatch },
];

const preconditions: CorpusRequest[] = [
  put('another uid', `${leases}/one`, lease({ name: 'one', uid: 'abc' })),
  put('another uid of a service', `${space}/services/one`, { metadata: { name: 'one', uid: 'abc' } }),
  put('another uid of endpoints', `${space}/endpoints/one`, { metadata: { name: 'one', uid: 'abc' } }),
  { name: 'a definition', method: 'POST', path: definitions, body: definition },
  { name: 'its resource', path: latecomers, until: 200, ignoresBody: true },
  put('a custom resource', `${latecomers}/one`, latecomer({ name: 'one' })),
  { name: 'made', method: 'POST', path: latecomers, body: latecomer({ name: 'one' }) },
  put('another uid of a custom resource', `${latecomers}/one`, latecomer({ name: 'one', uid: 'abc' })),
  put('another uid of a definition', `${definitions}/latecomers.updates.corpus`, {
    ...definition,
    metadata: { ...definition.metadata, uid: 'abc' },
  }),
  ...['x', '-1', '99999999999999999999999', '00', '1'].map((resourceVersion) =>
    put(`revision ${resourceVersion}`, `${space}/endpoints/one`, { metadata: { name: 'one', resourceVersion } }),
  ),
  ...['x', '1'].map((resourceVersion) =>
    applied(`applied with revision ${resourceVersion}`, `${space}/configmaps/new`, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'new', resourceVersion },
    }),
  ),
];

const leaseApplied = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', ...lease({ name: 'bob' }) };
const withoutCreate: CorpusRequest[] = [
  {
    name: 'a role without create',
    method: 'POST',
    path: roles,
    body: {
      metadata: { name: 'bob' },
      rules: [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'update', 'patch'] }],
    },
  },
  {
    name: 'its binding',
    method: 'POST',
    path: within('rbac.authorization.k8s.io/v1', 'rolebindings'),
    body: {
      metadata: { name: 'bob' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'bob' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'corpus-bob' }],
    },
  },
  { name: 'it holds', path: `${leases}/one`, headers: asBob, until: 200, ignoresBody: true },
  { ...put('an update that may not create', `${leases}/bob`, lease({ name: 'bob' })), headers: asBob },
  {
    ...put('an invalid one', `${leases}/bob`, lease({ name: 'bob' }, { leaseDurationSeconds: -1 })),
    headers: asBob,
  },
  applied('an apply that may not create', `${leases}/bob`, leaseApplied, asBob),
  { name: 'nothing was made', path: `${leases}/bob` },
];

export const creatingUpdateRequests: readonly CorpusRequest[] = [
  { name: 'the namespace', method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: 'corpus-updates' } } },
  { name: 'its account', path: `${space}/serviceaccounts/default`, until: 200, ignoresBody: true },
  ...kinds,
  ...preconditions,
  ...withoutCreate,
  goes(`${definitions}/latecomers.updates.corpus`),
  goes(`${rbac}/clusterroles/corpus-updates`),
  goes(`${rbac}/clusterrolebindings/corpus-updates`),
  goes('/apis/node.k8s.io/v1/runtimeclasses/corpus-updates'),
  goes(space),
];
