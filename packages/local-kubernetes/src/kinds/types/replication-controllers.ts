/** ReplicationController: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const replicationControllersTypes = `
ReplicationControllerSpec
replicas 1 int32? default=1
minReadySeconds 4 int32 default=0
selector 2 {string} atomic
template 3 PodTemplateSpec?

ReplicationControllerCondition
type 1 string:ReplicationControllerConditionType * +
status 2 string:ConditionStatus * +
lastTransitionTime 3 time
reason 4 string
message 5 string

ReplicationControllerStatus
replicas 1 int32 * +
fullyLabeledReplicas 2 int32
readyReplicas 4 int32
availableReplicas 5 int32
observedGeneration 3 int64
conditions 6 [ReplicationControllerCondition] map=type patch=merge:type

ReplicationController # So many pods of one template.
metadata 1 meta.ObjectMeta
spec 2 ReplicationControllerSpec
status 3 ReplicationControllerStatus
`;
