/**
 * Job ids as words, RFC 19: mnemonicode. Each four bytes, the least significant first, are a number of three digits in
 * base 1626, and a digit is a word: `academy-academy-academy--academy-academy-academy` is 0.
 */
import { mnemonicWords } from './fluid-word-list.ts';
import { FormatError } from './format-error.ts';

const base = 1626;
const wordsOfHalf = 3;

export function printWords(id: bigint): string {
  return [id & 0xffff_ffffn, id >> 32n].map((half) => wordsOf(Number(half)).join('-')).join('--');
}

function wordsOf(half: number): string[] {
  return [half % base, Math.floor(half / base) % base, Math.floor(half / base / base)].map(
    (digit) => mnemonicWords[digit]!,
  );
}

let digitsByWord: Map<string, number> | undefined;

/** Words in either case with anything but letters between them. @throws FormatError naming an unknown word */
export function parseWords(text: string): bigint {
  digitsByWord ??= new Map(mnemonicWords.slice(0, base).map((word, digit) => [word, digit]));
  const digits: number[] = [];
  for (const { 0: word, index } of text.matchAll(/[a-z]+/gi)) {
    const digit = digitsByWord.get(word.toLowerCase());
    if (digit === undefined) throw new FormatError('FLUID', text, `${word} is not among the words of ids`, index);
    digits.push(digit);
  }
  if (digits.length !== 2 * wordsOfHalf) {
    throw new FormatError('FLUID', text, `has ${digits.length} words, not ${2 * wordsOfHalf}`);
  }
  return half(text, digits.slice(0, wordsOfHalf)) | (half(text, digits.slice(wordsOfHalf)) << 32n);
}

function half(text: string, [low, middle, high]: readonly number[]): bigint {
  const value = low! + middle! * base + high! * base * base;
  if (value > 0xffff_ffff) throw new FormatError('FLUID', text, 'has three words that stand for no number');
  return BigInt(value);
}
