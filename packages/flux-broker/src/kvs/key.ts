// Keys of the KVS: components with dots between. Dots at the ends and doubled ones do not count; `.` is the root.

/** `..a..b.` is `a.b`; the root is `.`, and the empty key is a name as any other. */
export function normalizeKey(key: string): string {
  if (!/^\.|\.\.|\.$/.test(key)) return key;
  const path = pathOf(key);
  return path.length > 0 ? path.join('.') : '.';
}

/** The components; none for the root. */
export function pathOf(key: string): string[] {
  return key === '' ? [''] : key.split('.').filter((name) => name !== '');
}
