/** Job ids: FLUIDs of RFC 19, 64 bits held as bigint, and the forms in which people write them. */
import { looksLikeEmoji, parseEmoji, printEmoji } from './fluid-emoji.ts';
import { parseWords, printWords } from './fluid-words.ts';
import { FormatError } from './format-error.ts';

export const fluidForms = ['f58', 'f58plain', 'dec', 'hex', 'dothex', 'kvs', 'words', 'emoji'] as const;
export type FluidForm = (typeof fluidForms)[number];

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const digits = new Map([...alphabet].map((digit, value) => [digit, BigInt(value)]));
const mostDigits = 12;
const largest = 0xffff_ffff_ffff_ffffn;

/**
 * The id that a text in any form stands for; space around it does not matter.
 * @throws FormatError when the text is no FLUID in any form, saying why
 */
export function parseFluid(text: string): bigint {
  const trimmed = text.trim();
  const value = anyForm(text, trimmed);
  if (value > largest) throw new FormatError('FLUID', text, 'is larger than 64 bits');
  return value;
}

function anyForm(text: string, trimmed: string): bigint {
  const dothex = /^(?:job\.)?([0-9a-f]{1,4})\.([0-9a-f]{1,4})\.([0-9a-f]{1,4})\.([0-9a-f]{1,4})$/i.exec(trimmed);
  if (dothex)
    return BigInt(
      `0x${dothex
        .slice(1)
        .map((group) => group.padStart(4, '0'))
        .join('')}`,
    );
  if (trimmed.includes('-') && /^[a-z]/i.test(trimmed)) return parseWords(trimmed);
  if (/^[ƒf]/.test(trimmed)) return parseF58(text, trimmed.slice(1));
  if (/^(\d+|0x[0-9a-f]+)$/i.test(trimmed)) return BigInt(trimmed);
  if (looksLikeEmoji(trimmed)) return parseEmoji(trimmed);
  throw new FormatError('FLUID', text, `is in none of the forms ${fluidForms.join(', ')}`);
}

function parseF58(text: string, body: string): bigint {
  if (body === '' || body.length > mostDigits) {
    throw new FormatError('FLUID', text, `must have 1 to ${mostDigits} digits after the f`);
  }
  let value = 0n;
  for (const [index, digit] of [...body].entries()) {
    const digitValue = digits.get(digit);
    if (digitValue === undefined) throw new FormatError('FLUID', text, `${digit} is no base58 digit`, index + 1);
    value = value * 58n + digitValue;
  }
  return value;
}

/** The id in a form. @throws RangeError when it does not fit 64 bits */
export function printFluid(id: bigint, form: FluidForm = 'f58'): string {
  if (id < 0n || id > largest) throw new RangeError(`${id} is no 64-bit id`);
  switch (form) {
    case 'f58':
      return `ƒ${base58(id)}`;
    case 'f58plain':
      return `f${base58(id)}`;
    case 'dec':
      return id.toString();
    case 'hex':
      return `0x${id.toString(16)}`;
    case 'dothex':
      return id.toString(16).padStart(16, '0').match(/.{4}/g)!.join('.');
    case 'kvs':
      return `job.${printFluid(id, 'dothex')}`;
    case 'words':
      return printWords(id);
    case 'emoji':
      return printEmoji(id);
  }
}

function base58(id: bigint): string {
  let text = '';
  for (let rest = id; rest > 0n; rest /= 58n) text = alphabet[Number(rest % 58n)] + text;
  return text || '1';
}
