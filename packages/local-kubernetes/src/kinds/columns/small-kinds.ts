/** The columns of the kinds that need few words: configuration, access, storage, events, quotas. */
import { ownMember } from '../../schema/own-member.ts';
import type { JsonObject } from '../../schema/schema.ts';
import type { PrinterColumn } from '../kind.ts';
import { sinceText } from './age.ts';
import { ageColumn, column, nameColumn, wide } from './column.ts';
import { at, listAt, mapAt, numberAt, selectorText, textAt, textsAt } from './read.ts';

const sizeOf = (object: JsonObject, path: string) => Object.keys(mapAt(object, path)).length;

export const plainColumns: readonly PrinterColumn[] = [nameColumn, ageColumn];

export const namespaceColumns: readonly PrinterColumn[] = [
  nameColumn,
  column('Status', (object) => textAt(object, 'status.phase')),
  ageColumn,
];

export const configMapColumns: readonly PrinterColumn[] = [
  nameColumn,
  column('Data', (object) => sizeOf(object, 'data') + sizeOf(object, 'binaryData')),
  ageColumn,
];

export const secretColumns: readonly PrinterColumn[] = [
  nameColumn,
  column('Type', (object) => textAt(object, 'type')),
  column('Data', (object) => sizeOf(object, 'data')),
  ageColumn,
];

export const leaseColumns: readonly PrinterColumn[] = [
  nameColumn,
  column('Holder', (object) => textAt(object, 'spec.holderIdentity')),
  ageColumn,
];

export const runtimeClassColumns: readonly PrinterColumn[] = [
  nameColumn,
  column('Handler', (object) => textAt(object, 'handler')),
  ageColumn,
];

export const priorityClassColumns: readonly PrinterColumn[] = [
  nameColumn,
  column('Value', (object) => numberAt(object, 'value'), { type: 'integer' }),
  column('Global-Default', (object) => at(object, 'globalDefault') === true, { type: 'boolean' }),
  ageColumn,
  column('PreemptionPolicy', (object) => textAt(object, 'preemptionPolicy')),
];

export const networkPolicyColumns: readonly PrinterColumn[] = [
  nameColumn,
  column('Pod-Selector', (object) => selectorText(at(object, 'spec.podSelector'))),
  ageColumn,
];

const subjectsOf = (kind: string, print: (subject: JsonObject) => string) => (binding: JsonObject) =>
  listAt(binding, 'subjects')
    .filter((subject) => subject['kind'] === kind)
    .map(print)
    .join(', ');

export const bindingColumns: readonly PrinterColumn[] = [
  nameColumn,
  column('Role', (binding) => `${textAt(binding, 'roleRef.kind')}/${textAt(binding, 'roleRef.name')}`),
  ageColumn,
  wide(
    'Users',
    subjectsOf('User', (subject) => textAt(subject, 'name')),
  ),
  wide(
    'Groups',
    subjectsOf('Group', (subject) => textAt(subject, 'name')),
  ),
  wide(
    'ServiceAccounts',
    subjectsOf('ServiceAccount', (subject) => `${textAt(subject, 'namespace')}/${textAt(subject, 'name')}`),
  ),
];

const accessModeNames = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
] as const;

function accessModes(modes: readonly string[]): string {
  return accessModeNames
    .filter(([mode]) => modes.includes(mode))
    .map(([, short]) => short)
    .join(',');
}

const legacyClass = 'volume.beta.kubernetes.io/storage-class';

function storageClass(object: JsonObject): string {
  const annotation = mapAt(object, 'metadata.annotations')[legacyClass];
  return typeof annotation === 'string' ? annotation : textAt(object, 'spec.storageClassName');
}

const orUnset = (text: string) => text || '<unset>';

function phase(object: JsonObject): string {
  return at(object, 'metadata.deletionTimestamp') === undefined ? textAt(object, 'status.phase') : 'Terminating';
}

const isBound = (claim: JsonObject) => textAt(claim, 'spec.volumeName') !== '';

export const claimColumns: readonly PrinterColumn[] = [
  nameColumn,
  column('Status', phase),
  column('Volume', (claim) => textAt(claim, 'spec.volumeName')),
  column('Capacity', (claim) => (isBound(claim) ? textAt(claim, 'status.capacity.storage') || '0' : '')),
  column('Access Modes', (claim) => (isBound(claim) ? accessModes(textsAt(claim, 'status.accessModes')) : '')),
  column('StorageClass', storageClass),
  column('VolumeAttributesClass', (claim) => orUnset(textAt(claim, 'spec.volumeAttributesClassName'))),
  ageColumn,
  wide('VolumeMode', (claim) => orUnset(textAt(claim, 'spec.volumeMode'))),
];

export const volumeColumns: readonly PrinterColumn[] = [
  nameColumn,
  column('Capacity', (volume) => textAt(volume, 'spec.capacity.storage') || '0'),
  column('Access Modes', (volume) => accessModes(textsAt(volume, 'spec.accessModes'))),
  column('Reclaim Policy', (volume) => textAt(volume, 'spec.persistentVolumeReclaimPolicy')),
  column('Status', phase),
  column('Claim', (volume) =>
    at(volume, 'spec.claimRef') === undefined
      ? ''
      : `${textAt(volume, 'spec.claimRef.namespace')}/${textAt(volume, 'spec.claimRef.name')}`,
  ),
  column('StorageClass', storageClass),
  column('VolumeAttributesClass', (volume) => orUnset(textAt(volume, 'spec.volumeAttributesClassName'))),
  column('Reason', (volume) => textAt(volume, 'status.reason')),
  ageColumn,
  wide('VolumeMode', (volume) => orUnset(textAt(volume, 'spec.volumeMode'))),
];

const defaultClass = 'storageclass.kubernetes.io/is-default-class';

export const storageClassColumns: readonly PrinterColumn[] = [
  column(
    'Name',
    (object) => {
      const isDefault = mapAt(object, 'metadata.annotations')[defaultClass] === 'true';
      return `${textAt(object, 'metadata.name')}${isDefault ? ' (default)' : ''}`;
    },
    { format: 'name', description: nameColumn.description },
  ),
  column('Provisioner', (object) => textAt(object, 'provisioner')),
  column('ReclaimPolicy', (object) => textAt(object, 'reclaimPolicy') || 'Delete'),
  column('VolumeBindingMode', (object) => textAt(object, 'volumeBindingMode') || 'Immediate'),
  column('AllowVolumeExpansion', (object) => at(object, 'allowVolumeExpansion') === true),
  ageColumn,
];

function quotaCells(quota: JsonObject, isLimit: boolean): string {
  return Object.keys(mapAt(quota, 'status.hard'))
    .filter((name) => name.startsWith('limits.') === isLimit)
    .sort()
    .map((name) => {
      const used = ownMember(mapAt(quota, 'status.used'), name) ?? '0';
      return `${name}: ${used}/${mapAt(quota, 'status.hard')[name]}`;
    })
    .join(', ');
}

export const quotaColumns: readonly PrinterColumn[] = [
  nameColumn,
  column('Request', (quota) => quotaCells(quota, false)),
  column('Limit', (quota) => quotaCells(quota, true)),
  ageColumn,
];

const orUnknown = (text: string) => (text === '<unknown>' ? '' : text);

function firstSeen(event: JsonObject, now: Date): string {
  return orUnknown(sinceText(at(event, 'firstTimestamp'), now)) || sinceText(at(event, 'eventTime'), now);
}

function lastSeen(event: JsonObject, now: Date): string {
  if (at(event, 'series')) return sinceText(at(event, 'series.lastObservedTime'), now);
  return orUnknown(sinceText(at(event, 'lastTimestamp'), now)) || firstSeen(event, now);
}

function eventObject(event: JsonObject): string {
  const kind = textAt(event, 'involvedObject.kind').toLowerCase();
  const name = textAt(event, 'involvedObject.name');
  return name ? `${kind}/${name}` : kind;
}

function eventSource(event: JsonObject): string {
  const component = textAt(event, 'source.component') || textAt(event, 'reportingComponent');
  const instance = textAt(event, 'source.host') || textAt(event, 'reportingInstance');
  return instance ? `${component}, ${instance}` : component;
}

function eventCount(event: JsonObject): number {
  if (at(event, 'series')) return numberAt(event, 'series.count');
  return numberAt(event, 'count') || 1;
}

/** Of both Events, the core one and that of events.k8s.io, in the fields of the core one. */
export const eventColumns: readonly PrinterColumn[] = [
  column('Last Seen', lastSeen),
  column('Type', (event) => textAt(event, 'type')),
  column('Reason', (event) => textAt(event, 'reason')),
  column('Object', eventObject),
  wide('Subobject', (event) => textAt(event, 'involvedObject.fieldPath')),
  wide('Source', eventSource),
  column('Message', (event) => textAt(event, 'message').trim()),
  wide('First Seen', firstSeen),
  wide('Count', eventCount),
  { ...nameColumn, priority: 1 },
];
