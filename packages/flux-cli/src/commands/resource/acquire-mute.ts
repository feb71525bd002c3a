/** `flux resource acquire-mute`: the scheduler hears no more of nodes that go down, as is good during a shutdown. */
import { withFlux } from '../../jobs/job-ids.ts';
import { parsePythonOptions } from '../../options/python-options.ts';
import { subcommandSyntax } from './options.ts';

export async function run(words: readonly string[]): Promise<number> {
  parsePythonOptions(subcommandSyntax('acquire-mute', { options: [] }), words);
  await withFlux((flux) => flux.rpc('resource.acquire-mute', {}, { nodeid: 0 }));
  return 0;
}
