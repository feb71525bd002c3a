/**
 * JSON as it stands in Flux messages: 64-bit integers such as job ids keep every digit. An integer beyond 2^53 is read
 * as a bigint, and a bigint is written as a plain integer.
 */
import { parse } from 'lossless-json';

const manyDigits = /\d{16}/;

/** @throws SyntaxError when the text is not JSON */
export function parseJson(text: string | Uint8Array): unknown {
  const string =
    typeof text === 'string' ? text : Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('utf8');
  if (!manyDigits.test(string)) return JSON.parse(string);
  return parse(string, undefined, number);
}

function number(text: string): number | bigint {
  if (!/^-?\d+$/.test(text)) return Number(text);
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** Compact JSON text, no spaces. */
export function printJson(value: unknown): string {
  let hasBigint = false;
  const text = JSON.stringify(value, (_, item: unknown) => {
    if (typeof item !== 'bigint') return item;
    hasBigint = true;
    return `${mark}${item}`;
  });
  return hasBigint ? text.replaceAll(marked, '$1') : text;
}

// A string that no payload holds, to tell a printed bigint from a string of digits.
const mark = '\u0001bigint:';
const marked = /"\\u0001bigint:(-?\d+)"/g;

/**
 * A job id out of a payload.
 * @throws TypeError when it is neither a non-negative integer nor a bigint
 */
export function toFluid(value: unknown): bigint {
  if (typeof value === 'bigint' && value >= 0n) return value;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  throw new TypeError('a job id must be a non-negative integer');
}
