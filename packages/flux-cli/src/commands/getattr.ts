/** `flux getattr NAME`: the value of a broker attribute. */
import { connect, FluxError } from '@ebb/flux-client';
import { CommandError } from '../command-module.ts';
import { parser } from '../parser.ts';

export async function run(words: string[]): Promise<number> {
  const program = parser('getattr', 'Print the value of a broker attribute').argument('<name>');
  const [name] = program.parse(words, { from: 'user' }).args;
  const flux = await connect();
  try {
    process.stdout.write(`${await flux.attr(name!)}\n`);
  } catch (error) {
    throw error instanceof FluxError ? new CommandError(`${name}: ${error.message}`) : error;
  } finally {
    await flux.close();
  }
  return 0;
}
