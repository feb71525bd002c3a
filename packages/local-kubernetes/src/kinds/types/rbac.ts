/** Roles and bindings: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const rbacTypes = `
PolicyRule
verbs 1 [string] * + atomic
apiGroups 2 [string] atomic
resources 3 [string] atomic
resourceNames 4 [string] atomic
nonResourceURLs 5 [string] atomic

Role
metadata 1 meta.ObjectMeta
rules 2 [PolicyRule] + atomic

Subject atomic
kind 1 string * +
apiGroup 2 string
name 3 string * +
namespace 4 string

RoleRef atomic
apiGroup 1 string * +
kind 2 string * +
name 3 string * +

RoleBinding
metadata 1 meta.ObjectMeta
subjects 2 [Subject] atomic
roleRef 3 RoleRef * +

AggregationRule
clusterRoleSelectors 1 [meta.LabelSelector] atomic

ClusterRole
metadata 1 meta.ObjectMeta
rules 2 [PolicyRule] + atomic
aggregationRule 3 AggregationRule?

ClusterRoleBinding
metadata 1 meta.ObjectMeta
subjects 2 [Subject] atomic
roleRef 3 RoleRef * +
`;
