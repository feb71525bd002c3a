// The admission steps DefaultStorageClass and StorageObjectInUseProtection: a claim without a class gets the default
// one, and claims and volumes get the finalizer that holds them while they are in use.

import { claimProtection, defaultClassAnnotation, volumeProtection } from '../../controllers/volumes/storage-names.ts';
import { ownMember } from '../../schema/own-member.ts';
import type { AdmissionStep } from './admission-chain.ts';

const finalizers: Readonly<Record<string, string>> = {
  persistentvolumeclaims: claimProtection,
  persistentvolumes: volumeProtection,
};

export const storageDefaults: AdmissionStep = {
  mutate(_context, { operation, target, object, transaction }) {
    const { group, plural } = target.kind;
    const finalizer = group === '' ? ownMember(finalizers, plural) : undefined;
    if (operation !== 'CREATE' || target.subresource || !finalizer || !object) return;
    const present = object.metadata.finalizers ?? [];
    if (!present.includes(finalizer)) object.metadata.finalizers = [...present, finalizer];
    const spec = object['spec'] as { storageClassName?: string } | undefined;
    if (plural !== 'persistentvolumeclaims' || !spec || spec.storageClassName !== undefined) return;
    const standard = transaction
      .range('storageclasses.storage.k8s.io')
      .map(({ object: each }) => each)
      .filter(({ metadata }) => metadata.annotations?.[defaultClassAnnotation] === 'true')
      .sort((a, b) => (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? ''))[0];
    if (standard) spec.storageClassName = standard.metadata.name as string;
  },
};
