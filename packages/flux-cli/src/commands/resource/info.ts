/** `flux resource info`: how much there is, in a line. */
import { parsePythonOptions } from '../../options/python-options.ts';
import { listText } from './list.ts';
import { includeOption, queueOption, sourceOptions, statesOption, subcommandSyntax } from './options.ts';

const syntax = subcommandSyntax('info', {
  options: [
    statesOption('Show output only for resources in given states'),
    includeOption,
    queueOption,
    ...sourceOptions,
    { flags: ['--skip-empty'], takes: 'flag' },
    { flags: ['--no-skip-empty'], takes: 'flag' },
  ],
});

export async function run(words: readonly string[]): Promise<number> {
  const { values } = parsePythonOptions(syntax, words);
  const format = '{nnodes} Nodes, {ncores} Cores, {ngpus} GPUs';
  process.stdout.write(await listText({ ...values, states: values['states'] || 'all', format, 'no-header': true }));
  return 0;
}
