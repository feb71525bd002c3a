/** `flux module debug`: the debug flags of a module. */
import { CommandError } from '../../command-module.ts';
import { type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { failureOf, withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux-module debug',
  usage: '[OPTIONS] module',
  description: 'Get/set module debug flags',
  options: [
    { name: 'clear', key: 'C', help: 'Set debug flags to 0' },
    { name: 'set', key: 'S', takes: 'value', help: 'Set debug flags to MASK' },
    { name: 'setbit', key: 's', takes: 'value', help: 'Set one debug flag to 1' },
    { name: 'clearbit', key: 'c', takes: 'value', help: 'Set one debug flag to 0' },
  ],
};

export async function run(words: readonly string[]): Promise<void> {
  const options = parseCOptions(syntax, words);
  const [service, ...more] = options.words;
  if (service === undefined || more.length > 0) throw new CommandError('flux-debug requires service argument');
  await withBroker(async (flux) => {
    const { flags } = await flux
      .rpc<{ flags: number }>(`${service}.debug`, change(options))
      .catch((error: unknown) => failureOf(`${service}.debug`, error));
    process.stdout.write(`0x${flags.toString(16)}\n`);
  });
}

/** Nothing changes where no option says so. */
function change(options: COptions): { op: string; flags: number } {
  if (options.has('clear')) return { op: 'clr', flags: 0 };
  for (const [name, op] of [
    ['set', 'set'],
    ['clearbit', 'clrbit'],
    ['setbit', 'setbit'],
  ] as const) {
    const text = options.text(name);
    if (text !== undefined) return { op, flags: Number(text) || 0 };
  }
  return { op: 'setbit', flags: 0 };
}
