import { randomBytes } from 'node:crypto';

/** Letters and digits without vowels and look-alikes, so that no word comes out. As apimachinery's util/rand. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const suffixLength = 5;
const longestBase = 63 - suffixLength;

/** A random text for generated names. */
export function randomSuffix(length = suffixLength): string {
  let text = '';
  for (const byte of randomBytes(length)) text += alphabet[byte % alphabet.length];
  return text;
}

/** `generateName` cut to leave room, and a suffix. */
export function generatedName(base: string, suffix: string): string {
  return base.slice(0, longestBase) + suffix;
}
