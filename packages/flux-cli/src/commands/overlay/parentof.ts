/** `flux overlay parentof`: the rank that is the parent of another. */
import { CommandError } from '../../command-module.ts';
import { type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { lookupParent } from '../../overlay/lookup-parent.ts';
import { fetchTopology } from '../../overlay/topology.ts';
import { withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux overlay parentof',
  usage: '[OPTIONS] RANK',
  description: 'show the parent of RANK',
  options: [],
};

export async function run(words: readonly string[]): Promise<void> {
  const { words: ranks } = parseCOptions(syntax, words);
  await withBroker(async (flux) => {
    if (ranks.length !== 1) throw new CommandError('RANK is required');
    // What does not begin with digits is 0, as flux-core reads it.
    const rank = Number.parseInt(ranks[0]!, 10) || 0;
    process.stdout.write(`${lookupParent(await fetchTopology(flux), rank)}\n`);
  });
}
