/** Volumes of a container: what exists already is named here; the operator creates no storage. */
import { z } from 'zod';
import { rules, stringMap } from './kinds-of-value.ts';

const given = (field: string) => `(has(self.${field}) && self.${field} != '')`;

/** containers[].volumes.NAME. The first of csiDriver, secretName, emptyDir, hostPath, configMapName, claimName decides what it is. */
export const containerVolume = z
  .object({
    path: z
      .string()
      .optional()
      .describe('Where the volume is mounted in the container. Needed with claimName and hostPath.'),
    readOnly: z.boolean().default(false).describe('Mount the volume read-only.'),
    hostPath: z.string().optional().describe('A directory of the node to mount.'),
    configMapName: z.string().optional().describe('A ConfigMap to mount.'),
    items: stringMap()
      .optional()
      .describe('Of a ConfigMap: key to path of the file below the mount. All keys when empty.'),
    claimName: z.string().optional().describe('A PersistentVolumeClaim to mount.'),
    secretName: z.string().optional().describe('A Secret to mount, all its keys.'),
    emptyDir: z
      .boolean()
      .default(false)
      .describe('An empty directory that lives as long as the pod. Mounted at path, or at /dev/shm without one.'),
    emptyDirMedium: z.string().optional().describe('"memory" keeps the empty directory in memory.'),
    emptyDirSizeLimit: z
      .string()
      .regex(/^[0-9]+(\.[0-9]+)?([KMGTPE]i?|[mkun]|[eE][+-]?[0-9]+)?$/)
      .optional()
      .describe('The most the empty directory may hold, as a quantity such as 64Gi.'),
    csiDriver: z.string().optional().describe('An inline volume of this CSI driver.'),
    csiDriverAttributes: stringMap().optional().describe('Attributes for the CSI driver.'),
  })
  .meta(
    rules({
      rule: `!(${given('claimName')} || ${given('hostPath')}) || ${given('path')} || ${given('secretName')} || ${given('configMapName')}`,
      message: 'a volume with claimName or hostPath needs path: say where it is mounted in the container',
      fieldPath: '.path',
    }),
  );

/** spec.volumes.NAME of v1alpha1. */
export const legacyVolume = z.object({
  path: z.string().optional().describe('v1alpha1: path on the host or in the storage.'),
  labels: stringMap().optional().describe('v1alpha1: labels of the persistent volume.'),
  annotations: stringMap().optional().describe('v1alpha1: annotations of the persistent volume.'),
  claimAnnotations: stringMap().optional().describe('v1alpha1: annotations of the claim.'),
  attributes: stringMap().optional().describe('v1alpha1: attributes for the CSI driver.'),
  volumeHandle: z.string().optional().describe('v1alpha1: handle of the volume in the storage.'),
  storageClass: z
    .string()
    .optional()
    .describe(
      'v1alpha1: "hostpath" (the default) mounts path of the node; any other names the storage class of an existing claim NAME-claim.',
    ),
  class: z.string().optional().describe('v1alpha1 before 2023-02: storageClass.'),
  driver: z.string().optional().describe('v1alpha1: CSI driver.'),
  delete: z
    .boolean()
    .optional()
    .describe('v1alpha1: delete the volume with the cluster. Storage is not created any more, so nothing is deleted.'),
  secret: z.string().optional().describe('v1alpha1: Secret of the CSI driver.'),
  secretNamespace: z.string().optional().describe('v1alpha1: namespace of that Secret.'),
  capacity: z.string().optional().describe('v1alpha1: capacity of the volume.'),
});

export type ContainerVolume = z.input<typeof containerVolume>;
export type LegacyVolume = z.input<typeof legacyVolume>;
