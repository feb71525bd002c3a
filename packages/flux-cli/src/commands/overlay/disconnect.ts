/** `flux overlay disconnect`: has a parent let go of a child and what is below it. */
import { CommandError } from '../../command-module.ts';
import { type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { HostMap } from '../../overlay/host-map.ts';
import { lookupParent } from '../../overlay/lookup-parent.ts';
import { fetchTopology } from '../../overlay/topology.ts';
import { failureWithText, withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux overlay disconnect',
  usage: '[OPTIONS] TARGET',
  description: 'disconnect a subtree rooted at TARGET (hostname or rank)',
  options: [
    {
      name: 'parent',
      key: 'r',
      takes: 'value',
      shown: 'NODEID',
      help: 'Set parent rank to NODEID (default: determine from topology)',
    },
  ],
};

export async function run(words: readonly string[]): Promise<void> {
  const options = parseCOptions(syntax, words);
  await withBroker(async (flux) => {
    const [target, ...more] = options.words;
    if (target === undefined || more.length > 0) throw new CommandError('TARGET is required');
    const hosts = await HostMap.of(flux);
    const rank = /^\d+$/.test(target) ? Number(target) : hosts.rank(target);
    if (rank === undefined) throw new CommandError('TARGET must be a valid rank or hostname');
    const parent = options.integer('parent') ?? lookupParent(await fetchTopology(flux), rank);
    process.stderr.write(
      `flux-overlay: asking ${hosts.host(parent)} (rank ${parent}) ` +
        `to disconnect child ${hosts.host(rank)} (rank ${rank})\n`,
    );
    await flux
      .rpc('overlay.disconnect-subtree', { rank }, { nodeid: parent })
      .catch((error: unknown) => failureWithText('overlay.disconnect-subtree', error));
  });
}
