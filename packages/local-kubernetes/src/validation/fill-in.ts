import { ownMember, setOwn } from '../schema/own-member.ts';
import type { JsonObject } from '../schema/schema.ts';

/**
 * Sets members that are missing, null or an empty text.
 * @param isZeroMissing also those that are 0, as with fields that are no pointers in the Go types
 */
export function fillIn(object: JsonObject, defaults: JsonObject, isZeroMissing = false): void {
  for (const [name, value] of Object.entries(defaults)) {
    const current = ownMember(object, name);
    const isMissing =
      current === undefined ||
      current === null ||
      (current === '' && typeof value === 'string') ||
      (isZeroMissing && current === 0);
    if (isMissing) setOwn(object, name, structuredClone(value));
  }
}

/** Sets members that are missing or null: an empty text is one that was given. */
export function fillAbsent(object: JsonObject, defaults: JsonObject): void {
  for (const [name, value] of Object.entries(defaults)) object[name] ??= structuredClone(value);
}

/** Storage in protobuf keeps no empty list: what is always written is then null in JSON. */
export function nullWhenEmpty(object: JsonObject, ...names: readonly string[]): void {
  for (const name of names) {
    const value = object[name];
    if (Array.isArray(value) && value.length === 0) object[name] = null;
  }
}
