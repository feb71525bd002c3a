// Role-based access control, evaluated as k8s.io/kubernetes' RBAC authorizer does: the union of what the roles of all
// bindings of the user and its groups grant; nothing is ever denied by a rule.

import type { UserInfo } from './user.ts';

export interface PolicyRule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface RoleReference {
  readonly kind: string;
  readonly name: string;
}

export interface RoleBinding {
  readonly name: string;
  /** Empty for a ClusterRoleBinding. */
  readonly namespace: string;
  readonly subjects: readonly Subject[];
  readonly roleRef: RoleReference;
}

/** Where roles and bindings come from. */
export interface RoleSource {
  clusterRoleBindings(): Iterable<RoleBinding>;
  roleBindings(namespace: string): Iterable<RoleBinding>;
  /** The rules of a Role in `namespace` or of a ClusterRole; undefined when there is no such role. */
  rules(reference: RoleReference, namespace: string): readonly PolicyRule[] | undefined;
}

export interface ResourceAccess {
  readonly verb: string;
  readonly group: string;
  readonly version?: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

export interface PathAccess {
  readonly verb: string;
  readonly path: string;
}

export type Access = ResourceAccess | PathAccess;

export interface Decision {
  readonly isAllowed: boolean;
  readonly reason: string;
}

const superusers = 'system:masters';

export class RbacAuthorizer {
  readonly #source: RoleSource;

  constructor(source: RoleSource) {
    this.#source = source;
  }

  authorize(user: UserInfo, access: Access): Decision {
    if (user.groups.includes(superusers)) return { isAllowed: true, reason: '' };
    const namespace = 'path' in access ? '' : access.namespace;
    for (const { binding, subject, rules } of this.#grants(user, namespace)) {
      if (rules.some((rule) => allows(rule, access))) {
        return { isAllowed: true, reason: grantReason(binding, subject) };
      }
    }
    return { isAllowed: false, reason: '' };
  }

  /** Every rule that holds for a user in a namespace (and cluster-wide), for SelfSubjectRulesReview. */
  rulesOf(user: UserInfo, namespace: string): PolicyRule[] {
    return [...this.#grants(user, namespace)].flatMap(({ rules }) => rules);
  }

  *#grants(user: UserInfo, namespace: string) {
    for (const binding of this.#source.clusterRoleBindings()) {
      const subject = binding.subjects.find((each) => isSubject(each, user, ''));
      const rules = subject && this.#source.rules(binding.roleRef, '');
      if (subject && rules) yield { binding, subject, rules };
    }
    if (!namespace) return;
    for (const binding of this.#source.roleBindings(namespace)) {
      const subject = binding.subjects.find((each) => isSubject(each, user, namespace));
      const rules = subject && this.#source.rules(binding.roleRef, namespace);
      if (subject && rules) yield { binding, subject, rules };
    }
  }
}

/** Whether `rule` grants `access`. */
export function allows(rule: PolicyRule, access: Access): boolean {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  if (!verbs.includes('*') && !verbs.includes(access.verb)) return false;
  if ('path' in access) {
    return nonResourceURLs.some(
      (url) => url === '*' || url === access.path || (url.endsWith('*') && access.path.startsWith(url.slice(0, -1))),
    );
  }
  if (!apiGroups.includes('*') && !apiGroups.includes(access.group)) return false;
  const combined = access.subresource ? `${access.resource}/${access.subresource}` : access.resource;
  const hasResource = resources.some(
    (each) => each === '*' || each === combined || (access.subresource !== '' && each === `*/${access.subresource}`),
  );
  return hasResource && (resourceNames.length === 0 || resourceNames.includes(access.name));
}

/** Whether rules the user holds cover `wanted` wholly: what a role may hand on. */
export function covers(held: readonly PolicyRule[], wanted: PolicyRule): boolean {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = wanted;
  for (const verb of verbs) {
    for (const path of nonResourceURLs) {
      const isHeld = held.some(
        (rule) =>
          includesOrAll(rule.verbs, verb) &&
          (rule.nonResourceURLs ?? []).some(
            (url) => url === path || url === '*' || (url.endsWith('*') && path.startsWith(url.slice(0, -1))),
          ),
      );
      if (!isHeld) return false;
    }
    for (const group of apiGroups) {
      for (const resource of resources) {
        const names = resourceNames.length > 0 ? resourceNames : [''];
        for (const name of names) {
          if (!held.some((rule) => coversOne(rule, verb, group, resource, name))) return false;
        }
      }
    }
  }
  return true;
}

function coversOne(rule: PolicyRule, verb: string, group: string, resource: string, name: string): boolean {
  const { resources = [], resourceNames = [] } = rule;
  if (!includesOrAll(rule.verbs, verb) || !includesOrAll(rule.apiGroups, group)) return false;
  const subresource = resource.includes('/') ? resource.slice(resource.indexOf('/')) : '';
  const hasResource =
    resources.includes('*') ||
    resources.includes(resource) ||
    (subresource !== '' && resources.includes(`*${subresource}`));
  return hasResource && (resourceNames.length === 0 || (name !== '' && resourceNames.includes(name)));
}

function includesOrAll(list: readonly string[] | undefined, value: string): boolean {
  return list !== undefined && (list.includes('*') || list.includes(value));
}

function isSubject(subject: Subject, user: UserInfo, bindingNamespace: string): boolean {
  switch (subject.kind) {
    case 'User':
      return subject.name === user.username;
    case 'Group':
      return user.groups.includes(subject.name);
    case 'ServiceAccount':
      return user.username === `system:serviceaccount:${subject.namespace ?? bindingNamespace}:${subject.name}`;
    default:
      return false;
  }
}

function grantReason(binding: RoleBinding, subject: Subject): string {
  const { roleRef } = binding;
  const kind = binding.namespace ? 'RoleBinding' : 'ClusterRoleBinding';
  const name = binding.namespace ? `${binding.name}/${binding.namespace}` : binding.name;
  const subjectName =
    subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace ?? binding.namespace}` : subject.name;
  return `RBAC: allowed by ${kind} "${name}" of ${roleRef.kind} "${roleRef.name}" to ${subject.kind} "${subjectName}"`;
}

/** Why a user may not, in the words of a real API server. */
export function denialText(user: UserInfo, access: Access): string {
  if ('path' in access) return `User "${user.username}" cannot ${access.verb} path "${access.path}"`;
  const resource = access.subresource ? `${access.resource}/${access.subresource}` : access.resource;
  const scope = access.namespace ? `in the namespace "${access.namespace}"` : 'at the cluster scope';
  return `User "${user.username}" cannot ${access.verb} resource "${resource}" in API group "${access.group}" ${scope}`;
}
