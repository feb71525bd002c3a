/** `flux resource info`. */
import { CommandError } from '../../command-module.ts';
import { withFlux } from '../../jobs/job-ids.ts';
import { type PythonSyntax, parsePythonOptions } from '../../options/python-options.ts';
import { resourcesIn, schedulerView } from './scheduler-view.ts';
import { includeOption, queueOption, selectedRanks } from './selection.ts';

const syntax: PythonSyntax = {
  program: 'flux-resource info',
  options: [
    {
      flags: ['-s', '--states'],
      takes: 'one',
      shown: 'STATE,...',
      help: 'Show output only for resources in given states',
    },
    includeOption,
    queueOption,
  ],
};

export async function run(words: readonly string[]): Promise<number> {
  const { values } = parsePythonOptions(syntax, words);
  const states = ((values['states'] as string | undefined) ?? 'all').split(',');
  const text = await withFlux(async (flux) => {
    const view = await schedulerView(flux);
    const sets = states.map((state) => {
      const set = resourcesIn(view, state);
      if (!set) throw new CommandError(`Invalid resource state ${state} specified`);
      return set;
    });
    const whole = sets.reduce((all, set) => all.union(set));
    const ranks = await selectedRanks(flux, resourcesIn(view, 'all')!, values);
    const { nodeCount, coreCount, gpuCount } = ranks ? whole.pick(ranks) : whole;
    const counted = (count: number, name: string) => `${count} ${name}${count === 1 ? '' : 's'}`;
    return [counted(nodeCount, 'Node'), counted(coreCount, 'Core'), counted(gpuCount, 'GPU')].join(', ');
  });
  process.stdout.write(`${text}\n`);
  return 0;
}
