/** `flux overlay lookup`: hosts of ranks, or ranks of hosts. */
import { CommandError } from '../../command-module.ts';
import { type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { HostMap } from '../../overlay/host-map.ts';
import { withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux overlay lookup',
  usage: '[OPTIONS] TARGET',
  description: 'translate rank idset to hostlist or the reverse',
  options: [],
};

export async function run(words: readonly string[]): Promise<void> {
  const { words: targets } = parseCOptions(syntax, words);
  await withBroker(async (flux) => {
    if (targets.length !== 1) throw new CommandError('single TARGET argument is required');
    const hosts = await HostMap.of(flux);
    process.stdout.write(`${hosts.translate(targets[0]!)}\n`);
  });
}
