/**
 * JSON as it stands in Flux messages: 64-bit integers such as job ids keep every digit. An integer beyond 2^53 is read
 * as a bigint, and a bigint is written as a plain integer.
 */
import { randomBytes } from 'node:crypto';

// Only an integer of 16 digits or more can be beyond 2^53; it stands after one of these, or alone.
const candidate = /(?:^|[:,[])\s*(-?[1-9]\d{15,})(?=\s*(?:[,\]}]|$))/g;
const maybeLarge = /\d{16}/;
// Large integers pass through JSON.parse as strings that begin with this; no sender can know it.
const mark = `\ufdd0${randomBytes(12).toString('base64')}`;

/** @throws SyntaxError when the text is not JSON */
export function parseJson(text: string | Uint8Array): unknown {
  const string =
    typeof text === 'string' ? text : Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('utf8');
  if (!maybeLarge.test(string)) return JSON.parse(string);
  const markedText = marked(string);
  const value: unknown = JSON.parse(markedText);
  return markedText === string ? value : unmarked(value);
}

// The text with its large integers made into marked strings.
function marked(text: string): string {
  let result = '';
  let copied = 0;
  const strings = new StringSkipper(text);
  for (const match of text.matchAll(candidate)) {
    const digits = match[1]!;
    const start = match.index + match[0].length - digits.length;
    if (Number.isSafeInteger(Number(digits)) || strings.isInside(start)) continue;
    result += `${text.slice(copied, start)}"${mark}${digits}"`;
    copied = start + digits.length;
  }
  return copied === 0 ? text : result + text.slice(copied);
}

/** Tells, for ascending positions, whether they stand inside a string of a JSON text. */
class StringSkipper {
  readonly #text: string;
  #next = 0;
  #isInside = false;

  constructor(text: string) {
    this.#text = text;
  }

  isInside(position: number): boolean {
    for (;;) {
      const quote = this.#text.indexOf('"', this.#next);
      if (quote < 0 || quote >= position) return this.#isInside;
      this.#next = quote + 1;
      if (!this.#isInside) this.#isInside = true;
      else if (!this.#isEscaped(quote)) this.#isInside = false;
    }
  }

  #isEscaped(quote: number): boolean {
    let backslashes = 0;
    while (this.#text.charCodeAt(quote - 1 - backslashes) === 92) backslashes++;
    return backslashes % 2 === 1;
  }
}

function unmarked(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = unmarked(value[i]);
    return value;
  }
  const members = value as Record<string, unknown>;
  for (const name in members) {
    const member = members[name];
    if (typeof member === 'object') unmarked(member);
    else if (typeof member === 'string' && member.startsWith(mark)) {
      define(members, name, BigInt(member.slice(mark.length)));
    }
  }
  return members;
}

// Not by assignment: `__proto__` may be a member's name.
function define(members: object, name: string, value: bigint): void {
  Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
}

/** Compact JSON text, no spaces. */
export function printJson(value: unknown): string {
  // The native way is the fastest, but knows no bigint.
  return (holdsBigint(value) ? print(value) : JSON.stringify(value)) ?? 'null';
}

function holdsBigint(value: unknown): boolean {
  if (typeof value === 'bigint') return true;
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsBigint);
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return true;
  for (const name in value) if (holdsBigint((value as Record<string, unknown>)[name])) return true;
  return false;
}

// As JSON.stringify prints; undefined where it leaves a member out.
function print(value: unknown): string | undefined {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return print(toJSON.call(value));
  if (Array.isArray(value)) return `[${value.map((item) => print(item) ?? 'null').join(',')}]`;
  let text = '';
  for (const [name, member] of Object.entries(value)) {
    const printed = print(member);
    if (printed === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${printed}`;
  }
  return `{${text}}`;
}

/**
 * A job id out of a payload.
 * @throws TypeError when it is neither a non-negative integer nor a bigint
 */
export function toFluid(value: unknown): bigint {
  if (typeof value === 'bigint' && value >= 0n) return value;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  throw new TypeError('a job id must be a non-negative integer');
}
