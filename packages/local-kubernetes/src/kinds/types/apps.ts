/**
 * The kinds that keep replicas: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference.
 * A claim within a StatefulSet is a whole object, whose kind and apiVersion have no place in protobuf.
 */
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

RollingUpdateDaemonSet
maxUnavailable 1 intorstring?
maxSurge 2 intorstring?

DaemonSetUpdateStrategy
type 1 string:DaemonSetUpdateStrategyType enum=OnDelete|RollingUpdate
rollingUpdate 2 RollingUpdateDaemonSet?

DaemonSetSpec
selector 1 meta.LabelSelector? * +
template 2 core.PodTemplateSpec * +
updateStrategy 3 DaemonSetUpdateStrategy
minReadySeconds 4 int32
revisionHistoryLimit 6 int32?

DaemonSetCondition
type 1 string:DaemonSetConditionType * +
status 2 string:ConditionStatus * +
lastTransitionTime 3 time
reason 4 string
message 5 string

DaemonSetStatus
currentNumberScheduled 1 int32 * +
numberMisscheduled 2 int32 * +
desiredNumberScheduled 3 int32 * +
numberReady 4 int32 * +
observedGeneration 5 int64
updatedNumberScheduled 6 int32
numberAvailable 7 int32
numberUnavailable 8 int32
collisionCount 9 int32?
conditions 10 [DaemonSetCondition] map=type patch=merge:type

DaemonSet # A pod on every node that fits.
metadata 1 meta.ObjectMeta
spec 2 DaemonSetSpec
status 3 DaemonSetStatus

RollingUpdateStatefulSetStrategy
partition 1 int32?
maxUnavailable 2 intorstring?

StatefulSetUpdateStrategy
type 1 string:StatefulSetUpdateStrategyType enum=OnDelete|RollingUpdate
rollingUpdate 2 RollingUpdateStatefulSetStrategy?

StatefulSetPersistentVolumeClaimRetentionPolicy
whenDeleted 1 string:PersistentVolumeClaimRetentionPolicyType
whenScaled 2 string:PersistentVolumeClaimRetentionPolicyType

PersistentVolumeClaim
kind 0 string
apiVersion 0 string
metadata 1 meta.ObjectMeta
spec 2 core.PersistentVolumeClaimSpec
status 3 core.PersistentVolumeClaimStatus

StatefulSetOrdinals
start 1 int32 +

StatefulSetSpec
replicas 1 int32?
selector 2 meta.LabelSelector? * +
template 3 core.PodTemplateSpec * +
volumeClaimTemplates 4 [PersistentVolumeClaim] atomic
serviceName 5 string +
podManagementPolicy 6 string:PodManagementPolicyType enum=OrderedReady|Parallel
updateStrategy 7 StatefulSetUpdateStrategy
revisionHistoryLimit 8 int32?
minReadySeconds 9 int32
persistentVolumeClaimRetentionPolicy 10 StatefulSetPersistentVolumeClaimRetentionPolicy?
ordinals 11 StatefulSetOrdinals?

StatefulSetCondition
type 1 string:StatefulSetConditionType * +
status 2 string:ConditionStatus * +
lastTransitionTime 3 time
reason 4 string
message 5 string

StatefulSetStatus
observedGeneration 1 int64
replicas 2 int32 * +
readyReplicas 3 int32
currentReplicas 4 int32
updatedReplicas 5 int32
currentRevision 6 string
updateRevision 7 string
collisionCount 9 int32?
conditions 10 [StatefulSetCondition] map=type patch=merge:type
availableReplicas 11 int32 +

StatefulSet # Pods with names and claims that stay.
metadata 1 meta.ObjectMeta
spec 2 StatefulSetSpec
status 3 StatefulSetStatus
`;
