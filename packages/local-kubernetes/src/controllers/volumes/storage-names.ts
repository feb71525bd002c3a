// Names that the volume controller, the API server's admission and the first objects share.

/** Who makes a folder of this machine for a claim. */
export const localProvisioner = 'local-kubernetes.io/folder';
export const localStorageClass = 'standard';
export const defaultClassAnnotation = 'storageclass.kubernetes.io/is-default-class';
/** Holds a claim while a pod uses it, and a volume while a claim has it. */
export const claimProtection = 'kubernetes.io/pvc-protection';
export const volumeProtection = 'kubernetes.io/pv-protection';
