/** resourceVersion as a number. Facts: strconv.ParseUint, and apiserver's pkg/storage/api_object_versioner.go. */
import { goQuote } from '../schema/field-error.ts';

const largest = 2n ** 64n - 1n;

/**
 * @returns 0 for none
 * @throws what `refuse` makes of Go's words for a text that is no number
 */
export function parseRevision(text: string, refuse: (why: string) => Error): number {
  if (text === '') return 0;
  const refused = (why: string) => refuse(`strconv.ParseUint: parsing ${goQuote(text)}: ${why}`);
  if (!/^\d+$/.test(text)) throw refused('invalid syntax');
  if (BigInt(text) > largest) throw refused('value out of range');
  return Number(text);
}

/** That of a request's query. @throws what `refuse` makes of the problem */
export function askedRevision(text: string, refuse: (problem: string) => Error): number {
  return parseRevision(text, (why) => refuse(`resourceVersion: Invalid value: ${goQuote(text)}: ${why}`));
}
