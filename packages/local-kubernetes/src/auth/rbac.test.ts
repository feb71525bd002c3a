import { describe, expect, it } from 'vitest';
import { allows, covers, type PolicyRule, RbacAuthorizer, type RoleSource } from './rbac.ts';

const reading: PolicyRule = { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods', 'pods/log'] };
const access = (verb: string, resource: string, rest = {}) => ({
  verb,
  group: '',
  resource,
  subresource: '',
  namespace: 'a',
  name: '',
  ...rest,
});

describe('allows', () => {
  it.each([
    ['a verb and a resource it names', reading, access('get', 'pods'), true],
    ['another verb', reading, access('delete', 'pods'), false],
    ['another resource', reading, access('get', 'secrets'), false],
    ['another group', reading, access('get', 'pods', { group: 'x' }), false],
    ['a subresource it names', reading, access('get', 'pods', { subresource: 'log' }), true],
    ['a subresource it does not name', reading, access('get', 'pods', { subresource: 'exec' }), false],
    ['everything', { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, access('x', 'y', { subresource: 'z' }), true],
    ['any status', { ...reading, resources: ['*/status'] }, access('get', 'jobs', { subresource: 'status' }), true],
    ['a name', { ...reading, resourceNames: ['one'] }, access('get', 'pods', { name: 'one' }), true],
    ['another name', { ...reading, resourceNames: ['one'] }, access('get', 'pods', { name: 'two' }), false],
    ['a list where names are given', { ...reading, resourceNames: ['one'] }, access('list', 'pods'), false],
    ['a path', { verbs: ['get'], nonResourceURLs: ['/api/*'] }, { verb: 'get', path: '/api/v1' }, true],
    ['a path beside it', { verbs: ['get'], nonResourceURLs: ['/api/*'] }, { verb: 'get', path: '/apis' }, false],
  ])('%s', (_name, rule, asked, expected) => {
    expect(allows(rule, asked)).toBe(expected);
  });
});

describe('covers', () => {
  it('lets a role hand on no more than is held', () => {
    expect(covers([reading], { ...reading, verbs: ['get'] })).toBe(true);
    expect(covers([reading], { ...reading, verbs: ['get', 'watch'] })).toBe(false);
    expect(covers([reading], { ...reading, resourceNames: ['one'] })).toBe(true);
    expect(covers([{ ...reading, resourceNames: ['one'] }], reading)).toBe(false);
    expect(covers([reading, { ...reading, verbs: ['watch'] }], { ...reading, verbs: ['get', 'watch'] })).toBe(true);
  });
});

describe('RbacAuthorizer', () => {
  const source: RoleSource = {
    clusterRoleBindings: () => [],
    roleBindings: (namespace) => [
      {
        name: 'readers',
        namespace,
        subjects: [{ kind: 'ServiceAccount', name: 'robot' }],
        roleRef: { kind: 'Role', name: 'reader' },
      },
    ],
    rules: (_reference, namespace) => (namespace === 'a' ? [reading] : undefined),
  };
  const rbac = new RbacAuthorizer(source);

  it('grants by the binding of an account, in its namespace alone, and says by which', () => {
    const robot = { username: 'system:serviceaccount:a:robot', groups: [] };
    expect(rbac.authorize(robot, access('get', 'pods'))).toEqual({
      isAllowed: true,
      reason: 'RBAC: allowed by RoleBinding "readers/a" of Role "reader" to ServiceAccount "robot/a"',
    });
    expect(rbac.authorize(robot, access('get', 'pods', { namespace: 'b' })).isAllowed).toBe(false);
    expect(rbac.authorize(robot, access('get', 'pods', { namespace: '' })).isAllowed).toBe(false);
  });

  it('grants everything to masters', () => {
    expect(rbac.authorize({ username: 'x', groups: ['system:masters'] }, access('x', 'y')).isAllowed).toBe(true);
  });
});
