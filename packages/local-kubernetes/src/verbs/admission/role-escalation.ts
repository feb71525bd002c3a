// Nobody hands on rights they do not hold: roles may be written, and bound, by those who have what the role grants, or
// the verbs `escalate` and `bind`. Facts: k8s.io/kubernetes pkg/registry/rbac.

import { covers, type PolicyRule, type RbacAuthorizer, type RoleReference } from '../../auth/rbac.ts';
import { StoredRoles } from '../../auth/stored-roles.ts';
import { type AdmissionRequest, type ApiContext, resourceOf } from '../request.ts';
import { forbidden, notFound } from '../status-errors.ts';
import type { AdmissionStep } from './admission-chain.ts';

const group = 'rbac.authorization.k8s.io';

export function roleEscalation(rbac: RbacAuthorizer): AdmissionStep {
  return {
    validate(context, request) {
      const { operation, target, object } = request;
      if (operation === 'DELETE' || target.kind.group !== group || !object) return;
      if (target.kind.kind === 'Role' || target.kind.kind === 'ClusterRole') {
        demand(rbac, request, 'escalate', (object['rules'] ?? []) as PolicyRule[]);
      } else {
        const reference = object['roleRef'] as RoleReference;
        demandBinding(context, rbac, request, reference);
      }
    },
  };
}

function demandBinding(
  context: ApiContext,
  rbac: RbacAuthorizer,
  request: AdmissionRequest,
  role: RoleReference,
): void {
  const { user } = request.caller;
  if (user.groups.includes('system:masters')) return;
  const { namespace } = request.target;
  const resource = role.kind === 'ClusterRole' ? 'clusterroles' : 'roles';
  const access = { verb: 'bind', group, resource, subresource: '', namespace, name: role.name };
  if (rbac.authorize(user, access).isAllowed) return;
  const rules = new StoredRoles(context.store).rules(role, namespace);
  if (!rules) throw notFound({ group, resource }, role.name);
  demand(rbac, request, 'bind', rules);
}

function demand(rbac: RbacAuthorizer, request: AdmissionRequest, verb: string, rules: readonly PolicyRule[]): void {
  const { target, caller } = request;
  const { user } = caller;
  if (user.groups.includes('system:masters')) return;
  if (verb === 'escalate') {
    const access = {
      verb,
      group,
      resource: target.kind.plural,
      subresource: '',
      namespace: target.namespace,
      name: target.name,
    };
    if (rbac.authorize(user, access).isAllowed) return;
  }
  const held = rbac.rulesOf(user, target.namespace);
  const missing = rules.filter((rule) => !covers(held, rule));
  if (missing.length === 0) return;
  const groups = user.groups.map((name) => `"${name}"`).join(' ');
  throw forbidden(
    resourceOf(target),
    target.name,
    `user "${user.username}" (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${missing.map(ruleText).join('\n')}`,
  );
}

function ruleText(rule: PolicyRule): string {
  const parts: string[] = [];
  const list = (name: string, values: readonly string[] | undefined): void => {
    if (values?.length) parts.push(`${name}:[${values.map((value) => `"${value}"`).join(' ')}]`);
  };
  list('APIGroups', rule.apiGroups);
  list('NonResourceURLs', rule.nonResourceURLs);
  list('Resources', rule.resources);
  list('ResourceNames', rule.resourceNames);
  list('Verbs', rule.verbs);
  return `{${parts.join(', ')}}`;
}
