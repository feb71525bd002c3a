/** Deployment and ReplicaSet: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const appsTypes = `
RollingUpdateDeployment
maxUnavailable 1 intorstring?
maxSurge 2 intorstring?

DeploymentStrategy
type 1 string:DeploymentStrategyType enum=Recreate|RollingUpdate
rollingUpdate 2 RollingUpdateDeployment?

DeploymentSpec
replicas 1 int32?
selector 2 meta.LabelSelector? * +
template 3 core.PodTemplateSpec * +
strategy 4 DeploymentStrategy patch=retainKeys
minReadySeconds 5 int32
revisionHistoryLimit 6 int32?
paused 7 bool
progressDeadlineSeconds 9 int32?

DeploymentCondition
type 1 string:DeploymentConditionType * +
status 2 string:ConditionStatus * +
lastUpdateTime 6 time
lastTransitionTime 7 time
reason 4 string
message 5 string

DeploymentStatus
observedGeneration 1 int64
replicas 2 int32
updatedReplicas 3 int32
readyReplicas 7 int32
availableReplicas 4 int32
unavailableReplicas 5 int32
terminatingReplicas 9 int32?
conditions 6 [DeploymentCondition] map=type patch=merge:type
collisionCount 8 int32?

Deployment
metadata 1 meta.ObjectMeta
spec 2 DeploymentSpec
status 3 DeploymentStatus

ReplicaSetSpec
replicas 1 int32?
minReadySeconds 4 int32
selector 2 meta.LabelSelector? * +
template 3 core.PodTemplateSpec

ReplicaSetCondition
type 1 string:ReplicaSetConditionType * +
status 2 string:ConditionStatus * +
lastTransitionTime 3 time
reason 4 string
message 5 string

ReplicaSetStatus
replicas 1 int32 * +
fullyLabeledReplicas 2 int32
readyReplicas 4 int32
availableReplicas 5 int32
terminatingReplicas 7 int32?
observedGeneration 3 int64
conditions 6 [ReplicaSetCondition] map=type patch=merge:type

ReplicaSet
metadata 1 meta.ObjectMeta
spec 2 ReplicaSetSpec
status 3 ReplicaSetStatus
`;
