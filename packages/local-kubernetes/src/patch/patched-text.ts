/**
 * The outcome of a patch as the text a real API server shows when it cannot read it: objects that the patch went through
 * have their members in order, all others stand as their struct writes them.
 */

import { ownMember, setOwn } from '../schema/own-member.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import { jsonPatch, stepsOf } from './json-patch.ts';

/** @param live with its members in the order of the struct's fields */
export function mergedText(live: unknown, patch: unknown): string {
  return written(merged(live, patch));
}

/** @param live with its members in the order of the struct's fields @throws {StatusError} as `jsonPatch` does */
export function operatedText(live: unknown, operations: unknown, isStrict: boolean): string {
  const walked = new Set<JsonObject>();
  const made = jsonPatch(live, operations, isStrict, (document, { op, path, from }) => {
    for (const way of [from, path])
      if (typeof way === 'string') for (const each of along(document, way)) walked.add(each);
    // What is compared is gone through in whole.
    if (op === 'test' && typeof path === 'string')
      for (const each of objectsIn(valueAt(document, path))) walked.add(each);
    // What is copied is copied as it stands.
    for (const each of walked) sortInPlace(each);
  });
  if (isObject(made)) walked.add(made);
  for (const each of walked) sortInPlace(each);
  return written(made);
}

function merged(live: unknown, patch: unknown): unknown {
  // In the place of an object, what is none stands as it came.
  if (!isObject(patch) && isObject(live)) return patch;
  if (!isObject(patch) || !isObject(live)) return sortedDeep(patch);
  const names = [...new Set([...Object.keys(live), ...Object.keys(patch)])].filter(
    (name) => ownMember(patch, name) !== null,
  );
  return Object.fromEntries(
    names
      .sort()
      .map((name) => [name, Object.hasOwn(patch, name) ? merged(ownMember(live, name), patch[name]) : live[name]]),
  );
}

/** What the patch brings, without members that are null. */
function sortedDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedDeep);
  if (!isObject(value)) return value;
  const members = sorted(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, sortedDeep(member)]));
}

/** The objects on the way to what a path names. */
function along(document: { root: unknown }, path: string): JsonObject[] {
  return valuesAlong(document, path).slice(0, -1).filter(isObject);
}

function valueAt(document: { root: unknown }, path: string): unknown {
  return valuesAlong(document, path).at(-1);
}

/** The whole, what the first step of a path leads to, and so on. */
function valuesAlong({ root }: { root: unknown }, path: string): unknown[] {
  const values = [root];
  for (const step of stepsOf(path)) values.push(memberAt(values.at(-1), step));
  return values;
}

function memberAt(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? ownMember(value as JsonObject, name) : undefined;
}

function objectsIn(value: unknown): JsonObject[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(objectsIn);
  return isObject(value) ? [value, ...inside] : inside;
}

/** JSON, with members that are called by a number where maps have them: JavaScript takes those first, whatever is done. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join()}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const isMap = Object.keys(value).some((name) => /^\d+$/.test(name));
  const members = (isMap ? sorted(value) : Object.entries(value)).filter(([, member]) => member !== undefined);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${written(member)}`).join()}}`;
}

function sortInPlace(object: JsonObject): void {
  for (const [name, value] of sorted(object)) {
    delete object[name];
    setOwn(object, name, value);
  }
}

function sorted(object: JsonObject): [name: string, value: unknown][] {
  return Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
}
