/**
 * The outcome of a patch as the text a real API server shows when it cannot read it: objects that the patch went through
 * have their members in order, all others stand as their struct writes them.
 */
import { ownMember, setOwn } from '../schema/own-member.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';

/** @param live with its members in the order of the struct's fields */
export function mergedText(live: unknown, patch: unknown): string {
  return JSON.stringify(merged(live, patch));
}

/** @param value what the operations made of an object with its members in the order of the struct's fields */
export function operatedText(value: unknown, operations: unknown): string {
  const ways = (operations as { path?: unknown; from?: unknown }[]).flatMap(({ path, from }) => [path, from]);
  const result = { root: structuredClone(value) };
  for (const way of ways)
    if (typeof way === 'string') sortAlong(result, ['root', ...way.split('/').slice(1)].slice(0, -1));
  sortAlong(result, ['root']);
  return JSON.stringify(result.root);
}

function merged(live: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return sortedDeep(patch);
  if (!isObject(live)) return sortedDeep(patch);
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
  const members = Object.entries(sorted(value)).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, sortedDeep(member)]));
}

function sortAlong(parent: unknown, [step, ...rest]: readonly string[]): void {
  if (step === undefined || typeof parent !== 'object' || parent === null) return;
  const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
  const members = parent as JsonObject;
  if (!Object.hasOwn(members, name)) return;
  if (isObject(members[name])) setOwn(members, name, sorted(members[name]));
  sortAlong(members[name], rest);
}

function sorted(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
