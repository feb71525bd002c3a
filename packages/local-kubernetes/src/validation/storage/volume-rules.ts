/** PersistentVolumes. Facts: k8s.io/kubernetes pkg/apis/core/validation. */
import { at, mapAt, textAt, textsAt } from '../../kinds/columns/read.ts';
import { goDifference } from '../../kinds/go-difference.ts';
import { deepEqual } from '../../schema/equality.ts';
import { type FieldError, forbidden, invalid, notSupported, required } from '../../schema/field-error.ts';
import { quantityToInteger, readQuantity } from '../../schema/quantity.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import type { KindRules } from '../built-in-strategy.ts';
import { named, oneOf, oneOfGiven, unchanged } from '../field-checks.ts';
import { fillAbsent, fillIn } from '../fill-in.ts';
import { isLabelName, isSubdomain } from '../names.ts';
import { validateNodeSelector } from '../pods/affinity.ts';
import {
  type SourceCheck,
  sharedSources,
  validateDriver,
  validateLocal,
  validateOneSource,
} from '../pods/volume-sources.ts';
import { validateAccessModes, volumeModes } from './access-modes.ts';

/** In the order of the real server, which decides the one that is named as second. */
const order: readonly string[] =
  'hostPath gcePersistentDisk awsElasticBlockStore glusterfs flocker nfs rbd quobyte cephfs iscsi cinder fc flexVolume azureFile vsphereVolume photonPersistentDisk portworxVolume azureDisk scaleIO local storageos csi'.split(
    ' ',
  );

const secretReferences = [
  'controllerPublishSecretRef',
  'controllerExpandSecretRef',
  'nodePublishSecretRef',
  'nodeExpandSecretRef',
];

const csi: SourceCheck = (source, path) => [
  ...validateDriver(source, path),
  ...(textAt(source, 'volumeHandle') ? [] : [required(`${path}.volumeHandle`)]),
  ...secretReferences.flatMap((field) => validateSecretReference(source[field], `${path}.${field}`)),
];

function validateSecretReference(reference: unknown, path: string): FieldError[] {
  if (!isObject(reference)) return [];
  const name = textAt(reference, 'name');
  const namespace = textAt(reference, 'namespace');
  return [
    ...(name ? named(name, isSubdomain, `${path}.name`) : [required(`${path}.name`)]),
    ...(namespace ? named(namespace, isLabelName, `${path}.namespace`) : [required(`${path}.namespace`)]),
  ];
}

const own: Readonly<Record<string, SourceCheck>> = { local: validateLocal, csi };

const checks = order.map((source) => [source, own[source] ?? sharedSources[source] ?? (() => [])] as const);

function validateVolume(volume: JsonObject): FieldError[] {
  const spec = mapAt(volume, 'spec');
  const modes = textsAt(spec, 'accessModes');
  const className = textAt(spec, 'storageClassName');
  const isRoot = /^\/+$/.test(textAt(spec, 'hostPath.path'));
  return [
    ...(modes.length === 0 ? [required('spec.accessModes')] : []),
    ...validateAccessModes(modes, 'spec.accessModes'),
    ...validateCapacity(spec['capacity']),
    ...oneOf(
      spec['persistentVolumeReclaimPolicy'],
      ['Delete', 'Recycle', 'Retain'],
      'spec.persistentVolumeReclaimPolicy',
    ),
    ...validateAffinity(spec['nodeAffinity']),
    ...validateOneSource(spec, checks, 'spec'),
    ...(isObject(spec['local']) && !isObject(spec['nodeAffinity'])
      ? [required('spec.nodeAffinity', 'Local volume requires node affinity')]
      : []),
    ...(isRoot && spec['persistentVolumeReclaimPolicy'] === 'Recycle'
      ? [forbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'")]
      : []),
    ...(className ? named(className, isSubdomain, 'spec.storageClassName') : []),
    ...oneOfGiven(spec['volumeMode'], volumeModes, 'spec.volumeMode'),
  ];
}

function validateAffinity(affinity: unknown): FieldError[] {
  if (!isObject(affinity)) return [];
  const needed = affinity['required'];
  if (isObject(needed)) return validateNodeSelector(needed, 'spec.nodeAffinity.required');
  return [required('spec.nodeAffinity.required', 'must specify required node constraints')];
}

function validateCapacity(capacity: unknown): FieldError[] {
  const path = 'spec.capacity';
  const amounts = isObject(capacity) ? capacity : {};
  const count = Object.keys(amounts).length;
  const errors = count === 0 ? [required(path)] : [];
  if (amounts['storage'] === undefined || count > 1) {
    errors.push(notSupported(path, isObject(capacity) ? capacity : null, ['storage']));
  }
  for (const [name, amount] of Object.entries(amounts)) {
    const quantity = readQuantity(String(amount));
    if (typeof quantity === 'string') continue;
    const whole = quantityToInteger(quantity);
    if (whole < 0n) errors.push(invalid(`${path}[${name}]`, whole, 'must be a valid resource quantity'));
    if (quantity.nanos <= 0n) errors.push(invalid(`${path}[${name}]`, amount, 'must be greater than zero'));
  }
  return errors;
}

/** What the volume is made of may not change. */
function validateSourceUpdate(volume: JsonObject, old: JsonObject): FieldError[] {
  const sourceOf = (object: JsonObject) => {
    const spec = mapAt(object, 'spec');
    return Object.fromEntries(order.flatMap((name) => (spec[name] === undefined ? [] : [[name, spec[name]]])));
  };
  const [before, after] = [sourceOf(old), sourceOf(volume)];
  if (deepEqual(before, after)) return [];
  const difference = goDifference(before, after, 'core.PersistentVolumeSource');
  const detail = `spec.persistentvolumesource is immutable after creation\n${difference}`;
  return [forbidden('spec.persistentvolumesource', detail)];
}

export const volumeRules: KindRules = {
  defaults: (volume) => {
    const spec = volume['spec'];
    if (!isObject(spec)) return;
    fillIn(spec, { persistentVolumeReclaimPolicy: 'Retain' });
    fillAbsent(spec, { volumeMode: 'Filesystem' });
    if (isObject(spec['hostPath'])) fillIn(spec['hostPath'], { type: '' });
  },
  prepareForCreate: (volume) => {
    volume['status'] = { phase: 'Pending', lastPhaseTransitionTime: at(volume, 'metadata.creationTimestamp') };
  },
  validate: validateVolume,
  validateUpdate: (volume, old) => [
    ...validateVolume(volume),
    ...validateSourceUpdate(volume, old),
    ...unchanged(at(volume, 'spec.volumeMode'), at(old, 'spec.volumeMode'), 'volumeMode'),
  ],
};
