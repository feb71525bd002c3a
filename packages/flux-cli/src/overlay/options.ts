/** Options that subcommands of `flux overlay` share. */
import type { COption, COptions } from '../options/c-options.ts';
import { durationOption } from '../options/c-values.ts';

export const defaultTimeoutSeconds = 0.5;

export const timeoutOption: COption = {
  name: 'timeout',
  key: 't',
  takes: 'value',
  shown: 'FSD',
  help: 'Set RPC timeout, 0=disable (default 0.5s)',
};

/** Milliseconds that one request may take; undefined: no limit. */
export function timeoutOf(options: COptions, seconds = defaultTimeoutSeconds): number | undefined {
  const given = durationOption(options, 'timeout') ?? seconds;
  return given === 0 ? undefined : given * 1000;
}
