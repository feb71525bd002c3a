import { ownMember } from '../schema/own-member.ts';

/** Whether two JSON values are equal, whatever the order of their fields; undefined fields are absent. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((value, index) => isSame(value, b[index]));
  }
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key in x) if (!isSame(x[key], ownMember(y, key))) return false;
  for (const key in y) if (y[key] !== undefined && ownMember(x, key) === undefined) return false;
  return true;
}
