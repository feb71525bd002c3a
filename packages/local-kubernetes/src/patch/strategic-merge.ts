/**
 * Strategic merge patch: a merge patch that knows which lists are merged by which key, with the directives `$patch`,
 * `$deleteFromPrimitiveList`, `$setElementOrder` and `$retainKeys`, as apimachinery's strategicpatch applies them.
 */
import { deepEqual } from '../schema/equality.ts';
import { isObject, type JsonObject, memberSchema, type Schema } from '../schema/schema.ts';
import { setOwn } from './merge-patch.ts';
import { badPatch, failedPatch } from './patch-error.ts';

const directive = '$patch';
const retainKeys = '$retainKeys';
const deletePrefix = '$deleteFromPrimitiveList/';
const orderPrefix = '$setElementOrder/';

/**
 * The patched copy of the object.
 * @throws {StatusError} BadRequest when a directive is misused or a merge key is missing
 */
export function strategicMergePatch(object: unknown, patch: unknown, schema: Schema): unknown {
  if (!isObject(patch)) throw badPatch('Invalid JSON document');
  const result = mergeMaps(isObject(object) ? structuredClone(object) : {}, structuredClone(patch), schema);
  return withoutDirectives(result);
}

function mergeMaps(original: JsonObject, patch: JsonObject, schema: Schema | undefined): JsonObject {
  const action = patch[directive];
  if (action !== undefined) {
    delete patch[directive];
    if (action === 'replace') return patch;
    if (action === 'delete') return {};
    if (action !== 'merge')
      throw failedPatch(`unknown patch type: ${goText(action)} in map: ${goText({ [directive]: action, ...patch })}`);
  }
  keepListed(original, patch);
  const orders = new Map<string, unknown[]>();
  for (const name of Object.keys(patch)) {
    if (name.startsWith(orderPrefix)) {
      const order = patch[name];
      if (!Array.isArray(order)) throw badPatch(`invalid patch format of ${orderPrefix.slice(0, -1)}`);
      orders.set(name.slice(orderPrefix.length), order);
      delete patch[name];
    } else if (name.startsWith(deletePrefix)) {
      removePrimitives(original, name.slice(deletePrefix.length), patch[name]);
      delete patch[name];
    }
  }
  for (const [name, value] of Object.entries(patch)) {
    const member = memberSchema(schema, name);
    if (value === null) delete original[name];
    else if (!Object.hasOwn(original, name)) {
      // A directive about what is not there leaves nothing behind.
      if (!(isObject(value) && (value[directive] === 'replace' || value[directive] === 'delete'))) {
        setOwn(original, name, fresh(value, member));
      }
    } else setOwn(original, name, mergeMember(original[name], value, member));
  }
  for (const [name, order] of orders) {
    const list = original[name];
    if (Array.isArray(list)) original[name] = reordered(list, order, memberSchema(schema, name));
  }
  return original;
}

function mergeMember(original: unknown, value: unknown, schema: Schema | undefined): unknown {
  const strategies = strategiesOf(schema);
  if (isObject(value) && isObject(original)) {
    if (strategies.includes('replace')) return fresh(value, schema);
    return mergeMaps(original, value, schema);
  }
  if (Array.isArray(value) && Array.isArray(original) && strategies.includes('merge')) {
    return mergeLists(original, value, schema!);
  }
  return fresh(value, schema);
}

/** A value put where there was none: its own directives still mean something. */
function fresh(value: unknown, schema: Schema | undefined): unknown {
  if (isObject(value)) return mergeMaps({}, value, schema);
  if (Array.isArray(value) && strategiesOf(schema).includes('merge') && value.some(isObject)) {
    return mergeLists([], value, schema!);
  }
  return value;
}

function strategiesOf(schema: Schema | undefined): string[] {
  return schema?.['x-kubernetes-patch-strategy']?.split(',') ?? [];
}

function mergeLists(original: unknown[], patch: unknown[], schema: Schema): unknown[] {
  const key = schema['x-kubernetes-patch-merge-key'];
  if (!key || !patch.every(isObject)) return mergePrimitives(original, patch);
  const replaceAt = patch.findIndex((item) => isObject(item) && item[directive] === 'replace');
  if (replaceAt >= 0) return patch.filter((item) => !(isObject(item) && item[directive] !== undefined));
  let result: unknown[] = [...original];
  const named: unknown[] = [];
  const isItem = (one: unknown, other: unknown) => isObject(one) && isObject(other) && deepEqual(one[key], other[key]);
  for (const item of patch as JsonObject[]) {
    if (!(key in item)) {
      throw badPatch(`map: ${goText(item)} does not contain declared merge key: ${key}`);
    }
    const action = item[directive];
    if (action === 'delete') {
      result = result.filter((other) => !isItem(other, item));
      continue;
    }
    if (action !== undefined && action !== 'merge') {
      throw failedPatch(`unknown patch type: ${goText(action)} in map: ${goText(item)}`);
    }
    const index = result.findIndex((other) => isItem(other, item));
    if (index < 0) {
      delete item[directive];
      result.push(fresh(item, schema.items));
    } else result[index] = mergeMaps(result[index] as JsonObject, item, schema.items);
    named.push(item);
  }
  const isNamed = (one: unknown) => named.some((item) => isItem(one, item));
  const place = (one: unknown) => original.findIndex((other) => isItem(other, one));
  return interleaved(
    result.filter((one) => !isNamed(one)),
    result.filter(isNamed),
    (left, right) => place(right) >= 0 && place(left) < place(right),
  );
}

/** Items of both lists: those of `left` as late as may be, but before what they come before. */
function interleaved(
  left: readonly unknown[],
  right: readonly unknown[],
  isBefore: (left: unknown, right: unknown) => boolean,
): unknown[] {
  const result: unknown[] = [];
  let at = 0;
  for (const item of right) {
    while (at < left.length && isBefore(left[at], item)) result.push(left[at++]);
    result.push(item);
  }
  return [...result, ...left.slice(at)];
}

function mergePrimitives(original: unknown[], patch: unknown[]): unknown[] {
  const result = [...original];
  for (const item of patch) if (!result.some((other) => deepEqual(other, item))) result.push(item);
  return result;
}

function removePrimitives(original: JsonObject, name: string, removed: unknown): void {
  const list = original[name];
  if (!Array.isArray(removed)) throw badPatch('delete list must be a list');
  if (Array.isArray(list)) original[name] = list.filter((item) => !removed.some((other) => deepEqual(other, item)));
}

/** `$retainKeys` lists all members that may stay. */
function keepListed(original: JsonObject, patch: JsonObject): void {
  const kept = patch[retainKeys];
  if (kept === undefined) return;
  if (!Array.isArray(kept)) throw badPatch('$retainKeys must be a list');
  delete patch[retainKeys];
  for (const name of Object.keys(patch)) {
    if (!kept.includes(name) && patch[name] !== null && !name.startsWith('$')) {
      throw badPatch('patch has a key not in the retainKeys list');
    }
  }
  for (const name of Object.keys(original)) if (!kept.includes(name)) delete original[name];
}

/** Items in the asked order; those the order does not name keep their place after the item they followed. */
function reordered(list: unknown[], order: unknown[], schema: Schema | undefined): unknown[] {
  const key = schema?.['x-kubernetes-patch-merge-key'];
  const identity = (item: unknown) => (key && isObject(item) ? item[key] : item);
  const rank = (item: unknown) => order.findIndex((other) => deepEqual(identity(other), identity(item)));
  const listed = list.filter((item) => rank(item) >= 0).sort((a, b) => rank(a) - rank(b));
  const serverOnly = list.filter((item) => rank(item) < 0);
  const result: unknown[] = [];
  let at = 0;
  for (const item of serverOnly) {
    // A live-only item goes before the first listed item that follows it in the live list.
    const place = list.indexOf(item);
    while (at < listed.length && list.indexOf(listed[at]) < place) result.push(listed[at++]);
    result.push(item);
  }
  return [...result, ...listed.slice(at)];
}

function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives);
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [name, member] of Object.entries(value)) {
    if (name === directive || name === retainKeys || name.startsWith(deletePrefix) || name.startsWith(orderPrefix))
      continue;
    setOwn(result, name, withoutDirectives(member));
  }
  return result;
}

/** A value as Go's %v prints it: `map[a:1 b:[x y]]`. */
export function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (value === null || value === undefined) return '<nil>';
  if (!isObject(value)) return String(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${members.map(([name, member]) => `${name}:${goText(member)}`).join(' ')}]`;
}
