import { expect, it } from 'vitest';
import { type PolicyRule, RbacAuthorizer } from '../../auth/rbac.ts';
import type { AdmissionRequest } from '../request.ts';
import { impliedCreation } from './implied-creation.ts';

function ask(verbs: string[], more: Partial<AdmissionRequest>): unknown {
  const rule: PolicyRule = { verbs, apiGroups: [''], resources: ['configmaps'] };
  const rbac = new RbacAuthorizer({
    clusterRoleBindings: () => [],
    roleBindings: (namespace) => [
      { name: 'bob', namespace, subjects: [{ kind: 'User', name: 'bob' }], roleRef: { kind: 'Role', name: 'bob' } },
    ],
    rules: () => [rule],
  });
  const target = { kind: { group: '', plural: 'configmaps' }, name: 'one', namespace: 'a', subresource: '' };
  const caller = { user: { username: 'bob', groups: [] } };
  const request = { operation: 'CREATE', target, caller, ...more } as unknown as AdmissionRequest;
  try {
    return impliedCreation(rbac).validate?.(undefined as never, request);
  } catch (error) {
    return error;
  }
}

it('lets nobody create by an update or an apply who may not create', () => {
  expect(ask(['update', 'patch'], { isImplied: true })).toMatchObject({
    code: 403,
    message:
      'configmaps "one" is forbidden: User "bob" cannot create resource "configmaps" in API group "" in the namespace "a"',
  });
  expect(ask(['update', 'create'], { isImplied: true })).toBeUndefined();
});

it('asks of nothing else: a creation has been asked for already, and a change needs no more', () => {
  expect(ask(['update'], { isImplied: false })).toBeUndefined();
  expect(ask(['update'], { operation: 'UPDATE' })).toBeUndefined();
});
