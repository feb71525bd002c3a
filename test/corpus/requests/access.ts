import type { CorpusRequest } from '../corpus-request.ts';

const authorization = '/apis/authorization.k8s.io/v1';
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const namespace = 'corpus-access';
const post = (name: string, path: string, body: unknown, headers?: Record<string, string>): CorpusRequest => ({
  name,
  method: 'POST',
  path,
  body,
  ...(headers ? { headers } : {}),
});
const jane = { 'impersonate-user': 'jane' };
const may = (name: string, user: string, attributes: object, groups: string[] = []) =>
  post(name, `${authorization}/subjectaccessreviews`, { spec: { user, groups, resourceAttributes: attributes } });
const inside = (verb: string, resource: string, rest: object = {}) => ({ namespace, verb, resource, ...rest });

/** Who may do what: roles, reviews, impersonation, escalation. */
export const accessRequests: readonly CorpusRequest[] = [
  post('a namespace', '/api/v1/namespaces', { metadata: { name: namespace } }),
  post('a role', `${rbac}/namespaces/${namespace}/roles`, {
    metadata: { name: 'reader' },
    rules: [
      { apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get', 'list'] },
      { apiGroups: [''], resources: ['configmaps'], resourceNames: ['one'], verbs: ['get', 'update'] },
      { apiGroups: ['batch'], resources: ['*'], verbs: ['*'] },
      { apiGroups: [''], resources: ['*/status'], verbs: ['patch'] },
    ],
  }),
  post('a binding', `${rbac}/namespaces/${namespace}/rolebindings`, {
    metadata: { name: 'readers' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    subjects: [
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'jane' },
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'readers' },
      { kind: 'ServiceAccount', name: 'robot', namespace },
    ],
  }),
  { name: 'the role has spread', path: `/api/v1/namespaces/${namespace}/pods`, headers: jane, until: 200 },
  may('jane reads pods', 'jane', inside('get', 'pods')),
  may('jane reads logs', 'jane', inside('get', 'pods', { subresource: 'log' })),
  may('jane does not exec', 'jane', inside('create', 'pods', { subresource: 'exec' })),
  may('jane does not delete', 'jane', inside('delete', 'pods')),
  may('jane reads one map', 'jane', inside('get', 'configmaps', { name: 'one' })),
  may('jane does not read another', 'jane', inside('get', 'configmaps', { name: 'two' })),
  may('jane does not list maps', 'jane', inside('list', 'configmaps')),
  may('jane does anything with jobs', 'jane', inside('delete', 'jobs', { group: 'batch' })),
  may('jane patches any status', 'jane', inside('patch', 'pods', { subresource: 'status' })),
  may('jane elsewhere', 'jane', { namespace: 'default', verb: 'get', resource: 'pods' }),
  may('jane everywhere', 'jane', { verb: 'list', resource: 'pods' }),
  may('a group', 'x', inside('get', 'pods'), ['readers']),
  may('an account', `system:serviceaccount:${namespace}:robot`, inside('list', 'pods')),
  may('masters', 'x', inside('delete', 'nodes'), ['system:masters']),
  may('nobody', '', inside('get', 'pods')),
  post('a path', `${authorization}/subjectaccessreviews`, {
    spec: { user: 'jane', groups: ['system:authenticated'], nonResourceAttributes: { path: '/api', verb: 'get' } },
  }),
  post('neither', `${authorization}/subjectaccessreviews`, { spec: { user: 'jane' } }),
  post('both', `${authorization}/subjectaccessreviews`, {
    spec: {
      user: 'jane',
      resourceAttributes: inside('get', 'pods'),
      nonResourceAttributes: { path: '/', verb: 'get' },
    },
  }),
  post('may I', `${authorization}/selfsubjectaccessreviews`, { spec: { resourceAttributes: inside('get', 'pods') } }),
  post(
    'may I as jane',
    `${authorization}/selfsubjectaccessreviews`,
    { spec: { resourceAttributes: inside('delete', 'pods') } },
    jane,
  ),
  {
    ...post('what may jane', `${authorization}/selfsubjectrulesreviews`, { spec: { namespace } }, jane),
    anyOrder: true,
  },
  post('what, without a namespace', `${authorization}/selfsubjectrulesreviews`, { spec: {} }),
  post('here', `${authorization}/namespaces/${namespace}/localsubjectaccessreviews`, {
    metadata: { namespace },
    spec: { user: 'jane', resourceAttributes: inside('get', 'pods') },
  }),
  post('here about elsewhere', `${authorization}/namespaces/${namespace}/localsubjectaccessreviews`, {
    metadata: { namespace },
    spec: { user: 'jane', resourceAttributes: { namespace: 'default', verb: 'get', resource: 'pods' } },
  }),
  post(
    'who am I',
    '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    {},
    { 'impersonate-user': 'jane', 'impersonate-group': 'a' },
  ),
  post('a token that is none', '/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token: 'nonsense' } }),
  post('no token', '/apis/authentication.k8s.io/v1/tokenreviews', { spec: {} }),
  { name: 'reviews are not listed', path: `${authorization}/subjectaccessreviews` },
  { name: 'jane lists pods', path: `/api/v1/namespaces/${namespace}/pods`, headers: jane },
  { name: 'jane lists all pods', path: '/api/v1/pods', headers: jane },
  { name: 'jane lists secrets', path: `/api/v1/namespaces/${namespace}/secrets`, headers: jane },
  { name: 'jane reads a secret', path: `/api/v1/namespaces/${namespace}/secrets/s`, headers: jane },
  { name: 'jane watches pods', path: `/api/v1/namespaces/${namespace}/pods?watch=1`, headers: jane },
  {
    name: 'jane patches',
    method: 'PATCH',
    path: `/api/v1/namespaces/${namespace}/pods/x`,
    headers: { ...jane, 'content-type': 'application/merge-patch+json' },
    body: {},
  },
  { name: 'jane deletes all', method: 'DELETE', path: `/api/v1/namespaces/${namespace}/pods`, headers: jane },
  {
    name: 'jane reads a custom group',
    path: `/apis/nothing.example.com/v1/namespaces/${namespace}/things`,
    headers: jane,
  },
  { name: 'jane asks for metrics', path: '/metrics', headers: jane },
  { name: 'jane asks for the version', path: '/version', headers: jane, ignoresBody: true },
  { name: 'a group without a user', path: '/api', headers: { 'impersonate-group': 'a' } },
  post('jane makes a role', `${rbac}/namespaces/${namespace}/roles`, { metadata: { name: 'mine' }, rules: [] }, jane),
  post('roles for jane', `${rbac}/namespaces/${namespace}/rolebindings`, {
    metadata: { name: 'admins' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'joe' }],
  }),
  {
    name: 'joe has them',
    path: `/api/v1/namespaces/${namespace}/secrets`,
    headers: { 'impersonate-user': 'joe' },
    until: 200,
  },
  post(
    'joe makes a role he holds',
    `${rbac}/namespaces/${namespace}/roles`,
    { metadata: { name: 'held' }, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
    { 'impersonate-user': 'joe' },
  ),
  post(
    'joe makes a role beyond his',
    `${rbac}/namespaces/${namespace}/roles`,
    {
      metadata: { name: 'beyond' },
      rules: [{ apiGroups: ['example.com'], resources: ['things'], verbs: ['get', 'list'] }],
    },
    { 'impersonate-user': 'joe' },
  ),
  post(
    'joe binds beyond his',
    `${rbac}/namespaces/${namespace}/rolebindings`,
    {
      metadata: { name: 'beyond' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'User', name: 'joe', apiGroup: 'rbac.authorization.k8s.io' }],
    },
    { 'impersonate-user': 'joe' },
  ),
  { name: 'the default roles', path: `${rbac}/clusterroles/cluster-admin` },
  { name: 'an aggregated role', path: `${rbac}/clusterroles/view`, ignoresBody: true },
  { name: 'the namespace goes', method: 'DELETE', path: `/api/v1/namespaces/${namespace}`, ignoresBody: true },
  { name: 'it is gone', path: `/api/v1/namespaces/${namespace}`, until: 404 },
];
