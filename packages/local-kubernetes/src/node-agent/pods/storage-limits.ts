// Whether a pod has written more than it may (emptyDir.sizeLimit, limits of ephemeral-storage), and what kubelet says of
// it when it evicts the pod. Pure.

import { parseQuantity, printQuantity, quantityToInteger } from '../../schema/quantity.ts';
import type { Pod } from '../pod-types.ts';

/** Bytes on disk. */
export interface StorageUse {
  /** By the names of emptyDir volumes that are on disk. */
  readonly volumes: ReadonlyMap<string, number>;
  /** By the names of containers: their logs, and what they wrote outside of volumes. */
  readonly containers: ReadonlyMap<string, number>;
}

export function hasStorageLimits({ spec }: Pod): boolean {
  return (
    (spec.volumes ?? []).some(({ emptyDir }) => emptyDir && emptyDir.medium !== 'Memory' && emptyDir.sizeLimit) ||
    spec.containers.some(({ resources }) => resources?.limits?.['ephemeral-storage'] !== undefined)
  );
}

/** @returns the message of the eviction; undefined for a pod that keeps within its limits */
export function storageBreach({ spec }: Pod, { volumes, containers }: StorageUse): string | undefined {
  const isOver = (used: number | undefined, limit: string | bigint): boolean => {
    const most = typeof limit === 'bigint' ? limit : quantityToInteger(parseQuantity(limit));
    return most > 0n && BigInt(used ?? 0) > most;
  };
  for (const { name, emptyDir } of spec.volumes ?? []) {
    const limit = emptyDir?.sizeLimit;
    if (limit && isOver(volumes.get(name), limit))
      return `Usage of EmptyDir volume "${name}" exceeds the limit "${limit}". `;
  }
  const limits = spec.containers.flatMap(({ name, resources }) => {
    const limit = resources?.limits?.['ephemeral-storage'];
    return limit === undefined ? [] : [{ name, limit }];
  });
  if (limits.length === 0) return undefined;
  const all = limits.map(({ limit }) => parseQuantity(limit));
  const total = { format: all[0]!.format, nanos: all.reduce((sum, { nanos }) => sum + nanos, 0n) };
  const used = [...volumes.values(), ...containers.values()].reduce((sum, each) => sum + each, 0);
  if (isOver(used, quantityToInteger(total)))
    return `Pod ephemeral local storage usage exceeds the total limit of containers ${printQuantity(total)}. `;
  const broken = limits.find(({ name, limit }) => isOver(containers.get(name), limit));
  return broken && `Container ${broken.name} exceeded its local ephemeral storage limit "${broken.limit}". `;
}
