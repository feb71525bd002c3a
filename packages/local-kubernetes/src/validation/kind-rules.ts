/** What each built-in kind adds to the common path. */
import type { Kind } from '../kinds/kind.ts';
import type { KindRules } from './built-in-strategy.ts';
import { isPathSegment } from './names.ts';

const rules: Record<string, KindRules> = {
  '/Pod': { hasGeneration: true },
  'batch/Job': { hasGeneration: true },
  'rbac.authorization.k8s.io/Role': { nameCheck: isPathSegment },
  'rbac.authorization.k8s.io/RoleBinding': { nameCheck: isPathSegment },
  'rbac.authorization.k8s.io/ClusterRole': { nameCheck: isPathSegment },
  'rbac.authorization.k8s.io/ClusterRoleBinding': { nameCheck: isPathSegment },
};

export function rulesOf({ group, kind }: Kind): KindRules {
  return rules[`${group}/${kind}`] ?? {};
}
