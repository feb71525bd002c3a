// Keys of the KVS: components with dots between. Dots at the ends and doubled ones do not count; `.` is the root.

/** `..a..b.` is `a.b`; the root is `.`. */
export function normalizeKey(key: string): string {
  if (!/^\.|\.\.|\.$/.test(key)) return key === '' ? '.' : key;
  const path = pathOf(key);
  return path.length > 0 ? path.join('.') : '.';
}

/** The components; none for the root. */
export function pathOf(key: string): string[] {
  return key.split('.').filter((name) => name !== '');
}
