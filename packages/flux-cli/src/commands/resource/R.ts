/** `flux resource R`: the resource set of some states, as R. */
import { connect } from '@ebb/flux-client';
import { ResourceSet } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { pythonJson } from '../../formats/python-json.ts';
import { parser } from '../../parser.ts';

import { resourcesIn, schedulerView } from './scheduler-view.ts';
import { ranksOfTargets } from './selection.ts';

export async function run(words: string[]): Promise<number> {
  const program = parser('resource R', 'Print resources as R')
    .option('-s, --states <states>', 'states, comma separated', 'all')
    .option('-i, --include <targets>', 'only these ranks (idset) or hosts (hostlist)');
  program.parse(words, { from: 'user' });
  const { states, include } = program.opts<{ states: string; include?: string }>();
  const flux = await connect();
  try {
    const view = await schedulerView(flux);
    let resources = ResourceSet.empty();
    for (const state of states.split(',')) {
      const some = resourcesIn(view, state);
      if (!some) throw new CommandError(`Invalid resource state ${state} specified`);
      resources = resources.union(some);
    }
    if (include) resources = resources.pick(ranksOfTargets(resources, include));
    process.stdout.write(`${pythonJson(resources.toJSON())}\n`);
  } finally {
    await flux.close();
  }
  return 0;
}
