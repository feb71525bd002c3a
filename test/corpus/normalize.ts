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
  [/(ResourceVersion in record \()\d+/g, '$1<revision>'],
  [/(\\?"resourceVersion\\?":\\?")\d+/g, '$1<revision>'],
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
  if (Array.isArray(value)) {
    const items = value.map((each) => normalizeValue(each, ''));
    if (field === 'cells') return items.map((cell) => (typeof cell === 'string' && age.test(cell) ? '<age>' : cell));
    // Entries stand in the order of the second they were written in.
    return field === 'causes' || field === 'managedFields' ? inTextOrder(items) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    // The prose of a column is documentation; kinds a server does not have change no other answer.
    .filter(([name]) => name !== 'storageVersionHash' && !(name === 'description' && 'priority' in value))
    .map(([name, each]): [string, unknown] => [normalizeText(name), normalizeValue(each, name)])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return withMessage(Object.fromEntries(entries));
}

const age = /^(\d+[smhdy])+$|^<invalid>$/;

/** The real server lists causes in an order that may follow a map of Go, and one as often as it came upon it. */
function inTextOrder(list: readonly unknown[]): unknown[] {
  const texts = [...new Set(list.map((each) => JSON.stringify(each)))];
  return texts.sort().map((text) => JSON.parse(text) as unknown);
}

/** A Status whose message lists its causes in brackets lists them in the order of their text. */
function withMessage(object: Record<string, unknown>): Record<string, unknown> {
  const { kind, message } = object;
  if (kind !== 'Status' || typeof message !== 'string') return object;
  const [, before, listed] = /^(.*? is invalid: )\[(.*)\]$/s.exec(message) ?? [];
  return listed === undefined ? object : { ...object, message: `${before}[${listed.split(', ').sort().join(', ')}]` };
}

/** Lists in the order of the text of what is in them. */
export function inOneOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(inOneOrder).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inOneOrder(each)]));
}
