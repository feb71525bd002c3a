/** `'%s has %d'.format([...])`: the verbs s, d, f, e, b, x, X, o of CEL's format. */

export function formatText(template: string, values: readonly unknown[]): string {
  let next = 0;
  return template.replace(
    /%(?:\.(\d+))?([%sdfebxXo])?/g,
    (_found, precision: string | undefined, verb: string | undefined) => {
      if (verb === '%') return '%';
      if (verb === undefined) throw new Error('unrecognized formatting clause');
      if (next >= values.length) throw new Error(`index ${next} out of range`);
      return formatOne(verb, values[next++], precision === undefined ? 6 : Number(precision));
    },
  );
}

function formatOne(verb: string, value: unknown, precision: number): string {
  switch (verb) {
    case 's':
      return printValue(value);
    case 'd':
      if (typeof value !== 'bigint' && typeof value !== 'number')
        throw new Error('decimal clause can only be used on numbers');
      return printNumber(value);
    case 'f':
      return Number(value).toFixed(Math.min(precision, 100));
    case 'e':
      return Number(value)
        .toExponential(Math.min(precision, 100))
        .replace(/e([+-])(\d)$/, 'e$10$2');
    case 'b':
      return typeof value === 'boolean' ? (value ? '1' : '0') : (value as bigint).toString(2);
    case 'o':
      return (value as bigint).toString(8);
    default:
      return hexadecimal(value, verb === 'X');
  }
}

function hexadecimal(value: unknown, isUpper: boolean): string {
  let text: string;
  if (typeof value === 'string') text = Buffer.from(value).toString('hex');
  else if (value instanceof Uint8Array) text = Buffer.from(value).toString('hex');
  else text = (value as bigint).toString(16);
  return isUpper ? text.toUpperCase() : text;
}

function printNumber(value: bigint | number): string {
  if (typeof value === 'bigint' || Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

function printValue(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number' || typeof value === 'bigint') return printNumber(value);
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (Array.isArray(value)) return `[${value.map(printValue).join(', ')}]`;
  if (value instanceof Map) {
    const entries = [...value].map(([key, member]) => `${printValue(key)}: ${printValue(member)}`);
    return `{${entries.sort().join(', ')}}`;
  }
  return String(value);
}
