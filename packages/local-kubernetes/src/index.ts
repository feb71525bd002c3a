// What users of local-kubernetes import.

export type { KubernetesList, KubernetesObject, ObjectMeta, OwnerReference } from './client/kubernetes-object.ts';
export { type Status, type StatusCause, StatusError } from './client/status-error.ts';
export { FolderInUseError, type FolderLock, folderHolder, takeFolder } from './facade/folder-lock.ts';
export { readImageTable } from './facade/read-image-table.ts';
export { removeLocalKubernetesState } from './facade/remove-state.ts';
export {
  type LocalKubernetes,
  type LocalKubernetesOptions,
  type LocalNode,
  startLocalKubernetes,
} from './facade/start-local-kubernetes.ts';
export { type Finding, probeCapabilities } from './node-agent/host/probe-capabilities.ts';
export type { ImageMapping } from './node-agent/roots/image-table.ts';
