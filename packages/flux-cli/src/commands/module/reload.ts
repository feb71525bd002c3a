/** `flux module reload`. */
import { type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { withBroker } from '../../with-broker.ts';
import { loadModule, loadOptions } from './load.ts';
import { cancelOption, forceOption, removeModule } from './remove.ts';

const [name, ...others] = loadOptions;

const syntax: CSyntax = {
  program: 'flux-module reload',
  usage: '[OPTIONS] module',
  description: 'Reload module',
  options: [forceOption, name!, cancelOption, ...others],
};

export async function run(words: readonly string[]): Promise<void> {
  const options: COptions = parseCOptions(syntax, words);
  const [path, ...args] = options.words;
  if (path === undefined) options.failWithUsage();
  await withBroker(async (flux) => {
    await removeModule(flux, options, options.text('name') ?? path);
    await loadModule(flux, options, path, args);
  });
}
