/** PersistentVolumeClaims. Facts: k8s.io/kubernetes pkg/apis/core/validation. */
import { at, mapAt, textAt, textsAt } from '../../kinds/columns/read.ts';
import { goDifference } from '../../kinds/go-difference.ts';
import { deepEqual } from '../../schema/equality.ts';
import { type FieldError, forbidden, invalid, required } from '../../schema/field-error.ts';
import { compareQuantities, readQuantity } from '../../schema/quantity.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import type { KindRules } from '../built-in-strategy.ts';
import { named, oneOfGiven, unchanged, validateLabelSelector } from '../field-checks.ts';
import { fillAbsent } from '../fill-in.ts';
import { isLabelName, isSubdomain } from '../names.ts';
import { validateAccessModes, volumeModes } from './access-modes.ts';
import { claimWarnings } from './claim-warnings.ts';

/** Of a claim, and of the template of one in a pod. */
export function validateClaimSpec(spec: JsonObject, path: string): FieldError[] {
  const modes = textsAt(spec, 'accessModes');
  const className = textAt(spec, 'storageClassName');
  const attributes = textAt(spec, 'volumeAttributesClassName');
  return [
    ...(modes.length === 0 ? [required(`${path}.accessModes`, 'at least 1 access mode is required')] : []),
    ...validateLabelSelector(spec['selector'], `${path}.selector`),
    ...validateAccessModes(modes, `${path}.accessModes`),
    ...validateSize(mapAt(spec, 'resources.requests')['storage'], `${path}.resources[storage]`),
    ...(className ? named(className, isSubdomain, `${path}.storageClassName`) : []),
    ...oneOfGiven(spec['volumeMode'], volumeModes, `${path}.volumeMode`),
    ...validateDataSources(spec, path),
    ...(attributes ? named(attributes, isSubdomain, `${path}.volumeAttributesClassName`) : []),
  ];
}

function validateSize(storage: unknown, path: string): FieldError[] {
  if (storage === undefined) return [required(path)];
  const quantity = readQuantity(String(storage));
  if (typeof quantity === 'string') return [invalid(path, storage, quantity)];
  return quantity.nanos > 0n ? [] : [invalid(path, storage, 'must be greater than zero')];
}

function validateDataSources(spec: JsonObject, path: string): FieldError[] {
  const { dataSource, dataSourceRef } = spec;
  const errors = [
    ...(isObject(dataSource) ? validateDataSource(dataSource, `${path}.dataSource`) : []),
    ...(isObject(dataSourceRef) ? validateDataSource(dataSourceRef, `${path}.dataSourceRef`) : []),
  ];
  const namespace = textAt(dataSourceRef, 'namespace');
  if (namespace) errors.push(...named(namespace, isLabelName, `${path}.dataSourceRef.namespace`));
  if (!isObject(dataSource) || !isObject(dataSourceRef)) return errors;
  // The value these name is the path itself, as the real server prints it.
  const wrong = (detail: string) => [...errors, invalid(path, {}, detail)];
  if (namespace) return wrong('may not be specified when dataSourceRef.namespace is specified');
  const isSame = ['apiGroup', 'kind', 'name'].every((name) => textAt(dataSource, name) === textAt(dataSourceRef, name));
  return isSame ? errors : wrong('must match dataSourceRef');
}

function validateDataSource(source: JsonObject, path: string): FieldError[] {
  const kind = textAt(source, 'kind');
  const group = textAt(source, 'apiGroup');
  return [
    ...(textAt(source, 'name') ? [] : [required(`${path}.name`)]),
    ...(kind ? [] : [required(`${path}.kind`)]),
    ...(!group && kind !== 'PersistentVolumeClaim'
      ? [invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup")]
      : []),
    ...(group ? named(group, isSubdomain, `${path}.apiGroup`) : []),
  ];
}

const claimForbidden =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

function validateUpdate(claim: JsonObject, old: JsonObject): FieldError[] {
  const spec = structuredClone(mapAt(claim, 'spec'));
  const before = structuredClone(mapAt(old, 'spec'));
  const errors = validateClaimSpec(spec, 'spec');
  if (!textAt(before, 'volumeName')) copyField('volumeName', spec, before);
  if (before['storageClassName'] === undefined) copyField('storageClassName', before, spec);
  if (textAt(old, 'status.phase') === 'Bound') {
    const requests = at(spec, 'resources.requests');
    if (isObject(requests)) copyField('storage', mapAt(before, 'resources.requests'), requests);
    copyField('volumeAttributesClassName', before, spec);
  }
  if (!deepEqual(spec, before)) {
    const difference = goDifference(before, spec, 'core.PersistentVolumeClaimSpec');
    errors.push(forbidden('spec', `${claimForbidden}\n${difference}`));
  }
  return [
    ...errors,
    ...validateShrinking(claim, old),
    ...unchanged(spec['volumeMode'], before['volumeMode'], 'volumeMode'),
  ];
}

function copyField(name: string, from: JsonObject, to: JsonObject): void {
  if (from[name] === undefined) delete to[name];
  else to[name] = from[name];
}

/** A claim may ask for less only as far as it has not been given more. */
function validateShrinking(claim: JsonObject, old: JsonObject): FieldError[] {
  const sizeOf = (object: JsonObject, path: string) => {
    const size = readQuantity(String(mapAt(object, path)['storage'] ?? '0'));
    return typeof size === 'string' ? { nanos: 0n, format: 'decimal' as const } : size;
  };
  const size = sizeOf(claim, 'spec.resources.requests');
  if (compareQuantities(size, sizeOf(old, 'spec.resources.requests')) >= 0) return [];
  if (compareQuantities(size, sizeOf(old, 'status.capacity')) > 0) return [];
  return [forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity')];
}

const snapshots = 'snapshot.storage.k8s.io';

/** dataSource and dataSourceRef say the same; the older one takes claims and snapshots alone, and forgets others. */
function agreeOnSources(spec: JsonObject): void {
  if (textAt(spec, 'dataSourceRef.namespace')) delete spec['dataSourceRef'];
  const { dataSource, dataSourceRef } = spec;
  if (isObject(dataSourceRef)) {
    if (!isObject(dataSource)) spec['dataSource'] = structuredClone(dataSourceRef);
    return;
  }
  const kind = `${textAt(dataSource, 'apiGroup')}/${textAt(dataSource, 'kind')}`;
  const isKnown = kind === '/PersistentVolumeClaim' || kind === `${snapshots}/VolumeSnapshot`;
  if (isObject(dataSource) && isKnown) spec['dataSourceRef'] = structuredClone(dataSource);
  else delete spec['dataSource'];
}

export const claimRules: KindRules = {
  defaults: (claim) => {
    if (isObject(claim['spec'])) fillAbsent(claim['spec'], { volumeMode: 'Filesystem' });
  },
  prepareForCreate: (claim) => {
    claim['status'] = { phase: 'Pending' };
    if (isObject(claim['spec'])) agreeOnSources(claim['spec']);
  },
  validate: (claim) => validateClaimSpec(mapAt(claim, 'spec'), 'spec'),
  validateUpdate,
  warnings: claimWarnings,
};
