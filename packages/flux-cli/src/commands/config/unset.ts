/** `flux config unset`. */
import { deleteAt } from '../../config/json-path.ts';
import { fetchConfig, loadConfig } from '../../config/live-config.ts';
import { type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux config unset',
  usage: 'NAME',
  description: 'Unset broker configuration value',
  options: [],
};

export async function run(words: readonly string[]): Promise<number> {
  const options: COptions = parseCOptions(syntax, words);
  const [name, ...more] = options.words;
  if (name === undefined || more.length > 0) options.failWithUsage();
  await withBroker(async (flux) => {
    const config = await fetchConfig(flux);
    deleteAt(config, name);
    await loadConfig(flux, config, 'Error updating config object');
  });
  return 0;
}
