import type { JsonObject } from '../schema/schema.ts';

/** Sets members that are missing, null, or an empty text or 0 where the default is neither. */
export function fillIn(object: JsonObject, defaults: JsonObject): void {
  for (const [name, value] of Object.entries(defaults)) {
    const current = object[name];
    const isMissing =
      current === undefined ||
      current === null ||
      (current === '' && typeof value === 'string') ||
      (current === 0 && typeof value === 'number');
    if (isMissing) object[name] = structuredClone(value);
  }
}
