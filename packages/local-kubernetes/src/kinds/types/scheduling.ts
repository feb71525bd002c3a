/** PriorityClass: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const schedulingTypes = `
PriorityClass # How important pods of this class are.
metadata 1 meta.ObjectMeta
value 2 int32 * + # The priority; higher goes first.
globalDefault 3 bool
description 4 string
preemptionPolicy 5 string:PreemptionPolicy? enum=Never|PreemptLowerPriority
`;
