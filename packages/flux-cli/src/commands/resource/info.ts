/** `flux resource info`. */
import { connect } from '@ebb/flux-client';
import { CommandError } from '../../command-module.ts';
import { parser } from '../../parser.ts';
import { included } from './list.ts';
import { resourcesIn, schedulerView } from './scheduler-view.ts';

export async function run(words: string[]): Promise<number> {
  const program = parser('resource info', 'Count nodes, cores and GPUs')
    .option('-s, --states <state>', 'all, up, down, free, allocated', 'all')
    .option('-i, --include <targets>', 'only these ranks (idset) or hosts (hostlist)');
  program.parse(words, { from: 'user' });
  const { states, include } = program.opts<{ states: string; include?: string }>();
  const flux = await connect();
  try {
    let resources = resourcesIn(await schedulerView(flux), states);
    if (!resources) throw new CommandError(`Invalid resource state ${states} specified`);
    if (include) resources = included(resources, include);
    const counted = (count: number, name: string) => `${count} ${name}${count === 1 ? '' : 's'}`;
    const text = [
      counted(resources.nodeCount, 'Node'),
      counted(resources.coreCount, 'Core'),
      counted(resources.gpuCount, 'GPU'),
    ];
    process.stdout.write(`${text.join(', ')}\n`);
  } finally {
    await flux.close();
  }
  return 0;
}
