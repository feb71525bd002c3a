/** `flux resource undrain TARGETS [REASON]`. */
import { withFlux } from '../../jobs/job-ids.ts';
import { type PythonSyntax, parsePythonOptions } from '../../options/python-options.ts';
import { drainRequest, modeOptions } from './drain-modes.ts';

const { update, force } = modeOptions('undrain', 'not drained');
const syntax: PythonSyntax = {
  program: 'flux-resource undrain',
  positionals: [
    { name: 'targets', takes: 'one', help: 'List of targets to resume (IDSET or HOSTLIST)' },
    { name: 'reason', takes: 'rest', help: 'Reason' },
  ],
  options: [update, force],
};

export async function run(words: readonly string[]): Promise<number> {
  const { values, words: given } = parsePythonOptions(syntax, words);
  const [targets, ...reason] = given;
  const request = drainRequest(values, targets!, reason);
  await withFlux((flux) => flux.rpc('resource.undrain', request, { nodeid: 0 }));
  return 0;
}
