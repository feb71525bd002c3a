// Annotations of a job: an object of free form, in which a memo of the user stands under `user` (RFC 21, event memo).

type Fields = Record<string, unknown>;

/** The annotations after a memo: it is merged into `user`, and null removes. Undefined when nothing is left. */
export function annotationsWithMemo(annotations: Fields | undefined, memo: Fields): Fields | undefined {
  const merged = withoutNull(merge(annotations ?? {}, { user: memo }));
  return Object.keys(merged).length > 0 ? merged : undefined;
}

function merge(old: Fields, update: Fields): Fields {
  const result = { ...old };
  for (const [name, value] of Object.entries(update)) {
    const before = result[name];
    result[name] = isFields(before) && isFields(value) ? merge(before, value) : value;
  }
  return result;
}

function withoutNull(fields: Fields): Fields {
  const kept = Object.entries(fields)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => [name, isFields(value) ? withoutNull(value) : value] as const)
    .filter(([, value]) => !isFields(value) || Object.keys(value).length > 0);
  return Object.fromEntries(kept);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
