/** `flux module remove`, also called `unload`. */
import { type Flux, FluxError } from '@ebb/flux-client';
import { CommandError } from '../../command-module.ts';
import { type COption, type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { withBroker } from '../../with-broker.ts';
import { wholePath } from './load.ts';

export const forceOption: COption = { name: 'force', key: 'f', help: 'Ignore nonexistent modules' };

export const cancelOption: COption = {
  name: 'cancel',
  help: 'Forcibly stop an unresponsive module thread when it reaches the next pthread(7) cancellation point',
};

const syntaxOf = (name: string): CSyntax => ({
  program: `flux-module ${name}`,
  usage: '[OPTIONS] module',
  description: 'Unload module',
  options: [forceOption, cancelOption],
});

export async function run(words: readonly string[], name: string): Promise<void> {
  const options: COptions = parseCOptions(syntaxOf(name), words);
  const [module, ...more] = options.words;
  if (module === undefined || more.length > 0) options.failWithUsage();
  await withBroker((flux) => removeModule(flux, options, module));
}

/** @throws CommandError when there is no such module, unless that was to be ignored */
export async function removeModule(flux: Flux, options: COptions, name: string): Promise<void> {
  const request = { name: wholePath(name), cancel: options.has('cancel') };
  await flux.rpc('module.remove', request).catch((error: unknown) => {
    if (!(error instanceof FluxError)) throw error;
    if (error.code === 'ENOENT' && options.has('force')) return;
    throw new CommandError(`remove ${name}: ${error.message}`);
  });
}
