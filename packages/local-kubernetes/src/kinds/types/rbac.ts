/** Roles and bindings: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const rbacTypes = `
PolicyRule
verbs 1 [string] * + atomic # What may be done, such as get and list; * for all.
apiGroups 2 [string] atomic # Groups of the resources; the empty text is the core group.
resources 3 [string] atomic # The resources.
resourceNames 4 [string] atomic # Only objects of these names.
nonResourceURLs 5 [string] atomic

Role # What may be done in one namespace.
metadata 1 meta.ObjectMeta
rules 2 [PolicyRule] + atomic # Verbs on resources that are allowed.

Subject atomic
kind 1 string * +
apiGroup 2 string
name 3 string * +
namespace 4 string

RoleRef atomic
apiGroup 1 string * +
kind 2 string * +
name 3 string * +

RoleBinding # Gives a role to users, groups or service accounts of a namespace.
metadata 1 meta.ObjectMeta
subjects 2 [Subject] atomic # Who gets it.
roleRef 3 RoleRef * + # The role; it cannot be changed.

AggregationRule
clusterRoleSelectors 1 [meta.LabelSelector] atomic

ClusterRole # What may be done in the whole cluster.
metadata 1 meta.ObjectMeta
rules 2 [PolicyRule] + atomic # Verbs on resources that are allowed.
aggregationRule 3 AggregationRule?

ClusterRoleBinding # Gives a cluster role to users, groups or service accounts.
metadata 1 meta.ObjectMeta
subjects 2 [Subject] atomic # Who gets it.
roleRef 3 RoleRef * + # The role; it cannot be changed.
`;
