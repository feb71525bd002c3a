// Which volume a claim gets, as a function of the claim and the volumes there are (persistent volumes, core/v1).

import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { matchesLabelSelector } from '../../kinds/object-selectors.ts';
import { parseQuantity } from '../../schema/quantity.ts';

export interface ClaimReference {
  apiVersion?: string;
  kind?: string;
  namespace?: string;
  name?: string;
  uid?: string;
  resourceVersion?: string;
}

export interface Claim extends KubernetesObject {
  spec: {
    accessModes?: string[];
    resources?: { requests?: { storage?: string } };
    storageClassName?: string;
    volumeName?: string;
    volumeMode?: string;
    selector?: object;
  };
  status?: { phase?: 'Pending' | 'Bound' | 'Lost'; accessModes?: string[]; capacity?: { storage: string } };
}

export interface Volume extends KubernetesObject {
  spec: {
    accessModes?: string[];
    capacity?: { storage?: string };
    claimRef?: ClaimReference;
    storageClassName?: string;
    volumeMode?: string;
    persistentVolumeReclaimPolicy?: 'Retain' | 'Delete' | 'Recycle';
    hostPath?: { path: string };
  };
  status?: { phase?: 'Pending' | 'Available' | 'Bound' | 'Released' | 'Failed' };
}

/** The volume the claim names or is promised, else the smallest that does; undefined when there is none. */
export function matchVolume(claim: Claim, volumes: readonly Volume[]): Volume | undefined {
  const { volumeName } = claim.spec;
  if (volumeName) return volumes.find((volume) => volume.metadata.name === volumeName && mayBind(claim, volume));
  const fitting = volumes.filter((volume) => !volume.metadata.deletionTimestamp && fits(claim, volume));
  const promised = fitting.find(({ spec }) => spec.claimRef !== undefined);
  return promised ?? fitting.sort((a, b) => Number(sizeOf(a) - sizeOf(b)))[0];
}

/** Whether a volume belongs to this very claim already. */
export function isBoundTo({ spec: { claimRef } }: Volume, { metadata }: Claim): boolean {
  return claimRef?.uid !== undefined && claimRef.uid === metadata.uid;
}

function fits(claim: Claim, volume: Volume): boolean {
  const { storageClassName = '', accessModes = [], volumeMode = 'Filesystem', selector, resources } = claim.spec;
  const { spec, metadata } = volume;
  return (
    mayBind(claim, volume) &&
    (spec.storageClassName ?? '') === storageClassName &&
    (spec.volumeMode ?? 'Filesystem') === volumeMode &&
    accessModes.every((mode) => spec.accessModes?.includes(mode)) &&
    sizeOf(volume) >= parseQuantity(resources?.requests?.storage ?? '0').nanos &&
    (!selector || matchesLabelSelector(selector, metadata.labels ?? {}))
  );
}

function mayBind({ metadata }: Claim, { spec: { claimRef } }: Volume): boolean {
  if (!claimRef) return true;
  const isSameName = claimRef.namespace === metadata.namespace && claimRef.name === metadata.name;
  return isSameName && (claimRef.uid === undefined || claimRef.uid === '' || claimRef.uid === metadata.uid);
}

function sizeOf({ spec }: Volume): bigint {
  return parseQuantity(spec.capacity?.storage ?? '0').nanos;
}
