/**
 * Server-side apply and the tracking of who set which field, as structured-merge-diff and the API server's field
 * manager do it (KEP-555).
 */
import type { StatusCause } from '../client/status-error.ts';
import { emptyStruct } from '../kinds/go-decode.ts';
import { structOf } from '../kinds/kind-schema.ts';
import { deepEqual } from '../schema/equality.ts';
import { isObject, type JsonObject, type Schema } from '../schema/schema.ts';
import { FieldSet, fieldStep, printPath } from './field-set.ts';
import {
  capUpdaters,
  type Manager,
  type Managers,
  managerKey,
  readManagers,
  sentManagers,
  writeManagers,
} from './managed-fields.ts';
import { pruned } from './prune.ts';
import { compare, fieldsOf, mergeTyped } from './typed-operations.ts';
import { typedProblems } from './typed-problems.ts';
import { type ChangeOptions, type ChangesFor, changesIn, knownManagers, resetFields } from './versions.ts';

export interface ApplyOptions extends ChangeOptions {
  /** Undefined when there is no such object yet. */
  readonly live: object | undefined;
  /** The applied configuration: what it does not mention it does not claim. */
  readonly patch: object;
  readonly force: boolean;
}

export interface TrackOptions<T extends object> extends ChangeOptions {
  readonly before: object | undefined;
  readonly after: T;
}

export type Applied =
  | { readonly object: JsonObject }
  | { readonly conflicts: readonly StatusCause[] }
  /** Why managers cannot be asked, in words. */
  | { readonly problem: string };

/** Fields nobody manages. */
const unmanaged = FieldSet.of(
  [fieldStep('apiVersion')],
  [fieldStep('kind')],
  [fieldStep('metadata')],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => [fieldStep('metadata'), fieldStep(name)]),
);

/** The live object with the configuration applied, and its managers up to date; or what forbids it. */
export function serverSideApply(options: ApplyOptions): Applied {
  const { patch, schema, force } = options;
  const live = withoutManagers((options.live ?? emptyObject(schema)) as JsonObject);
  const config = withoutManagers(patch as JsonObject);
  const given = readManagers(options.live);
  let managers = knownManagers(options, given);
  if (typeof managers === 'string') return { problem: managers };
  if (options.live && given.size === 0) {
    const name = 'before-first-apply';
    managers = recordUpdate({ ...options, manager: name, subresource: '' }, emptyObject(schema), live, managers);
  }
  const self: Omit<Manager, 'fields'> = {
    name: options.manager || 'unknown',
    operation: 'Apply',
    apiVersion: options.apiVersion,
    subresource: options.subresource ?? '',
    time: timeText(options.time),
  };
  const key = managerKey(self);
  const last = managers.get(key);
  const mentioned = fieldsOf(config, schema).subtractTrees(resetFields(options));
  managers.set(key, { ...self, fields: mentioned });
  const merged = pruned(options, mergeTyped(live, config, schema) as JsonObject, managers, last);
  managers.set(key, { ...self, fields: mentioned.subtract(unmanaged) });
  const changesFor = changesIn(options, live, merged);
  const conflicts = conflictsWith(managers, key, changesFor);
  const allowed = force ? conflicts : withoutClientSideApply(conflicts, live, options);
  if (!force && allowed.size > 0) return { conflicts: conflictCauses(allowed) };
  settle(managers, key, changesFor, conflicts);
  finish(managers);
  // Who changes nothing leaves no time behind, though it may own more or less than before.
  const own = managers.get(key);
  if (own && options.live && deepEqual(merged, live)) managers.set(key, { ...own, time: last?.time ?? '' });
  return { object: withManagers(merged, managers) };
}

/** The object with what `manager` changed recorded as its own and taken from the others. */
export function trackUpdate<T extends object>(options: TrackOptions<T>): T {
  const before = options.before as JsonObject | undefined;
  const after = options.after as JsonObject;
  return track(options, before, after) as T;
}

function track(options: ChangeOptions, before: JsonObject | undefined, after: JsonObject): JsonObject {
  const sent = before && !options.subresource ? sentManagers(after) : undefined;
  const given = sent ?? readManagers(before);
  const managers = knownManagers(options, given);
  const object = withoutManagers(after);
  if ((before && given.size === 0) || typeof managers === 'string') return withManagers(object, new Map());
  // What cannot be taken apart nobody can be said to manage.
  if (typedProblems(object, options.schema, true).length > 0) return withManagers(object, new Map());
  const old = before ? withoutManagers(before) : emptyObject(options.schema);
  const tracked = recordUpdate(options, old, object, managers);
  return withManagers(object, capUpdaters(tracked));
}

function recordUpdate(options: ChangeOptions, before: JsonObject, after: JsonObject, managers: Managers): Managers {
  const current = 'current operation';
  const result: Managers = new Map(managers);
  const changesFor = changesIn(options, before, after);
  const changes = changesFor(options);
  settle(result, current, changesFor, conflictsWith(result, current, changesFor));
  const taken = changes.added.union(changes.modified).subtract(unmanaged);
  if (!taken.isEmpty) {
    const self: Omit<Manager, 'fields'> = {
      name: options.manager || 'unknown',
      operation: 'Update',
      apiVersion: options.apiVersion,
      subresource: options.subresource ?? '',
      time: timeText(options.time),
    };
    const key = managerKey(self);
    const known = result.get(key);
    result.set(key, { ...self, fields: known ? known.fields.union(taken) : taken });
  }
  finish(result);
  return result;
}

function conflictsWith(managers: Managers, self: string, changesFor: ChangesFor): Map<string, FieldSet> {
  const conflicts = new Map<string, FieldSet>();
  for (const [key, manager] of managers) {
    if (key === self) continue;
    const changes = changesFor(manager);
    const touched = changes.added.union(changes.modified);
    const common = manager.fields.intersect(touched);
    if (!common.isEmpty) conflicts.set(key, common);
  }
  return conflicts;
}

/** Other managers lose what was changed or removed. */
function settle(managers: Managers, self: string, changesFor: ChangesFor, conflicts: Map<string, FieldSet>): void {
  for (const [key, manager] of managers) {
    if (key === self) continue;
    const lost = conflicts.get(key);
    const fields = (lost ? manager.fields.subtract(lost) : manager.fields).subtract(changesFor(manager).removed);
    managers.set(key, { ...manager, fields });
  }
}

function finish(managers: Managers): void {
  for (const [key, manager] of managers) {
    const fields = manager.fields.subtract(unmanaged);
    if (fields.isEmpty) managers.delete(key);
    else managers.set(key, { ...manager, fields });
  }
}

function conflictCauses(conflicts: Map<string, FieldSet>): StatusCause[] {
  return [...conflicts.keys()].sort().flatMap((key) => {
    const message = `conflict with ${printManager(key)}`;
    return conflicts
      .get(key)!
      .paths()
      .map((path) => ({ reason: 'FieldManagerConflict', message, field: printPath(path) }));
  });
}

function printManager(key: string): string {
  const [name, operation, apiVersion, subresource] = JSON.parse(key) as [string, string, string, string];
  const under = subresource ? ` with subresource ${JSON.stringify(subresource)}` : '';
  const using = operation === 'Update' ? ` using ${apiVersion}` : '';
  return `${JSON.stringify(name)}${under}${using}`;
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * kubectl moving from client-side to server-side apply: fields whose live value is still what it last applied
 * client-side are its own.
 */
function withoutClientSideApply(
  conflicts: Map<string, FieldSet>,
  live: JsonObject,
  options: ApplyOptions,
): Map<string, FieldSet> {
  if (options.manager !== 'kubectl' || conflicts.size === 0) return conflicts;
  const annotations = metadataOf(live)['annotations'];
  const text = isObject(annotations) ? annotations[lastApplied] : undefined;
  if (typeof text !== 'string') return conflicts;
  let configuration: unknown;
  try {
    configuration = JSON.parse(text);
  } catch {
    return conflicts;
  }
  if (!isObject(configuration) || configuration['apiVersion'] !== options.apiVersion) return conflicts;
  const own = fieldsOf(configuration, options.schema);
  const changes = compare(configuration, live, options.schema);
  const unchanged = own.subtract(changes.modified).subtract(changes.removed);
  const rest = new Map<string, FieldSet>();
  for (const [key, fields] of conflicts) {
    const left = fields.subtract(unchanged);
    if (!left.isEmpty) rest.set(key, left);
  }
  return rest;
}

/** What a new object is compared with: Go's empty struct of a built-in kind, nothing for a custom one. */
function emptyObject(schema: Schema): JsonObject {
  const struct = structOf(schema);
  return struct ? emptyStruct(struct) : {};
}

function metadataOf(object: JsonObject): JsonObject {
  return isObject(object['metadata']) ? object['metadata'] : {};
}

function withoutManagers(object: JsonObject): JsonObject {
  if (!isObject(object['metadata']) || !('managedFields' in object['metadata'])) return object;
  const { managedFields: _managedFields, ...metadata } = object['metadata'];
  return { ...object, metadata };
}

function withManagers(object: JsonObject, managers: Managers): JsonObject & { metadata: JsonObject } {
  const metadata = { ...metadataOf(object) };
  if (managers.size > 0) metadata['managedFields'] = writeManagers(managers);
  return { ...object, metadata };
}

function timeText(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
