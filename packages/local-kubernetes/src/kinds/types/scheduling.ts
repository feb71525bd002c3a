/** PriorityClass: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const schedulingTypes = `
PriorityClass
metadata 1 meta.ObjectMeta
value 2 int32 * +
globalDefault 3 bool
description 4 string
preemptionPolicy 5 string:PreemptionPolicy? enum=Never|PreemptLowerPriority
`;
