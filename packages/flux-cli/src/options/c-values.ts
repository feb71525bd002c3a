/** Values of C commands' options that are more than text: durations, sizes, floating point numbers, colors. */
import { FormatError, parseDuration, strerror } from '@ebb/flux-formats';
import type { COption, COptions } from './c-options.ts';

const overflow = 75;
const invalid = 22;
const largestInt = 2 ** 31 - 1;

/** Seconds, of a Flux Standard Duration. @throws CommandExit after saying that it is none */
export function durationOption(options: COptions, name: string): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  try {
    return parseDuration(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return options.failOption(`Invalid argument for option '${name}': '${text}'`);
  }
}

const scales = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

/** Bytes, as `100`, `1.5k` or `2M`; at most what a C int holds. @throws CommandExit after saying that it is none */
export function sizeOption(options: COptions, name: string): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const match = /^\s*\+?(0x[0-9a-f]+|\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)([kKMGTPE]?)$/i.exec(text);
  const exponent = match ? scales.indexOf(match[2] === 'K' ? 'k' : match[2]!) : -1;
  if (!match || exponent < 0) {
    return options.failOption(`invalid argument for option '${name}': ${text}: ${strerror(invalid)}`);
  }
  const octal = /^0\d+$/.test(match[1]!);
  const bytes = Math.floor((octal ? Number.parseInt(match[1]!, 8) : Number(match[1])) * 1024 ** exponent);
  if (bytes > 2 ** 64 - 1) {
    return options.failOption(`invalid argument for option '${name}': ${text}: ${strerror(overflow)}`);
  }
  if (bytes > largestInt) return options.failOption(`${name}: value ${text} too large (must be < 2G)`);
  return bytes;
}

/** The option that {@link colorOption} reads. */
export const colorSyntax: COption = {
  name: 'color',
  key: 'L',
  takes: 'optional',
  shown: 'WHEN',
  help: "Colorize output when supported; WHEN can be 'always' (default if omitted), 'never', or 'auto' (default).",
};

/** Whether to print with colors: an option whose value is `always` (also when left out), `never` or `auto`. */
export function colorOption(options: COptions, name: string): boolean {
  const without = process.env['NO_COLOR'] ? 'never' : 'auto';
  const when = options.has(name) ? (options.text(name) ?? 'always') : without;
  if (when === 'always') return true;
  if (when === 'never') return false;
  if (when === 'auto') return process.stdout.isTTY === true;
  return options.failOption(`Invalid argument to --${name}: '${when}'`, { unnamed: true });
}
