/** Claims, volumes and classes of storage. */
import { at, mapAt, textAt, textsAt } from '../kinds/columns/read.ts';
import { goDifference } from '../kinds/go-difference.ts';
import { deepEqual } from '../schema/equality.ts';
import { type FieldError, forbidden, notSupported, required } from '../schema/field-error.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import type { KindRules } from './built-in-strategy.ts';
import { oneOf, unchanged, validateAmount, validateLabelSelector } from './field-checks.ts';
import { fillIn } from './fill-in.ts';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

function validateClaim(claim: JsonObject): FieldError[] {
  const modes = textsAt(claim, 'spec.accessModes');
  const errors: FieldError[] = [];
  if (modes.length === 0) errors.push(required('spec.accessModes', 'at least 1 access mode is required'));
  for (const mode of modes)
    if (!accessModes.includes(mode)) errors.push(notSupported('spec.accessModes', mode, accessModes));
  errors.push(...validateLabelSelector(at(claim, 'spec.selector'), 'spec.selector'));
  const storage = mapAt(claim, 'spec.resources.requests')['storage'];
  if (storage === undefined) errors.push(required('spec.resources[storage]'));
  else errors.push(...validateAmount(storage, 'spec.resources[storage]'));
  return [...errors, ...oneOf(at(claim, 'spec.volumeMode'), ['Block', 'Filesystem'], 'spec.volumeMode')];
}

const claimForbidden =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

export const claimRules: KindRules = {
  defaults: (claim) => {
    if (isObject(claim['spec'])) fillIn(claim['spec'], { volumeMode: 'Filesystem' });
  },
  prepareForCreate: (claim) => {
    claim['status'] = { phase: 'Pending' };
  },
  validate: validateClaim,
  validateUpdate(claim, old) {
    const munged = structuredClone(mapAt(claim, 'spec'));
    const before = mapAt(old, 'spec');
    if (!textAt(before, 'volumeName')) {
      if (munged['volumeName'] === undefined) delete munged['volumeName'];
      else munged['volumeName'] = before['volumeName'];
      if (munged['volumeName'] === undefined) delete munged['volumeName'];
    } else if (textAt(old, 'status.phase') === 'Bound') {
      munged['resources'] = before['resources'];
      if (before['volumeAttributesClassName'] === undefined) delete munged['volumeAttributesClassName'];
    }
    if (before['storageClassName'] === undefined) delete munged['storageClassName'];
    const errors = validateClaim(claim);
    if (deepEqual(munged, before)) return errors;
    const difference = goDifference(before, munged, 'core.PersistentVolumeClaimSpec');
    return [...errors, forbidden('spec', `${claimForbidden}\n${difference}`)];
  },
};

export const volumeRules: KindRules = {
  defaults: (volume) => {
    if (isObject(volume['spec']))
      fillIn(volume['spec'], { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' });
  },
  prepareForCreate: (volume) => {
    volume['status'] = { phase: 'Pending' };
  },
  validate(volume) {
    const errors: FieldError[] = [];
    const modes = textsAt(volume, 'spec.accessModes');
    if (modes.length === 0) errors.push(required('spec.accessModes'));
    for (const mode of modes)
      if (!accessModes.includes(mode)) errors.push(notSupported('spec.accessModes', mode, accessModes));
    const capacity = mapAt(volume, 'spec.capacity');
    if (Object.keys(capacity).length === 0) errors.push(required('spec.capacity'));
    else if (capacity['storage'] === undefined || Object.keys(capacity).length > 1) {
      errors.push(notSupported('spec.capacity', capacity, ['storage']));
    }
    return errors;
  },
};

export const storageClassRules: KindRules = {
  defaults: (object) => fillIn(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  validate: (object) => [
    ...(textAt(object, 'provisioner') ? [] : [required('provisioner')]),
    ...oneOf(object['reclaimPolicy'], ['Delete', 'Retain'], 'reclaimPolicy', true),
    ...oneOf(object['volumeBindingMode'], ['Immediate', 'WaitForFirstConsumer'], 'volumeBindingMode', true),
  ],
  validateUpdate: (object, old) =>
    ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'].flatMap((field) =>
      deepEqual(object[field], old[field])
        ? []
        : field === 'parameters' || field === 'provisioner'
          ? [forbidden(field, `updates to ${field} are forbidden.`)]
          : unchanged(object[field], old[field], field),
    ),
};
