/** What strict decoding finds in a body: fields that nobody knows, members that stand twice. */
import type { StatusError } from '../client/status-error.ts';
import type { Caller, WriteOptions } from './request.ts';

/** How closely a body is looked at, and what reading its text has found already. */
export type Reading = Pick<WriteOptions, 'fieldValidation' | 'duplicates' | 'problems'>;

/** Refuses what was found, warns of it or passes over it, as the client chose. @throws what `refuse` makes of all of it */
export function tellStrict(
  texts: readonly string[],
  { fieldValidation }: Reading,
  caller: Caller,
  refuse: (why: string) => StatusError,
): void {
  if (texts.length === 0) return;
  if (fieldValidation === 'Strict') throw refuse(`strict decoding error: ${texts.join(', ')}`);
  if (fieldValidation === 'Warn') for (const text of texts) caller.warn(text);
}

export function duplicateTexts({ duplicates = [] }: Reading): string[] {
  return duplicates.map((path) => `duplicate field "${path}"`);
}
