// PersistentVolumeClaimResize: a claim may ask for more only where its class says that it can be given.

import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { parseQuantity } from '../../schema/quantity.ts';
import { resourceOf } from '../request.ts';
import { forbidden } from '../status-errors.ts';
import type { AdmissionStep } from './admission-chain.ts';

interface ClaimSpec {
  storageClassName?: string;
  resources?: { requests?: { storage?: string } };
}

export const claimResize: AdmissionStep = {
  validate(_context, { operation, target, object, oldObject, transaction }) {
    const { group, plural } = target.kind;
    if (operation !== 'UPDATE' || group !== '' || plural !== 'persistentvolumeclaims' || target.subresource) return;
    if (!object || !oldObject || requested(object) <= requested(oldObject)) return;
    if ((oldObject['status'] as { phase?: string } | undefined)?.phase !== 'Bound') {
      throw forbidden(resourceOf(target), target.name, 'Only bound persistent volume claims can be expanded');
    }
    const { storageClassName = '' } = object['spec'] as ClaimSpec;
    const found = transaction.get('storageclasses.storage.k8s.io', storageClassName)?.object;
    if (found?.['allowVolumeExpansion'] === true) return;
    throw forbidden(
      resourceOf(target),
      target.name,
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    );
  },
};

function requested(claim: KubernetesObject): bigint {
  const { storage = '0' } = (claim['spec'] as ClaimSpec).resources?.requests ?? {};
  return parseQuantity(storage).nanos;
}
