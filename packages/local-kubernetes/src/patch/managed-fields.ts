/** The managers of an object's fields: metadata.managedFields, read and written. */
import { isObject, type JsonObject } from '../schema/schema.ts';
import { FieldSet } from './field-set.ts';

export type ManagerOperation = 'Apply' | 'Update';

export interface Manager {
  readonly name: string;
  readonly operation: ManagerOperation;
  readonly apiVersion: string;
  readonly subresource: string;
  readonly fields: FieldSet;
  /** RFC 3339; empty when unknown. */
  readonly time: string;
}

/** Managers by identity: name, operation, subresource, and for updates the version. */
export type Managers = Map<string, Manager>;

export function managerKey(manager: Omit<Manager, 'fields' | 'time'>): string {
  const version = manager.operation === 'Apply' ? '' : manager.apiVersion;
  return JSON.stringify([manager.name || 'unknown', manager.operation, version, manager.subresource]);
}

export function readManagers(object: unknown): Managers {
  const managers: Managers = new Map();
  for (const entry of entriesOf(object) ?? []) {
    if (!isObject(entry)) continue;
    const manager: Manager = {
      name: text(entry['manager']),
      operation: entry['operation'] === 'Apply' ? 'Apply' : 'Update',
      apiVersion: text(entry['apiVersion']),
      subresource: text(entry['subresource']),
      fields: FieldSet.fromFieldsV1(entry['fieldsV1']) ?? new FieldSet(),
      time: text(entry['time']),
    };
    managers.set(managerKey(manager), manager);
  }
  return managers;
}

/**
 * The managers that a client says an object has: none by an empty list or by one entry without anything, which resets
 * them. Undefined where it names none, or what cannot be read: then those of before stay.
 */
export function sentManagers(object: unknown): Managers | undefined {
  const entries = entriesOf(object);
  if (!entries) return undefined;
  if (entries.length === 1 && isBlank(entries[0])) return new Map();
  return entries.every(isReadable) ? readManagers(object) : undefined;
}

function entriesOf(object: unknown): unknown[] | undefined {
  const metadata = isObject(object) && isObject(object['metadata']) ? object['metadata'] : {};
  return Array.isArray(metadata['managedFields']) ? metadata['managedFields'] : undefined;
}

function isBlank(entry: unknown): boolean {
  return isObject(entry) && Object.values(entry).every((value) => value === '' || value === null);
}

/** Facts: k8s.io/apimachinery pkg/util/managedfields/internal (DecodeManagedFields). */
function isReadable(entry: unknown): boolean {
  if (!isObject(entry)) return false;
  const { operation, apiVersion, fieldsType, fieldsV1 } = entry;
  const isKnown = (operation === 'Apply' || operation === 'Update') && fieldsType === 'FieldsV1';
  return isKnown && text(apiVersion) !== '' && FieldSet.fromFieldsV1(fieldsV1) !== undefined;
}

/** Entries in the order the API server keeps them: appliers first, then by time, name, version and subresource. */
export function writeManagers(managers: Managers): JsonObject[] {
  return [...managers.values()].sort(inOrder).map((manager) => ({
    ...(manager.name ? { manager: manager.name } : {}),
    operation: manager.operation,
    apiVersion: manager.apiVersion,
    ...(manager.time ? { time: manager.time } : {}),
    fieldsType: 'FieldsV1',
    fieldsV1: manager.fields.toFieldsV1(),
    ...(manager.subresource ? { subresource: manager.subresource } : {}),
  }));
}

function inOrder(a: Manager, b: Manager): number {
  return (
    compareText(a.operation, b.operation) ||
    compareText(a.time, b.time) ||
    compareText(a.name, b.name) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource, b.subresource)
  );
}

const mostUpdaters = 10;
const ancient = 'ancient-changes';

/** At most ten updaters are told apart; the oldest others become one. */
export function capUpdaters(managers: Managers): Managers {
  const updaters = [...managers.entries()].filter(([, manager]) => manager.operation === 'Update');
  if (updaters.length <= mostUpdaters) return managers;
  const result = new Map(managers);
  const oldestFirst = updaters.sort(([, a], [, b]) => compareText(a.time, b.time) || compareText(a.name, b.name));
  let count = updaters.length;
  for (const [key, manager] of oldestFirst) {
    if (count <= mostUpdaters) break;
    result.delete(key);
    const bucket: Manager = { ...manager, name: ancient, subresource: '' };
    const bucketKey = managerKey(bucket);
    const known = result.get(bucketKey);
    if (!known) count++;
    result.set(bucketKey, { ...bucket, fields: known ? known.fields.union(manager.fields) : manager.fields });
    count--;
  }
  return result;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
