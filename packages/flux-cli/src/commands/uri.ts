/** `flux uri`: where an instance is reached. */
import { hostname } from 'node:os';
import { CommandError } from '../command-module.ts';
import { parsePythonOptions } from '../options/python-options.ts';
import type { PythonSyntax } from '../options/python-syntax.ts';
import { localUri, remoteUri, resolveUri } from '../uri/resolve-uri.ts';

// Of what flux-core resolves these are here; `lsf` and `slurm` ask programs of those systems.
const schemes = ['  jobid\t\tGet URI for a given Flux JOBID', '  pid\t\tGet FLUX_URI for a given local PID'];

const syntax: PythonSyntax = {
  program: 'flux-uri',
  description: 'Resolve TARGET to a Flux URI',
  options: [
    { flags: ['--remote'], takes: 'flag', help: 'convert a local URI to remote' },
    { flags: ['--local'], takes: 'flag', help: 'convert a remote URI to local' },
    { flags: ['--wait'], takes: 'flag', help: 'wait for a URI to become available, if supported' },
  ],
  positionals: [
    {
      name: 'uri',
      shown: 'TARGET',
      takes: 'one',
      help: 'A Flux jobid or URI in scheme:argument form (e.g. jobid:f1234)',
    },
  ],
  rawEpilog: `Supported resolver schemes:\n${schemes.join('\n')}`,
};

interface UriValues {
  readonly remote?: boolean;
  readonly local?: boolean;
  readonly wait?: boolean;
}

export async function run(words: string[]): Promise<number> {
  const parsed = parsePythonOptions(syntax, words);
  const { remote, local, wait } = parsed.values as UriValues;
  const target = parsed.words[0]!;
  const alwaysLocal = Boolean(process.env['FLUX_URI_RESOLVE_LOCAL']);
  const uri = await resolveUri(wait ? `${target}?wait` : target, { local: alwaysLocal }).catch((error: Error) => {
    throw error instanceof TypeError ? new CommandError(error.message) : error;
  });
  process.stdout.write(`${remote ? remoteUri(uri, hostname()) : local ? localUri(uri) : uri}\n`);
  return 0;
}
