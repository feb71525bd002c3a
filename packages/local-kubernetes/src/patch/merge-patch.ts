/** JSON Merge Patch (RFC 7396). */
import { ownMember, setOwn } from '../schema/own-member.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';

/** The patched copy: members that are null in the patch go, objects merge, everything else is replaced. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return structuredClone(patch);
  const result: JsonObject = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else setOwn(result, name, mergePatch(ownMember(result, name), value));
  }
  return result;
}
