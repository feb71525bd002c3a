/** StorageClass: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const storageTypes = `
StorageClass # A kind of storage that claims may ask for.
metadata 1 meta.ObjectMeta
provisioner 2 string * + # Who makes the volumes.
parameters 3 {string}
reclaimPolicy 4 string:PersistentVolumeReclaimPolicy? enum=Delete|Recycle|Retain
mountOptions 5 [string] atomic
allowVolumeExpansion 6 bool?
volumeBindingMode 7 string:VolumeBindingMode? enum=Immediate|WaitForFirstConsumer
allowedTopologies 8 [core.TopologySelectorTerm] atomic
`;
