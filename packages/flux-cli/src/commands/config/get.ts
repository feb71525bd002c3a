/** `flux config get`. */
import { printJson } from '@ebb/flux-formats';
import { CommandError, CommandExit } from '../../command-module.ts';
import { valueAt } from '../../config/json-path.ts';
import { fetchConfig } from '../../config/live-config.ts';
import { readConfigAt } from '../../config/read-config.ts';
import { secondsOf, typeOfValue, valueTypeOf } from '../../config/value-type.ts';
import { type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux config get',
  usage: '[OPTIONS] [NAME]',
  description: 'Query broker configuration values',
  options: [
    {
      name: 'config-path',
      key: 'c',
      takes: 'value',
      shown: 'PATH|system|security|imp',
      help: 'Get broker config from PATH (default: use live config)',
    },
    {
      name: 'type',
      key: 't',
      takes: 'value',
      shown: 'TYPE',
      help: 'Set expected type (any, string, integer, real, boolean, object, array, fsd, fsd-integer, fsd-real)',
    },
    { name: 'quiet', key: 'q', help: 'Suppress printing of "[key] is not set" errors.' },
    { name: 'default', key: 'd', takes: 'value', shown: 'VAL', help: 'Use this value if config key is unset' },
  ],
};

export async function run(words: readonly string[]): Promise<number> {
  const options: COptions = parseCOptions(syntax, words);
  const [name, ...more] = options.words;
  if (more.length > 0) options.failWithUsage();
  const path = options.text('config-path');
  const config = path === undefined ? await withBroker(fetchConfig) : await readConfigAt(placeOf(path), '');
  process.stdout.write(`${shown(config, name, options)}\n`);
  return 0;
}

/** Some are known by a name. */
function placeOf(path: string): string {
  return ['system', 'security', 'imp'].includes(path) ? `/etc/flux/${path}/conf.d` : path;
}

function shown(config: unknown, name: string | undefined, options: COptions): string {
  const type = valueTypeOf(options.text('type') ?? 'any');
  const value = name === undefined ? config : valueAt(config, name);
  if (value === undefined) {
    const instead = options.text('default');
    if (instead !== undefined) return instead;
    if (options.has('quiet')) throw new CommandExit(1);
    throw new CommandError(`${name} is not set`);
  }
  if (type === 'any' || type === typeOfValue(value)) return typeof value === 'string' ? value : printJson(value);
  const seconds = type.startsWith('fsd') && typeof value === 'string' ? secondsOf(value) : undefined;
  if (seconds === undefined) throw new CommandError(`${name ?? 'value'} does not have the requested type`);
  if (type === 'fsd-integer') return String(Math.trunc(seconds));
  return type === 'fsd-real' ? seconds.toFixed(6) : String(value);
}
