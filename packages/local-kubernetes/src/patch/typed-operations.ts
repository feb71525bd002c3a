/**
 * The operations of structured merge and diff on values laid out by a schema: the set of a value's fields, the
 * comparison of two, the merge of an applied configuration into a live object, and the removal of fields.
 */
import { deepEqual } from '../schema/equality.ts';
import { ownMember, setOwn } from '../schema/own-member.ts';
import { isObject, type JsonObject, type Schema } from '../schema/schema.ts';
import { FieldSet, fieldStep, type Step } from './field-set.ts';
import { isDeclared, itemStep, itemsByStep, layoutOf, memberOf } from './typed-value.ts';

const isEmptyMap = (value: unknown) => isObject(value) && Object.keys(value).length === 0;

/** The fields a configuration speaks of: leaves, entries of maps, items of lists; not the structs around them. */
export function fieldsOf(value: unknown, schema: Schema | undefined): FieldSet {
  const set = new FieldSet();
  collect(value, schema, set);
  return set;
}

function collect(value: unknown, schema: Schema | undefined, set: FieldSet): void {
  const layout = layoutOf(value, schema);
  if (layout === 'map') {
    for (const [name, member] of Object.entries(value as JsonObject)) {
      const step = fieldStep(name);
      const inner = memberOf(schema, name);
      const isOwn = member === null || isEmptyMap(member) || !isDeclared(schema, name);
      if (isOwn || layoutOf(member, inner) === 'leaf') set.members.add(step);
      descend(member, inner, set, step);
    }
  } else if (layout === 'list') {
    for (const [step, items] of itemsByStep(value as unknown[], schema!)) {
      set.members.add(step);
      if (items.length === 1) descend(items[0], schema!.items, set, step);
    }
  }
}

function descend(value: unknown, schema: Schema | undefined, set: FieldSet, step: Step): void {
  if (layoutOf(value, schema) === 'leaf') return;
  const child = new FieldSet();
  collect(value, schema, child);
  if (!child.isEmpty) set.children.set(step, child);
}

export interface Comparison {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

/** What changed between two values; whole parts that came or went are named themselves too. */
export function compare(before: unknown, after: unknown, schema: Schema | undefined): Comparison {
  const result = { added: new FieldSet(), removed: new FieldSet(), modified: new FieldSet() };
  compareAt(before, after, schema, [], result);
  return result;
}

function compareAt(
  before: unknown,
  after: unknown,
  schema: Schema | undefined,
  path: Step[],
  result: Comparison,
): void {
  const layout = commonLayout(before, after, schema);
  if (layout === 'leaf') {
    compareForms(before, after, schema, path, result);
    if (before === undefined) result.added.insert(path);
    else if (after === undefined) result.removed.insert(path);
    else if (!deepEqual(before, after)) result.modified.insert(path);
    return;
  }
  if (layout === 'map') {
    compareMembers(isObject(before) ? before : {}, isObject(after) ? after : {}, schema, path, result);
  } else compareLists(before, after, schema!, path, result);
  if (before === undefined) result.added.insert(path);
  else if (after === undefined) result.removed.insert(path);
}

/** A value that took another form: what was in the old one went, what is in the new one came. */
function compareForms(
  before: unknown,
  after: unknown,
  schema: Schema | undefined,
  path: Step[],
  result: Comparison,
): void {
  if (before === undefined || after === undefined || before === null || after === null) return;
  const left = layoutOf(before, schema);
  const right = layoutOf(after, schema);
  if (left === right || (isBlank(before) && isBlank(after))) return;
  if (left === 'map') compareMembers(before as JsonObject, {}, schema, path, result);
  if (right === 'map') compareMembers({}, after as JsonObject, schema, path, result);
  if (left === 'list') compareLists(before, [], schema!, path, result);
  if (right === 'list') compareLists([], after, schema!, path, result);
}

function compareMembers(
  left: JsonObject,
  right: JsonObject,
  schema: Schema | undefined,
  path: Step[],
  result: Comparison,
): void {
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const step = [...path, fieldStep(name)];
    compareAt(ownMember(left, name), ownMember(right, name), memberOf(schema, name), step, result);
  }
}

function compareLists(before: unknown, after: unknown, schema: Schema, path: Step[], result: Comparison): void {
  const left = itemsByStep(Array.isArray(before) ? before : [], schema);
  const right = itemsByStep(Array.isArray(after) ? after : [], schema);
  for (const step of new Set([...left.keys(), ...right.keys()])) {
    const old = left.get(step);
    const now = right.get(step);
    if ((old?.length ?? 0) <= 1 && (now?.length ?? 0) <= 1) {
      compareAt(old?.[0], now?.[0], schema.items, [...path, step], result);
    } else if (!old) result.added.insert([...path, step]);
    else if (!now) result.removed.insert([...path, step]);
    else if (!deepEqual(old, now)) result.modified.insert([...path, step]);
  }
}

/** Null and absent take the other's form; two empty ones are leaves, so that empty and null stay apart. */
function commonLayout(before: unknown, after: unknown, schema: Schema | undefined): 'leaf' | 'map' | 'list' {
  const left = layoutOf(before, schema);
  const right = layoutOf(after, schema);
  if (isBlank(before) && isBlank(after)) return 'leaf';
  if (before === undefined || before === null) return right;
  if (after === undefined || after === null) return left;
  return left === right ? left : 'leaf';
}

function isBlank(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** The live object with the configuration's fields put in. */
export function mergeTyped(live: unknown, applied: unknown, schema: Schema | undefined): unknown {
  if (applied === undefined) return live;
  if (live === undefined || live === null) return applied;
  // Nothing in the place of a map or a list that is taken apart takes nothing out of it.
  if (applied === null) return isBlank(live) || layoutOf(live, schema) === 'leaf' ? null : live;
  const layout = commonLayout(live, applied, schema);
  if (layout === 'map') {
    const result: JsonObject = { ...(live as JsonObject) };
    for (const [name, value] of Object.entries(applied as JsonObject)) {
      setOwn(result, name, mergeTyped(ownMember(result, name), value, memberOf(schema, name)));
    }
    return result;
  }
  if (layout === 'list') return mergeItems(live as unknown[], applied as unknown[], schema!);
  return applied;
}

/** Items of both, once each, in an order that keeps the configuration's and, where free, the live one's. */
function mergeItems(live: readonly unknown[], applied: readonly unknown[], schema: Schema): unknown[] {
  const left = itemsByStep(live, schema);
  const leftOrder = live.map((item) => itemStep(item, schema));
  const rightOrder = applied.map((item) => itemStep(item, schema));
  const inRight = new Set(rightOrder);
  const shared = rightOrder.filter((step) => left.has(step));
  const result: unknown[] = [];
  const merged = (index: number) => mergeTyped(left.get(rightOrder[index]!)?.[0], applied[index], schema.items);
  let l = 0;
  let r = 0;
  let s = 0;
  while (l < leftOrder.length || r < rightOrder.length) {
    const leftStep = leftOrder[l];
    const rightStep = rightOrder[r];
    if (leftStep !== undefined && leftStep === rightStep) {
      result.push(merged(r));
      l++;
      r++;
      s++;
    } else if (leftStep !== undefined && !inRight.has(leftStep)) {
      result.push(live[l]);
      l++;
    } else if (leftStep !== undefined && leftStep !== shared[s]) l++;
    else if (rightStep !== undefined) {
      if (rightStep === shared[s]) s++;
      result.push(merged(r));
      r++;
    } else l++;
  }
  return result;
}

/** The value without the fields of the set, each with all that is below it. What is emptied becomes null. */
export function removeFields(value: unknown, schema: Schema | undefined, removed: FieldSet): unknown {
  const layout = layoutOf(value, schema);
  if (removed.isEmpty || layout === 'leaf') return value;
  if (layout === 'map') {
    const result: JsonObject = {};
    for (const [name, member] of Object.entries(value as JsonObject)) {
      const step = fieldStep(name);
      if (removed.members.has(step)) continue;
      const below = removed.children.get(step);
      setOwn(result, name, below ? removeFields(member, memberOf(schema, name), below) : member);
    }
    return Object.keys(result).length > 0 ? result : null;
  }
  const items: unknown[] = [];
  for (const item of value as unknown[]) {
    const step = itemStep(item, schema!);
    if (removed.members.has(step)) continue;
    const below = removed.children.get(step);
    items.push(below ? removeFields(item, schema!.items, below) : item);
  }
  return items.length > 0 ? items : null;
}

/** The set with the declared members on the way to its fields added: to own `spec.size` is to hold `spec` up. */
export function withDeclaredParents(set: FieldSet, schema: Schema | undefined): FieldSet {
  const result = new FieldSet();
  for (const step of set.members) result.members.add(step);
  for (const [step, child] of set.children) {
    const name = step.slice(2);
    const isField = step.startsWith('f:');
    if (isField && isDeclared(schema, name)) result.members.add(step);
    const inner = isField ? memberOf(schema, name) : schema?.items;
    result.children.set(step, withDeclaredParents(child, inner));
  }
  return result;
}
