/** `flux module stats`: what a module tells of itself. */
import { CommandError } from '../../command-module.ts';
import { valueAt } from '../../config/json-path.ts';
import { type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { failureOf, failureWithText, withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux-module stats',
  usage: '[OPTIONS] module',
  description: 'Display stats on module',
  options: [
    { name: 'parse', key: 'p', takes: 'value', shown: 'OBJNAME', help: 'Parse object period-delimited object name' },
    { name: 'scale', key: 's', takes: 'value', shown: 'N', help: 'Scale numeric JSON value by N' },
    { name: 'type', key: 't', takes: 'value', shown: 'int|double', help: 'Convert JSON value to specified type' },
    {
      name: 'rusage',
      key: 'R',
      takes: 'optional',
      shown: '[self|children|thread]',
      help: 'Request rusage data instead of stats (default: self)',
    },
    { name: 'clear', key: 'c', help: 'Clear stats on target rank' },
    { name: 'clear-all', key: 'C', help: 'Clear stats on all ranks' },
  ],
};

export async function run(words: readonly string[]): Promise<void> {
  const options: COptions = parseCOptions(syntax, words);
  const [service, ...more] = options.words;
  if (service === undefined || more.length > 0) options.failWithUsage();
  await withBroker(async (flux) => {
    if (options.has('clear')) {
      const topic = `${service}.stats-clear`;
      await flux.rpc(topic).catch((error: unknown) => failureOf(topic, error));
      return;
    }
    if (options.has('clear-all')) return void (await flux.publish(`${service}.stats-clear`));
    const topic = `${service}.${options.has('rusage') ? 'rusage' : 'stats-get'}`;
    const who = options.text('rusage');
    const answer = await flux
      .rpc(topic, who === undefined ? undefined : { who })
      .catch((error: unknown) => failureWithText(topic, error));
    process.stdout.write(`${shown(answer, options)}\n`);
  });
}

function shown(answer: unknown, options: COptions): string {
  const name = options.text('parse');
  const value = name === undefined ? answer : valueAt(answer, name);
  if (value === undefined) throw new CommandError(`\`${name}' not found in response`);
  const scale = Number(options.text('scale') ?? 1);
  const number = typeof value === 'number' || typeof value === 'bigint' ? Number(value) : 0;
  const type = options.text('type');
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  if (type === 'int' || (isNumber && Number.isInteger(number) && type !== 'double')) {
    return String(Math.trunc(number * scale));
  }
  if (type === 'double' || isNumber) return (number * scale).toFixed(6);
  return JSON.stringify(value, undefined, 1);
}
