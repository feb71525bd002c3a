/** PodDisruptionBudget and Eviction: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const policyTypes = `
PodDisruptionBudgetSpec
minAvailable 1 intorstring? # How many must stay.
selector 2 meta.LabelSelector? patch=replace # Which pods.
maxUnavailable 3 intorstring? # How many may be gone.
unhealthyPodEvictionPolicy 4 string:UnhealthyPodEvictionPolicyType? enum=AlwaysAllow|IfHealthyBudget

PodDisruptionBudgetStatus
observedGeneration 1 int64
disruptedPods 2 {time}
disruptionsAllowed 3 int32 * +
currentHealthy 4 int32 * +
desiredHealthy 5 int32 * +
expectedPods 6 int32 * +
conditions 7 [meta.Condition] map=type patch=merge:type

PodDisruptionBudget # How many pods of a set must stay when pods are evicted.
metadata 1 meta.ObjectMeta
spec 2 PodDisruptionBudgetSpec
status 3 PodDisruptionBudgetStatus

Eviction
metadata 1 meta.ObjectMeta
deleteOptions 2 meta.DeleteOptions?
`;
