/** Texts of submit options to their values: time limits, dependencies, signals, environment and limit rules. */
import { constants } from 'node:os';
import { parseDuration } from './duration.ts';
import { FormatError } from './format-error.ts';
import type { JobspecDependency } from './jobspec.ts';

/** Options that are wrong or do not go together; the message is fit to be shown after the command's name. */
export class JobspecOptionError extends Error {
  override readonly name = 'JobspecOptionError';
}

/** `--time-limit`: minutes without a unit, else a Flux Standard Duration. Seconds. */
export function parseTimeLimit(text: string): number {
  const minutes = Number(text);
  if (text.trim() !== '' && !Number.isNaN(minutes)) return minutes * 60;
  try {
    return parseDuration(text);
  } catch (error) {
    throw new JobspecOptionError(`invalid Flux standard duration '${text}'`, { cause: error });
  }
}

/** `--dependency` and `--taskmap`: `afterok:f1234`, `cyclic`, `string:x?key=value`. `name` is the option's. */
export function parseSchemeUri(uri: string, name: string): JobspecDependency {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*)(?::([^?#]*)(?:\?([^#]*))?)?$/.exec(uri);
  if (!match) throw new JobspecOptionError(`Invalid ${name} URI "${uri}"`);
  const entry: JobspecDependency = { scheme: match[1]!.toLowerCase(), value: match[2] ?? '' };
  for (const key of new Set(new URLSearchParams(match[3] ?? '').keys())) {
    const values = new URLSearchParams(match[3]).getAll(key).map(numberOrText);
    entry[key] = values.length === 1 ? values[0] : values;
  }
  return entry;
}

function numberOrText(text: string): number | string {
  const value = Number(text);
  return text.trim() !== '' && !Number.isNaN(value) ? value : text;
}

const defaultWarningSeconds = 60;

/** `--signal=[SIG][@TIME]`: which signal before the end, and how many seconds before. */
export function parseSignalOption(text: string): { signum: number; timeleft: number } {
  const at = text.indexOf('@');
  const signal = at < 0 ? text : text.slice(0, at);
  const time = at < 0 ? '' : text.slice(at + 1);
  try {
    return {
      signum: signal === '' ? constants.signals.SIGUSR1 : parseSignal(signal),
      timeleft: time === '' ? defaultWarningSeconds : parseDuration(time),
    };
  } catch (error) {
    const reason = error instanceof FormatError ? `invalid Flux standard duration '${time}'` : (error as Error).message;
    throw new JobspecOptionError(`--signal=${text}: ${reason}`);
  }
}

/** The number of `15`, `TERM` or `SIGTERM`. @throws JobspecOptionError when there is no such signal */
export function parseSignal(text: string): number {
  const names: Readonly<Record<string, number>> = constants.signals;
  const number = /^-?\d+$/.test(text) ? Number(text) : (names[text] ?? names[`SIG${text}`]);
  if (number === undefined) throw new JobspecOptionError(`signal '${text}' is invalid`);
  if (number <= 0) throw new JobspecOptionError('signal must be > 0');
  return number;
}

/** `KEY=VALUE` of `--setopt` and `--setattr`: JSON where it is JSON, else text; 1 without a value. */
export function parseKeyValue(text: string): { key: string; value: unknown; fromFile: boolean } {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const value = equals < 0 ? '1' : text.slice(equals + 1);
  // ^KEY=PATH: the caller reads the JSON at PATH.
  if (name.startsWith('^')) return { key: name.replace(/^\^+/, ''), value, fromFile: true };
  try {
    return { key: name, value: JSON.parse(value), fromFile: false };
  } catch {
    return { key: name, value, fromFile: false };
  }
}

export interface AddFileArgument {
  /** Name in the job's directory. */
  name: string;
  /** Either the content, or the path to read it from. */
  content?: string;
  path?: string;
  permissions?: number;
}

/** `--add-file`: `PATH`, `NAME=PATH`, `NAME:0755=PATH`, or `NAME=` and lines of content. */
export function parseAddFile(argument: string): AddFileArgument {
  const text = argument.replaceAll('\\n', '\n');
  const equals = text.indexOf('=');
  const data = equals < 0 ? '' : text.slice(equals + 1);
  if (data === '') {
    const path = equals < 0 ? text : text.slice(0, equals);
    if (path.includes('\n')) throw new JobspecOptionError('--add-file: file name missing');
    return { name: path.split('/').at(-1)!, path };
  }
  const target = text.slice(0, equals);
  const permissions = /^([^:]*):(?:0o?)?([0-7]+)$/i.exec(target);
  return {
    name: permissions ? permissions[1]! : target,
    ...(data.includes('\n') ? { content: data } : { path: data }),
    ...(permissions ? { permissions: Number.parseInt(permissions[2]!, 8) } : {}),
  };
}

/** Sets `a.b.c` in an object, making the levels between. @throws JobspecOptionError when a level is no object */
export function setDotted(target: object, key: string, value: unknown): void {
  const parts = key.split('.');
  let level = target as Record<string, unknown>;
  for (const part of parts.slice(0, -1)) {
    if (!Object.hasOwn(level, part)) define(level, part, {});
    const next = level[part];
    if (typeof next !== 'object' || next === null) {
      throw new JobspecOptionError(`failed to set ${key}: ${part} holds ${JSON.stringify(next)}`);
    }
    level = next as Record<string, unknown>;
  }
  define(level, parts.at(-1)!, value);
}

// Not by assignment: a key `__proto__` must stay a key.
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
