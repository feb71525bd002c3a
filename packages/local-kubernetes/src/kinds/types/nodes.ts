/** Node: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const nodesTypes = `
Taint
key 1 string * +
value 2 string
effect 3 string:TaintEffect * + enum=NoExecute|NoSchedule|PreferNoSchedule
timeAdded 4 time?

ConfigMapNodeConfigSource
namespace 1 string * +
name 2 string * +
uid 3 string:UID
resourceVersion 4 string
kubeletConfigKey 5 string * +

NodeConfigSource
configMap 2 ConfigMapNodeConfigSource?

NodeSpec
podCIDR 1 string
podCIDRs 7 [string] set patch=merge
providerID 3 string
unschedulable 4 bool # Take no new pods.
taints 5 [Taint] atomic # Pods that do not tolerate these stay away.
configSource 6 NodeConfigSource?
externalID 2 string

NodeCondition
type 1 string:NodeConditionType * +
status 2 string:ConditionStatus * +
lastHeartbeatTime 3 time
lastTransitionTime 4 time
reason 5 string
message 6 string

NodeAddress
type 1 string:NodeAddressType * +
address 2 string * +

DaemonEndpoint
Port 1 int32 * +

NodeDaemonEndpoints
kubeletEndpoint 1 DaemonEndpoint

NodeSwapStatus
capacity 1 int64?

NodeSystemInfo
machineID 1 string * +
systemUUID 2 string * +
bootID 3 string * +
kernelVersion 4 string * +
osImage 5 string * +
containerRuntimeVersion 6 string * +
kubeletVersion 7 string * +
kubeProxyVersion 8 string * +
operatingSystem 9 string * +
architecture 10 string * +
swap 11 NodeSwapStatus?

ContainerImage
names 1 [string] + atomic
sizeBytes 2 int64

AttachedVolume
name 1 string:UniqueVolumeName * +
devicePath 2 string * +

NodeConfigStatus
assigned 1 NodeConfigSource?
active 2 NodeConfigSource?
lastKnownGood 3 NodeConfigSource?
error 4 string

NodeRuntimeHandlerFeatures
recursiveReadOnlyMounts 1 bool?
userNamespaces 2 bool?

NodeRuntimeHandler
name 1 string +
features 2 NodeRuntimeHandlerFeatures?

NodeFeatures
supplementalGroupsPolicy 1 bool?

NodeStatus
capacity 1 {quantity} # All the node has.
allocatable 2 {quantity} # What of it pods may have.
phase 3 string:NodePhase enum=Pending|Running|Terminated
conditions 4 [NodeCondition] map=type patch=merge:type # What holds of the node now, such as Ready.
addresses 5 [NodeAddress] map=type patch=merge:type # Where the node is reached.
daemonEndpoints 6 NodeDaemonEndpoints
nodeInfo 7 NodeSystemInfo
images 8 [ContainerImage] atomic
volumesInUse 9 [string:UniqueVolumeName] atomic
volumesAttached 10 [AttachedVolume] atomic
config 11 NodeConfigStatus?
runtimeHandlers 12 [NodeRuntimeHandler] atomic
features 13 NodeFeatures?
declaredFeatures 14 [string] atomic

Node # A machine that runs pods.
metadata 1 meta.ObjectMeta
spec 2 NodeSpec # What the node is told to be.
status 3 NodeStatus # What the node reports.
`;
