/** Volumes of a pod: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const volumesTypes = `
HostPathVolumeSource
path 1 string * +
type 2 string:HostPathType? enum=|BlockDevice|CharDevice|Directory|DirectoryOrCreate|File|FileOrCreate|Socket

EmptyDirVolumeSource
medium 1 string:StorageMedium
sizeLimit 2 quantity?

GCEPersistentDiskVolumeSource
pdName 1 string * +
fsType 2 string
partition 3 int32
readOnly 4 bool

AWSElasticBlockStoreVolumeSource
volumeID 1 string * +
fsType 2 string
partition 3 int32
readOnly 4 bool

GitRepoVolumeSource
repository 1 string * +
revision 2 string
directory 3 string

KeyToPath
key 1 string * +
path 2 string * +
mode 3 int32?

SecretVolumeSource
secretName 1 string
items 2 [KeyToPath] atomic
defaultMode 3 int32?
optional 4 bool?

NFSVolumeSource
server 1 string * +
path 2 string * +
readOnly 3 bool

LocalObjectReference atomic
name 1 string default=

ISCSIVolumeSource
targetPortal 1 string * +
iqn 2 string * +
lun 3 int32 * +
iscsiInterface 4 string default=default
fsType 5 string
readOnly 6 bool
portals 7 [string] atomic
chapAuthDiscovery 8 bool
chapAuthSession 11 bool
secretRef 10 LocalObjectReference?
initiatorName 12 string?

GlusterfsVolumeSource
endpoints 1 string * +
path 2 string * +
readOnly 3 bool

PersistentVolumeClaimVolumeSource
claimName 1 string * +
readOnly 2 bool

RBDVolumeSource
monitors 1 [string] * + atomic
image 2 string * +
fsType 3 string
pool 4 string default=rbd
user 5 string default=admin
keyring 6 string default=/etc/ceph/keyring
secretRef 7 LocalObjectReference?
readOnly 8 bool

FlexVolumeSource
driver 1 string * +
fsType 2 string
secretRef 3 LocalObjectReference?
readOnly 4 bool
options 5 {string}

CinderVolumeSource
volumeID 1 string * +
fsType 2 string
readOnly 3 bool
secretRef 4 LocalObjectReference?

CephFSVolumeSource
monitors 1 [string] * + atomic
path 2 string
user 3 string
secretFile 4 string
secretRef 5 LocalObjectReference?
readOnly 6 bool

FlockerVolumeSource
datasetName 1 string
datasetUUID 2 string

ObjectFieldSelector atomic
apiVersion 1 string
fieldPath 2 string * +

ResourceFieldSelector atomic
containerName 1 string
resource 2 string * +
divisor 3 quantity

DownwardAPIVolumeFile
path 1 string * +
fieldRef 2 ObjectFieldSelector?
resourceFieldRef 3 ResourceFieldSelector?
mode 4 int32?

DownwardAPIVolumeSource
items 1 [DownwardAPIVolumeFile] atomic
defaultMode 2 int32?

FCVolumeSource
targetWWNs 1 [string] atomic
lun 2 int32?
fsType 3 string
readOnly 4 bool
wwids 5 [string] atomic

AzureFileVolumeSource
secretName 1 string * +
shareName 2 string * +
readOnly 3 bool

ConfigMapVolumeSource
inline 1 LocalObjectReference
items 2 [KeyToPath] atomic
defaultMode 3 int32?
optional 4 bool?

VsphereVirtualDiskVolumeSource
volumePath 1 string * +
fsType 2 string
storagePolicyName 3 string
storagePolicyID 4 string

QuobyteVolumeSource
registry 1 string * +
volume 2 string * +
readOnly 3 bool
user 4 string
group 5 string
tenant 6 string

AzureDiskVolumeSource
diskName 1 string * +
diskURI 2 string * +
cachingMode 3 string:AzureDataDiskCachingMode? default=ReadWrite enum=None|ReadOnly|ReadWrite
fsType 4 string? default=ext4
readOnly 5 bool?
kind 6 string:AzureDataDiskKind? default=Shared enum=Dedicated|Managed|Shared

PhotonPersistentDiskVolumeSource
pdID 1 string * +
fsType 2 string

SecretProjection
inline 1 LocalObjectReference
items 2 [KeyToPath] atomic
optional 4 bool?

DownwardAPIProjection
items 1 [DownwardAPIVolumeFile] atomic

ConfigMapProjection
inline 1 LocalObjectReference
items 2 [KeyToPath] atomic
optional 4 bool?

ServiceAccountTokenProjection
audience 1 string
expirationSeconds 2 int64?
path 3 string * +

ClusterTrustBundleProjection
name 1 string?
signerName 2 string?
labelSelector 3 meta.LabelSelector?
optional 5 bool?
path 4 string * +

PodCertificateProjection
signerName 1 string *
keyType 2 string *
maxExpirationSeconds 3 int32?
credentialBundlePath 4 string
keyPath 5 string
certificateChainPath 6 string
userAnnotations 7 {string}

VolumeProjection
secret 1 SecretProjection?
downwardAPI 2 DownwardAPIProjection?
configMap 3 ConfigMapProjection?
serviceAccountToken 4 ServiceAccountTokenProjection?
clusterTrustBundle 5 ClusterTrustBundleProjection?
podCertificate 6 PodCertificateProjection?

ProjectedVolumeSource
sources 1 [VolumeProjection] + atomic
defaultMode 2 int32?

PortworxVolumeSource
volumeID 1 string * +
fsType 2 string
readOnly 3 bool

ScaleIOVolumeSource
gateway 1 string * +
system 2 string * +
secretRef 3 LocalObjectReference? * +
sslEnabled 4 bool
protectionDomain 5 string
storagePool 6 string
storageMode 7 string default=ThinProvisioned
volumeName 8 string
fsType 9 string default=xfs
readOnly 10 bool

StorageOSVolumeSource
volumeName 1 string
volumeNamespace 2 string
fsType 3 string
readOnly 4 bool
secretRef 5 LocalObjectReference?

CSIVolumeSource
driver 1 string * +
readOnly 2 bool?
fsType 3 string?
volumeAttributes 4 {string}
nodePublishSecretRef 5 LocalObjectReference?

VolumeResourceRequirements
limits 1 {quantity}
requests 2 {quantity}

TypedLocalObjectReference atomic
apiGroup 1 string? +
kind 2 string * +
name 3 string * +

TypedObjectReference
apiGroup 1 string? +
kind 2 string * +
name 3 string * +
namespace 4 string?

PersistentVolumeClaimSpec
accessModes 1 [string:PersistentVolumeAccessMode] atomic # Who may use it at once.
selector 4 meta.LabelSelector?
resources 2 VolumeResourceRequirements # How much storage.
volumeName 3 string # The volume it is bound to.
storageClassName 5 string? # The class of storage.
volumeMode 6 string:PersistentVolumeMode? enum=Block|Filesystem
dataSource 7 TypedLocalObjectReference?
dataSourceRef 8 TypedObjectReference?
volumeAttributesClassName 9 string?

PersistentVolumeClaimTemplate
metadata 1 meta.ObjectMeta
spec 2 PersistentVolumeClaimSpec * +

EphemeralVolumeSource
volumeClaimTemplate 1 PersistentVolumeClaimTemplate?

ImageVolumeSource
reference 1 string
pullPolicy 2 string:PullPolicy enum=Always|IfNotPresent|Never

VolumeSource
hostPath 1 HostPathVolumeSource? # A file or folder of the node.
emptyDir 2 EmptyDirVolumeSource? # A folder that lives as long as the pod.
gcePersistentDisk 3 GCEPersistentDiskVolumeSource?
awsElasticBlockStore 4 AWSElasticBlockStoreVolumeSource?
gitRepo 5 GitRepoVolumeSource?
secret 6 SecretVolumeSource? # A secret's values as files.
nfs 7 NFSVolumeSource?
iscsi 8 ISCSIVolumeSource?
glusterfs 9 GlusterfsVolumeSource?
persistentVolumeClaim 10 PersistentVolumeClaimVolumeSource? # The volume a claim is bound to.
rbd 11 RBDVolumeSource?
flexVolume 12 FlexVolumeSource?
cinder 13 CinderVolumeSource?
cephfs 14 CephFSVolumeSource?
flocker 15 FlockerVolumeSource?
downwardAPI 16 DownwardAPIVolumeSource? # Fields of the pod as files.
fc 17 FCVolumeSource?
azureFile 18 AzureFileVolumeSource?
configMap 19 ConfigMapVolumeSource? # A config map's values as files.
vsphereVolume 20 VsphereVirtualDiskVolumeSource?
quobyte 21 QuobyteVolumeSource?
azureDisk 22 AzureDiskVolumeSource?
photonPersistentDisk 23 PhotonPersistentDiskVolumeSource?
projected 26 ProjectedVolumeSource? # Several sources in one folder.
portworxVolume 24 PortworxVolumeSource?
scaleIO 25 ScaleIOVolumeSource?
storageos 27 StorageOSVolumeSource?
csi 28 CSIVolumeSource?
ephemeral 29 EphemeralVolumeSource?
image 30 ImageVolumeSource?

Volume # A named place for data that containers may mount.
name 1 string * + # The volume's name, unique in the pod.
inline 2 VolumeSource
`;
