/** Persistent volumes and claims: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const persistentVolumesTypes = `
PersistentVolumeClaimCondition
type 1 string:PersistentVolumeClaimConditionType * +
status 2 string:ConditionStatus * +
lastProbeTime 3 time
lastTransitionTime 4 time
reason 5 string
message 6 string

ModifyVolumeStatus
targetVolumeAttributesClassName 1 string
status 2 string:PersistentVolumeClaimModifyVolumeStatus * + enum=InProgress|Infeasible|Pending

PersistentVolumeClaimStatus
phase 1 string:PersistentVolumeClaimPhase enum=Bound|Lost|Pending
accessModes 2 [string:PersistentVolumeAccessMode] atomic
capacity 3 {quantity}
conditions 4 [PersistentVolumeClaimCondition] map=type patch=merge:type
allocatedResources 5 {quantity}
allocatedResourceStatuses 7 {string:ClaimResourceStatus} granular
currentVolumeAttributesClassName 8 string?
modifyVolumeStatus 9 ModifyVolumeStatus?

PersistentVolumeClaim # A wish for storage.
metadata 1 meta.ObjectMeta
spec 2 PersistentVolumeClaimSpec # How much, and how it is to be used.
status 3 PersistentVolumeClaimStatus

GlusterfsPersistentVolumeSource
endpoints 1 string * +
path 2 string * +
readOnly 3 bool
endpointsNamespace 4 string?

SecretReference atomic
name 1 string
namespace 2 string

RBDPersistentVolumeSource
monitors 1 [string] * + atomic
image 2 string * +
fsType 3 string
pool 4 string default=rbd
user 5 string default=admin
keyring 6 string default=/etc/ceph/keyring
secretRef 7 SecretReference?
readOnly 8 bool

ISCSIPersistentVolumeSource
targetPortal 1 string * +
iqn 2 string * +
lun 3 int32 * +
iscsiInterface 4 string default=default
fsType 5 string
readOnly 6 bool
portals 7 [string] atomic
chapAuthDiscovery 8 bool
chapAuthSession 11 bool
secretRef 10 SecretReference?
initiatorName 12 string?

CinderPersistentVolumeSource
volumeID 1 string * +
fsType 2 string
readOnly 3 bool
secretRef 4 SecretReference?

CephFSPersistentVolumeSource
monitors 1 [string] * + atomic
path 2 string
user 3 string
secretFile 4 string
secretRef 5 SecretReference?
readOnly 6 bool

FlexPersistentVolumeSource
driver 1 string * +
fsType 2 string
secretRef 3 SecretReference?
readOnly 4 bool
options 5 {string}

AzureFilePersistentVolumeSource
secretName 1 string * +
shareName 2 string * +
readOnly 3 bool
secretNamespace 4 string? +

ScaleIOPersistentVolumeSource
gateway 1 string * +
system 2 string * +
secretRef 3 SecretReference? * +
sslEnabled 4 bool
protectionDomain 5 string
storagePool 6 string
storageMode 7 string default=ThinProvisioned
volumeName 8 string
fsType 9 string default=xfs
readOnly 10 bool

LocalVolumeSource
path 1 string * +
fsType 2 string?

StorageOSPersistentVolumeSource
volumeName 1 string
volumeNamespace 2 string
fsType 3 string
readOnly 4 bool
secretRef 5 ObjectReference?

CSIPersistentVolumeSource
driver 1 string * +
volumeHandle 2 string * +
readOnly 3 bool
fsType 4 string
volumeAttributes 5 {string}
controllerPublishSecretRef 6 SecretReference?
nodeStageSecretRef 7 SecretReference?
nodePublishSecretRef 8 SecretReference?
controllerExpandSecretRef 9 SecretReference?
nodeExpandSecretRef 10 SecretReference?

PersistentVolumeSource
gcePersistentDisk 1 GCEPersistentDiskVolumeSource?
awsElasticBlockStore 2 AWSElasticBlockStoreVolumeSource?
hostPath 3 HostPathVolumeSource?
glusterfs 4 GlusterfsPersistentVolumeSource?
nfs 5 NFSVolumeSource?
rbd 6 RBDPersistentVolumeSource?
iscsi 7 ISCSIPersistentVolumeSource?
cinder 8 CinderPersistentVolumeSource?
cephfs 9 CephFSPersistentVolumeSource?
fc 10 FCVolumeSource?
flocker 11 FlockerVolumeSource?
flexVolume 12 FlexPersistentVolumeSource?
azureFile 13 AzureFilePersistentVolumeSource?
vsphereVolume 14 VsphereVirtualDiskVolumeSource?
quobyte 15 QuobyteVolumeSource?
azureDisk 16 AzureDiskVolumeSource?
photonPersistentDisk 17 PhotonPersistentDiskVolumeSource?
portworxVolume 18 PortworxVolumeSource?
scaleIO 19 ScaleIOPersistentVolumeSource?
local 20 LocalVolumeSource?
storageos 21 StorageOSPersistentVolumeSource?
csi 22 CSIPersistentVolumeSource?

VolumeNodeAffinity
required 1 NodeSelector?

PersistentVolumeSpec
capacity 1 {quantity}
inline 2 PersistentVolumeSource
accessModes 3 [string:PersistentVolumeAccessMode] atomic
claimRef 4 ObjectReference? granular
persistentVolumeReclaimPolicy 5 string:PersistentVolumeReclaimPolicy enum=Delete|Recycle|Retain
storageClassName 6 string
mountOptions 7 [string] atomic
volumeMode 8 string:PersistentVolumeMode? enum=Block|Filesystem
nodeAffinity 9 VolumeNodeAffinity?
volumeAttributesClassName 10 string?

PersistentVolumeStatus
phase 1 string:PersistentVolumePhase enum=Available|Bound|Failed|Pending|Released
message 2 string
reason 3 string
lastPhaseTransitionTime 4 time?

PersistentVolume # A piece of storage.
metadata 1 meta.ObjectMeta
spec 2 PersistentVolumeSpec
status 3 PersistentVolumeStatus

TopologySelectorLabelRequirement
key 1 string * +
values 2 [string] * + atomic

TopologySelectorTerm atomic
matchLabelExpressions 1 [TopologySelectorLabelRequirement] atomic
`;
