/** Lists that a strategic merge patch merges: items told by a key or, without one, by what they are. */
import { isObject, type JsonObject } from '../schema/schema.ts';
import { directive, type MergeItem, unknownDirective } from './directives.ts';
import { goText, reflectType } from './go-text.ts';
import { failedPatch, unfitPatch } from './patch-error.ts';

export interface Parts {
  readonly asked: readonly unknown[];
  readonly others: readonly unknown[];
}

/** @throws {StatusError} where an item lacks the key or a directive is not known */
export function mergeLists(
  original: readonly unknown[],
  patch: readonly unknown[],
  key: string | undefined,
  mergeItem: MergeItem,
): unknown[] {
  if (original.length === 0 && patch.length === 0) return [];
  if (demandOneType(original, patch) !== 'map') {
    const merged = [...new Set([...original, ...patch])];
    return inAskedOrder(partitioned(merged, patch, undefined), patch, original, undefined);
  }
  if (!key) throw failedPatch('cannot merge lists without merge key for struct');
  const { live, sent } = withoutSpecial(original as readonly JsonObject[], patch as readonly JsonObject[], key);
  const merged: JsonObject[] = [...live];
  for (const item of sent) {
    if (!Object.hasOwn(item, key)) throw missingKey(item, key);
    const index = merged.findIndex((other) => other[key] === item[key]);
    if (index < 0) merged.push(item);
    else merged[index] = mergeItem(merged[index]!, item);
  }
  return inAskedOrder(partitioned(merged, sent, key), sent, live, key);
}

/** Both lists once the patch's directives about items are followed. */
function withoutSpecial(original: readonly JsonObject[], patch: readonly JsonObject[], key: string) {
  let live = original;
  let isReplaced = false;
  const sent: JsonObject[] = [];
  for (const item of patch) {
    const action = item[directive];
    if (!Object.hasOwn(item, directive)) sent.push(item);
    else if (action === 'delete') {
      if (!Object.hasOwn(item, key)) throw missingKey(item, key);
      live = live.filter((other) => other[key] !== item[key]);
    } else if (action === 'replace') isReplaced = true;
    else if (action === 'merge') throw failedPatch('merging lists cannot yet be specified in the patch');
    else throw unknownDirective(action, item);
  }
  return isReplaced ? { live: sent, sent: [] } : { live, sent };
}

/** Items that the order names, and those it does not. */
export function partitioned(items: readonly unknown[], order: readonly unknown[], key: string | undefined): Parts {
  const isAsked = (item: unknown): boolean => {
    if (key === undefined) return order.includes(item);
    if (!isObject(item)) throw failedPatch(`expected a map[string]interface {}, but received a ${reflectType(item)}`);
    if (!Object.hasOwn(item, key)) throw missingKey(item, key);
    return placeIn(order, item, key) >= 0;
  };
  const marked = items.map((item) => [item, isAsked(item)] as const);
  return {
    asked: marked.flatMap(([item, is]) => (is ? [item] : [])),
    others: marked.flatMap(([item, is]) => (is ? [] : [item])),
  };
}

/** Asked items as the order has them; the others as late as may be, but before what they stood before. */
export function inAskedOrder(
  { asked, others }: Parts,
  order: readonly unknown[],
  live: readonly unknown[],
  key: string | undefined,
): unknown[] {
  const left = sortedBy(others, live, key);
  const right = sortedBy(asked, order, key);
  const result: unknown[] = [];
  let at = 0;
  for (const item of right) {
    const place = placeIn(live, item, key);
    while (at < left.length && place >= 0 && isBefore(placeIn(live, left[at], key), place)) result.push(left[at++]);
    result.push(item);
  }
  return [...result, ...left.slice(at)];
}

function isBefore(one: number, other: number): boolean {
  return one >= 0 && one < other;
}

function sortedBy(items: readonly unknown[], order: readonly unknown[], key: string | undefined): unknown[] {
  return [...items].sort((a, b) => placeIn(order, a, key) - placeIn(order, b, key));
}

function placeIn(list: readonly unknown[], item: unknown, key: string | undefined): number {
  if (key === undefined) return list.indexOf(item);
  const value = (item as JsonObject)[key];
  return list.findIndex((other, index) => {
    if (!isObject(other)) throw failedPatch(`value for key ${index} is not a map`);
    return Object.hasOwn(other, key) && other[key] === value;
  });
}

/** The items of a patch stand in the order that it asks for. @throws {StatusError} */
export function validateOrder(patch: readonly unknown[], order: readonly unknown[], key: string | undefined): void {
  if (order.length === 0 || patch.length === 0) return;
  const has = (item: unknown, action?: string) =>
    isObject(item) && Object.hasOwn(item, directive) && (action === undefined || item[directive] === action);
  const items = key === undefined ? patch : patch.filter((item) => !has(item, 'delete'));
  let at = 0;
  let place = 0;
  while (at < items.length && place < order.length) {
    if (has(items[at])) at++;
    else if (isSame(items[at], order[place++], key)) at++;
  }
  if (at < items.length && place >= order.length) {
    const text = `The order in patch list:\n${goText(patch)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`;
    throw failedPatch(text);
  }
}

function isSame(one: unknown, other: unknown, key: string | undefined): boolean {
  if (key === undefined) return one === other;
  for (const item of [one, other]) {
    if (!isObject(item)) throw failedPatch(`expected a map[string]interface {}, but received a ${reflectType(item)}`);
    if (!Object.hasOwn(item, key)) throw missingKey(item, key);
  }
  return (one as JsonObject)[key] === (other as JsonObject)[key];
}

/** The one type of all items. @throws {StatusError} for items of several types, or lists */
function demandOneType(...lists: readonly (readonly unknown[])[]): 'map' | 'scalar' {
  const items = lists.flat();
  const types = items.map(reflectType);
  if (Array.isArray(items[0])) throw unfitPatch('lists of lists are not supported');
  if (new Set(types).size > 1) throw failedPatch(`list element types are not identical: ${goText(lists)}`);
  return isObject(items[0]) ? 'map' : 'scalar';
}

function missingKey(item: JsonObject, key: string): Error {
  return failedPatch(`map: ${goText(item)} does not contain declared merge key: ${key}`);
}
