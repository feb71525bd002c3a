/** `flux config builtin`: of what flux-core has compiled in, only what has a meaning here. */
import { CommandError } from '../../command-module.ts';
import { type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';

const syntax: CSyntax = {
  program: 'flux config builtin',
  usage: 'NAME',
  description: 'Print compiled-in Flux configuration values',
  options: [
    { name: 'intree', help: 'Force in-tree paths to be used' },
    { name: 'installed', help: 'Force installed paths to be used' },
  ],
};

const values: Readonly<Record<string, string>> = { rundir: '/run/flux', confdir: '/etc/flux' };

export async function run(words: readonly string[]): Promise<number> {
  const options: COptions = parseCOptions(syntax, words);
  const [name, ...more] = options.words;
  if (name === undefined || more.length > 0) options.failWithUsage();
  if (!Object.hasOwn(values, name)) throw new CommandError(`${name} is invalid`);
  process.stdout.write(`${values[name]}\n`);
  return 0;
}
