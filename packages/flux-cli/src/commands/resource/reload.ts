/** `flux resource reload PATH`: replaces the resource set by that of a file. */
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { withFlux } from '../../jobs/job-ids.ts';
import { parsePythonOptions } from '../../options/python-options.ts';
import { subcommandSyntax } from './options.ts';

const syntax = subcommandSyntax('reload', {
  positionals: [{ name: 'path', takes: 'one', help: 'path to R or hwloc <rank>.xml dir' }],
  options: [
    { flags: ['-x', '--xml'], takes: 'flag', help: 'interpret path as XML dir' },
    { flags: ['-f', '--force'], takes: 'flag', help: 'allow resources to contain invalid ranks' },
  ],
});

export async function run(words: readonly string[]): Promise<number> {
  const { values, words: given } = parsePythonOptions(syntax, words);
  const request = {
    path: realPath(given[0]!),
    xml: values['xml'] === true,
    force: values['force'] === true,
  };
  await withFlux((flux) => flux.rpc('resource.reload', request, { nodeid: 0 }));
  return 0;
}

/** Of what is not there, the path as it would be: rank 0 may see what is not here. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
