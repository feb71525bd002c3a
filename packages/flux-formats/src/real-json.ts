/**
 * JSON text as jansson writes it, which is how Flux keeps objects in the KVS: a real stays a real (`0.0`), with 17
 * digits, and members keep their order.
 */
import { randomBytes } from 'node:crypto';

// A string, or a number; only numbers are looked at.
const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
// Numbers pass through JSON.parse as strings that begin with this; no sender can know it.
const mark = `\ufdd1${randomBytes(12).toString('base64')}`;
/** Digits that tell every double from every other, as in C's %.17g. */
const digits = 17;
const leastPlain = -4;

/** A number that was written with a fraction or an exponent. */
export class JsonReal {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  /** As C's %.17g, with `.0` where nothing tells that it is a real, and an exponent without leading zeros. */
  toString(): string {
    const [mantissa = '', exponent = '0'] = this.value.toExponential(digits - 1).split('e');
    const power = Number(exponent);
    if (power < leastPlain || power >= digits) return `${trimmed(mantissa)}e${power}`;
    const text = trimmed(this.value.toFixed(digits - 1 - power));
    return text.includes('.') ? text : `${text}.0`;
  }
}

/** The value of a JSON text in which each real is a {@link JsonReal}. @throws SyntaxError when the text is not JSON */
export function parseJsonReals(text: string): unknown {
  // What is replaced below must be numbers of a JSON text.
  const plain: unknown = JSON.parse(text);
  let hasMark = false;
  const marked = text.replace(token, (part) => {
    if (part[0] === '"' || (Number.isSafeInteger(Number(part)) && !/[.eE]/.test(part))) return part;
    hasMark = true;
    return `"${mark}${part}"`;
  });
  if (!hasMark) return plain;
  return JSON.parse(marked, (_, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith(mark)) return value;
    const number = value.slice(mark.length);
    return /[.eE]/.test(number) ? new JsonReal(Number(number)) : BigInt(number);
  });
}

/** A copy of `value` that has the reals of `source` wherever both have the same number. */
export function withReals(value: unknown, source: unknown): unknown {
  if (typeof value === 'number') return source instanceof JsonReal && source.value === value ? source : value;
  if (typeof value !== 'object' || value === null || typeof source !== 'object' || source === null) return value;
  const from = source as Record<string, unknown>;
  if (Array.isArray(value)) return value.map((item, at) => withReals(item, from[at]));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withReals(member, Object.hasOwn(from, name) && from[name])]),
  );
}

/** `spaced`: with blanks after commas and colons, as jansson prints by itself; else as it prints compactly. */
export function printJsonReals(value: unknown, spaced: boolean): string {
  if (value instanceof JsonReal || typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? String(value) : Number.isFinite(value) ? String(new JsonReal(value)) : 'null';
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const comma = spaced ? ', ' : ',';
  if (Array.isArray(value)) return `[${value.map((item) => printJsonReals(item, spaced)).join(comma)}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const colon = spaced ? ': ' : ':';
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}${colon}${printJsonReals(member, spaced)}`).join(comma)}}`;
}

function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
