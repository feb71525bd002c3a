/** `flux resource undrain TARGETS [REASON]`. */
import { withFlux } from '../../jobs/job-ids.ts';
import { parsePythonOptions } from '../../options/python-options.ts';
import { drainRequest, modeOptions } from './drain-modes.ts';
import { subcommandSyntax } from './options.ts';

const { update, force } = modeOptions('undrain', 'not drained');
const syntax = subcommandSyntax('undrain', {
  posix: true,
  positionals: [
    { name: 'targets', takes: 'one', help: 'List of targets to resume (IDSET or HOSTLIST)' },
    { name: 'reason', takes: 'rest', help: 'Reason' },
  ],
  options: [update, force],
});

export async function run(words: readonly string[]): Promise<number> {
  const { values, words: given } = parsePythonOptions(syntax, words);
  const [targets, ...reason] = given;
  const request = drainRequest(values, targets!, reason);
  await withFlux((flux) => flux.rpc('resource.undrain', request, { nodeid: 0 }));
  return 0;
}
