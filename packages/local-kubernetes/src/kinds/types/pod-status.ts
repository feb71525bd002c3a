/** Pod and its status: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const podStatusTypes = `
PodCondition
type 1 string:PodConditionType * +
observedGeneration 7 int64
status 2 string:ConditionStatus * +
lastProbeTime 3 time
lastTransitionTime 4 time
reason 5 string
message 6 string

HostIP
ip 1 string * +

PodIP
ip 1 string * +

ContainerStateWaiting
reason 1 string
message 2 string

ContainerStateRunning
startedAt 1 time

ContainerStateTerminated
exitCode 1 int32 * +
signal 2 int32
reason 3 string
message 4 string
startedAt 5 time
finishedAt 6 time
containerID 7 string

ContainerState
waiting 1 ContainerStateWaiting?
running 2 ContainerStateRunning?
terminated 3 ContainerStateTerminated?

VolumeMountStatus
name 1 string * +
mountPath 2 string * +
readOnly 3 bool
recursiveReadOnly 4 string:RecursiveReadOnlyMode?

LinuxContainerUser
uid 1 int64 * +
gid 2 int64 * +
supplementalGroups 3 [int64] atomic

ContainerUser
linux 1 LinuxContainerUser?

ResourceHealth
resourceID 1 string:ResourceID * +
health 2 string:ResourceHealthStatus

ResourceStatus
name 1 string:ResourceName * +
resources 2 [ResourceHealth] map=resourceID

ContainerStatus
name 1 string * +
state 2 ContainerState
lastState 3 ContainerState
ready 4 bool * +
restartCount 5 int32 * +
image 6 string * +
imageID 7 string * +
containerID 8 string
started 9 bool?
allocatedResources 10 {quantity}
resources 11 ResourceRequirements?
volumeMounts 12 [VolumeMountStatus] map=mountPath patch=merge:mountPath
user 13 ContainerUser?
allocatedResourcesStatus 14 [ResourceStatus] map=name patch=merge:name
stopSignal 15 string:Signal?

PodResourceClaimStatus
name 1 string * +
resourceClaimName 2 string?

ContainerExtendedResourceRequest
containerName 1 string * +
resourceName 2 string * +
requestName 3 string * +

PodExtendedResourceClaimStatus
requestMappings 1 [ContainerExtendedResourceRequest] * + atomic
resourceClaimName 2 string * +

PodStatus # What is known of a running pod.
observedGeneration 17 int64
phase 1 string:PodPhase enum=Failed|Pending|Running|Succeeded|Unknown # Pending, Running, Succeeded, Failed or Unknown.
conditions 2 [PodCondition] map=type patch=merge:type # What holds of the pod now, such as Ready.
message 3 string # Why the pod is in its phase, in words.
reason 4 string # Why the pod is in its phase, in one word.
nominatedNodeName 11 string
hostIP 5 string # The node's address.
hostIPs 16 [HostIP] atomic patch=merge:ip
podIP 6 string # The pod's address.
podIPs 12 [PodIP] map=ip patch=merge:ip
startTime 7 time? # When the node took the pod on.
initContainerStatuses 10 [ContainerStatus] atomic # The state of each init container.
containerStatuses 8 [ContainerStatus] atomic # The state of each container.
qosClass 9 string:PodQOSClass enum=BestEffort|Burstable|Guaranteed # Who is killed first when memory runs out.
ephemeralContainerStatuses 13 [ContainerStatus] atomic
resize 14 string:PodResizeStatus
resourceClaimStatuses 15 [PodResourceClaimStatus] map=name patch=merge,retainKeys:name
extendedResourceClaimStatus 18 PodExtendedResourceClaimStatus?
allocatedResources 19 {quantity}
resources 20 ResourceRequirements?

Pod # One or more containers that run together on one node and share its address.
metadata 1 meta.ObjectMeta
spec 2 PodSpec # What is to run, and how.
status 3 PodStatus # What the node last reported.
`;
