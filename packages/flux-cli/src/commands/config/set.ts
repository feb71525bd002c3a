/** `flux config set`. */
import { CommandError } from '../../command-module.ts';
import { setAt, valueAt } from '../../config/json-path.ts';
import { fetchConfig, loadConfig } from '../../config/live-config.ts';
import { typeOfValue, valueFrom, valueTypeOf } from '../../config/value-type.ts';
import { type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux config set',
  usage: '[OPTIONS] NAME VALUE',
  description: 'Set broker configuration value',
  options: [
    {
      name: 'type',
      key: 't',
      takes: 'value',
      shown: 'TYPE',
      help: 'Specify type (string, integer, real, boolean, object, array, fsd)',
    },
  ],
};

export async function run(words: readonly string[]): Promise<number> {
  const options: COptions = parseCOptions(syntax, words);
  const [name, text, ...more] = options.words;
  if (name === undefined || text === undefined || more.length > 0) options.failWithUsage();
  const given = options.text('type');
  const type = given === undefined ? undefined : valueTypeOf(given);
  if (type === 'fsd-integer' || type === 'fsd-real') {
    throw new CommandError(`Invalid type for the set subcommand: ${given}`);
  }
  await withBroker(async (flux) => {
    const config = await fetchConfig(flux);
    const before = valueAt(config, name);
    if (type === undefined && before === undefined) throw new CommandError('Type is unknown, please specify --type');
    setAt(config, name, valueFrom(text, type ?? typeOfValue(before)));
    await loadConfig(flux, config, 'Error updating config object');
  });
  return 0;
}
