/** JSON Merge Patch (RFC 7396), as the API server's own: what is new in a list has no members that are null either. */
import { ownMember, setOwn } from '../schema/own-member.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';

/** The patched copy: members that are null in the patch go, objects merge, everything else is replaced. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  // In the place of an object, what is none stands as it came.
  if (!isObject(patch)) return isObject(target) ? structuredClone(patch) : withoutNulls(patch);
  const result: JsonObject = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else setOwn(result, name, mergePatch(ownMember(result, name), value));
  }
  return result;
}

/** Lists keep their nulls, objects do not. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [name, member] of Object.entries(value)) {
    if (member !== null) setOwn(result, name, withoutNulls(member));
  }
  return result;
}
