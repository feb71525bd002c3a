/** `flux module load`. */
import { resolve } from 'node:path';
import type { Flux } from '@ebb/flux-client';
import { type COption, type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { failureWithText, withBroker } from '../../with-broker.ts';

/** Options that tell how a module is loaded. */
export const loadOptions: readonly COption[] = [
  { name: 'name', takes: 'value', shown: 'NAME', help: 'Override default module name' },
  { name: 'exec', help: 'Load module as a separate process' },
  { name: 'loader', takes: 'value', shown: 'PATH', help: 'Use the specified loader program' },
];

const syntax: CSyntax = {
  program: 'flux-module load',
  usage: '[OPTIONS] module',
  description: 'Load module',
  options: loadOptions,
};

export async function run(words: readonly string[]): Promise<void> {
  const options: COptions = parseCOptions(syntax, words);
  const [path, ...args] = options.words;
  if (path === undefined) options.failWithUsage();
  await withBroker((flux) => loadModule(flux, options, path, args));
}

/** @throws CommandError when there is no such module, or it is loaded */
export async function loadModule(flux: Flux, options: COptions, path: string, args: readonly string[]): Promise<void> {
  const name = options.text('name');
  const loader = options.text('loader');
  const request = {
    path: wholePath(path),
    args,
    exec: options.has('exec'),
    ...(name === undefined ? {} : { name }),
    ...(loader === undefined ? {} : { loader }),
  };
  await flux.rpc('module.load', request).catch((error: unknown) => failureWithText(`load ${path}`, error));
}

/** A file is named to the broker, which may run elsewhere, by its whole path. */
export function wholePath(path: string): string {
  return path.includes('/') || path.endsWith('.so') ? resolve(path) : path;
}
