/**
 * Strategic merge patch: a merge patch that knows which lists are merged by which key, with the directives `$patch`,
 * `$deleteFromPrimitiveList`, `$setElementOrder` and `$retainKeys`, as apimachinery's strategicpatch applies them.
 */

import { definitionNameOf } from '../kinds/type-schema.ts';
import { ownMember, setOwn } from '../schema/own-member.ts';
import { isObject, type JsonObject, memberSchema, type Schema } from '../schema/schema.ts';
import { directive, unknownDirective } from './directives.ts';
import { reflectType } from './go-text.ts';
import { inAskedOrder, mergeLists, partitioned, validateOrder } from './merged-lists.ts';
import { badPatch, failedPatch } from './patch-error.ts';

const retainKeys = '$retainKeys';
const deletePrefix = '$deleteFromPrimitiveList';
const orderPrefix = '$setElementOrder';

/**
 * The patched copy of the object.
 * @throws {StatusError} BadRequest for a directive of a wrong form, 500 for one that cannot be followed
 */
export function strategicMergePatch(object: unknown, patch: JsonObject, schema: Schema): JsonObject {
  return mergeMaps(isObject(object) ? structuredClone(object) : {}, structuredClone(patch), schema);
}

function mergeMaps(original: JsonObject, patch: JsonObject, schema: Schema | undefined): JsonObject {
  if (Object.hasOwn(patch, directive)) return followDirective(patch);
  keepListed(original, patch);
  for (const name of Object.keys(patch)) if (name.startsWith(orderPrefix)) mergeInOrder(original, patch, name, schema);
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith(deletePrefix)) removeListed(original, afterPrefix(name, deletePrefix), value, schema);
    else if (value === null) delete original[name];
    else mergeMember(original, name, value, memberSchema(schema, name));
  }
  return original;
}

function followDirective(patch: JsonObject): JsonObject {
  const { [directive]: action, ...rest } = patch;
  if (action === 'replace') return rest;
  if (action === 'delete') return {};
  throw unknownDirective(action, patch);
}

function mergeMember(original: JsonObject, name: string, value: unknown, schema: Schema | undefined): void {
  const live = ownMember(original, name);
  const strategies = strategiesOf(schema);
  if (isObject(live) && isObject(value)) {
    setOwn(original, name, strategies.includes('replace') ? value : mergeMaps(live, value, schema));
  } else if (Array.isArray(live) && Array.isArray(value)) {
    setOwn(original, name, strategies.includes('merge') ? mergeItems(live, value, schema!) : value);
  } else {
    const isOfOneType = live !== undefined && typeof live === typeof value && !isObject(live) && !Array.isArray(live);
    const fresh = withoutDirectives(isOfOneType ? value : withoutNulls(value));
    if (fresh === undefined) delete original[name];
    else setOwn(original, name, fresh);
  }
}

function mergeItems(live: readonly unknown[], sent: readonly unknown[], schema: Schema): unknown[] {
  const key = schema['x-kubernetes-patch-merge-key'];
  return mergeLists(live, sent, key, (item, patch) => mergeMaps(item, patch, schema.items));
}

function strategiesOf(schema: Schema | undefined): string[] {
  return schema?.['x-kubernetes-patch-strategy']?.split(',') ?? [];
}

/** Merges the list that an order is given for, and brings it into that order. */
function mergeInOrder(original: JsonObject, patch: JsonObject, directiveName: string, schema?: Schema): void {
  const order = listOf(patch[directiveName]);
  delete patch[directiveName];
  const name = afterPrefix(directiveName, orderPrefix);
  const live = Object.hasOwn(original, name) ? listOf(original[name]) : undefined;
  const sent = Object.hasOwn(patch, name) ? listOf(patch[name]) : undefined;
  const member = memberSchema(schema, name);
  if (!member) throw failedPatch(unknownMember(schema, name));
  const key = member['x-kubernetes-patch-merge-key'];
  if (sent) validateOrder(sent, order, key);
  if (!live && !sent) return;
  if ((live ?? []).length + (sent ?? []).length === 0) throw failedPatch('no elements in any of the given slices');
  const merged = live && sent ? mergedOf(live, sent, member) : (live ?? listOf(withoutDirectives(sent)));
  setOwn(original, name, inAskedOrder(partitioned(merged, order, key), order, live ?? [], key));
  delete patch[name];
}

function mergedOf(live: readonly unknown[], sent: unknown[], schema: Schema): unknown[] {
  return strategiesOf(schema).includes('merge') ? mergeItems(live, sent, schema) : sent;
}

function unknownMember(schema: Schema | undefined, name: string): string {
  const struct = schema && definitionNameOf(schema)?.split('.').at(-1);
  if (!struct) return 'merging an object in json but data type is not struct, instead is: map';
  return `unable to find api field in struct ${struct} for the json field "${name}"`;
}

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw failedPatch(`expected a []interface {}, but received a ${reflectType(value)}`);
}

/** The name of the field after a prefix and a stroke. */
function afterPrefix(name: string, prefix: string): string {
  if (name.startsWith(`${prefix}/`)) return name.slice(prefix.length + 1);
  const what = prefix === deletePrefix ? 'primitive list' : 'setElementOrder list';
  throw badPatch(`invalid patch format of ${what}`);
}

/** Items of the list that are listed to go; only a list loses any. Objects are merged after all, where they can be. */
function removeListed(original: JsonObject, name: string, removed: unknown, schema: Schema | undefined): void {
  const live = original[name];
  if (removed === null) delete original[name];
  if (!Array.isArray(live) || !Array.isArray(removed)) return;
  const hasObjects = [...live, ...removed].some((item) => isObject(item) || Array.isArray(item));
  original[name] = hasObjects
    ? mergeItems(live, removed, memberSchema(schema, name) ?? {})
    : live.filter((item) => !removed.includes(item));
}

/** `$retainKeys` lists all members that may stay. */
function keepListed(original: JsonObject, patch: JsonObject): void {
  if (!Object.hasOwn(patch, retainKeys)) return;
  const kept = patch[retainKeys];
  delete patch[retainKeys];
  if (!Array.isArray(kept)) throw badPatch('invalid patch format of retainKeys');
  for (const [name, value] of Object.entries(patch)) {
    if (value === null || name.startsWith(deletePrefix) || name.startsWith(orderPrefix)) continue;
    if (!kept.includes(name)) throw badPatch('invalid patch format of retainKeys');
  }
  for (const name of Object.keys(original)) if (!kept.includes(name)) delete original[name];
}

/** What a patch puts where there was nothing: without members that are null. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutNulls(member)]));
}

/** A directive about what is not there leaves nothing behind: undefined. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  if (Object.hasOwn(value, directive)) return undefined;
  const result: JsonObject = {};
  for (const [name, member] of Object.entries(value)) {
    const kept = withoutDirectives(member);
    if (kept !== undefined) setOwn(result, name, kept);
  }
  return result;
}
