/** `--at`: keys are looked up in a root of before, given as an object of RFC 11. */
import { CommandError } from '../command-module.ts';
import type { COption, COptions } from '../options/c-options.ts';

export const snapshotOption: COption = {
  name: 'at',
  key: 'a',
  takes: 'value',
  help: 'Lookup relative to RFC 11 snapshot reference',
};

/** @throws CommandError when the value is no JSON */
export function snapshotOf(options: COptions, key: string): unknown {
  const text = options.text('at');
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError(`${key}: Invalid argument`);
  }
}
