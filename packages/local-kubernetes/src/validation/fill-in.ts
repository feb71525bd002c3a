import type { JsonObject } from '../schema/schema.ts';

/**
 * Sets members that are missing, null or an empty text.
 * @param isZeroMissing also those that are 0, as with fields that are no pointers in the Go types
 */
export function fillIn(object: JsonObject, defaults: JsonObject, isZeroMissing = false): void {
  for (const [name, value] of Object.entries(defaults)) {
    const current = object[name];
    const isMissing =
      current === undefined ||
      current === null ||
      (current === '' && typeof value === 'string') ||
      (isZeroMissing && current === 0);
    if (isMissing) object[name] = structuredClone(value);
  }
}
