import type { JsonObject } from '../schema/schema.ts';
import { goText } from './go-text.ts';
import { failedPatch } from './patch-error.ts';

/** The member of a strategic merge patch that says what becomes of the map it stands in. */
export const directive = '$patch';

/** Merges one item of a list, or one member of an object, with what a patch says of it. */
export type MergeItem = (live: JsonObject, patch: JsonObject) => JsonObject;

export function unknownDirective(action: unknown, patch: JsonObject): Error {
  return failedPatch(`unknown patch type: ${goText(action)} in map: ${goText(patch)}`);
}
