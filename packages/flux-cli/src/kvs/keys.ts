/** Keys as they stand on the command line. */
import { CommandError } from '../command-module.ts';

/** Without points that say nothing: double ones, at the start, at the end (flux-core: kvs_util_normalize_key). */
export function normalizedKey(key: string): string {
  const single = key.replaceAll(/\.+/g, '.');
  const fromStart = single.length > 1 && single.startsWith('.') ? single.slice(1) : single;
  return fromStart.length > 1 && fromStart.endsWith('.') ? fromStart.slice(0, -1) : fromStart;
}

/** @throws CommandError when it is empty */
export function checkedKey(key: string, what = key): string {
  if (key === '') throw new CommandError(`${what}: Invalid argument`);
  return key;
}

/** The key of an entry of a directory. */
export function keyWithin(directory: string, name: string): string {
  return directory === '.' ? name : `${normalizedKey(directory)}.${name}`;
}
