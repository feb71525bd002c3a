/** A volume that cannot be made (yet); kubelet's FailedMount. */
export class VolumeError extends Error {
  override readonly name = 'VolumeError';
}
