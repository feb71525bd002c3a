/** `flux getattr NAME`: the value of a broker attribute. */
import { connect, FluxError } from '@ebb/flux-client';
import { CommandError } from '../command-module.ts';
import { type COptions, parseCOptions } from '../options/c-options.ts';

const syntax = {
  program: 'flux getattr',
  usage: 'name',
  description: 'Get broker attribute',
  options: [],
} as const;

export async function run(words: string[]): Promise<number> {
  const options: COptions = parseCOptions(syntax, words);
  const [name, ...more] = options.words;
  if (name === undefined || more.length > 0) options.failWithUsage();
  const flux = await connect();
  try {
    process.stdout.write(`${await flux.attr(name)}\n`);
  } catch (error) {
    throw error instanceof FluxError ? new CommandError(`${name}: ${error.message}`) : error;
  } finally {
    await flux.close();
  }
  return 0;
}
