/** What differs from run to run becomes a word that says what stood there. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uid>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/\b127\.0\.0\.1:\d+\b/g, '<address>'],
  [/https:\/\/kubernetes\.default\.svc(\.cluster\.local)?\b/g, '<issuer>'],
  [/(Bad_)[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '$1<suffix>'],
  [/\b10\.\d+\.\d+\.\d+\b/g, '<ip>'],
  [/(kube-api-access-)[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '$1<suffix>'],
  [/(generated-)[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '$1<suffix>'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<token>'],
  [/(too old resource version: \d+) \(\d+\)/g, '$1 (<revision>)'],
  [/(Too large resource version: \d+, current: )\d+/g, '$1<revision>'],
];

export function normalizeText(text: string): string {
  return patterns.reduce((result, [pattern, word]) => result.replace(pattern, word), text);
}

/** A body as JSON where it is JSON, line by line for a stream. */
export function normalizeBody(text: string, isStream: boolean): unknown {
  if (isStream)
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => normalizeBody(line, false));
  try {
    return normalizeValue(JSON.parse(text), '');
  } catch {
    return normalizeText(text);
  }
}

function normalizeValue(value: unknown, field: string): unknown {
  if (typeof value === 'string') {
    if (field === 'resourceVersion' && value !== '' && value !== '0') return '<revision>';
    if (field === 'continue') return '<continue>';
    if (field === 'storageVersionHash') return '<hash>';
    return normalizeText(value);
  }
  if (Array.isArray(value)) return value.map((each) => normalizeValue(each, ''));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    // The prose of a column is documentation; kinds a server does not have change no other answer.
    .filter(([name]) => name !== 'storageVersionHash' && !(name === 'description' && 'priority' in value))
    .map(([name, each]): [string, unknown] => [normalizeText(name), normalizeValue(each, name)])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries);
}
