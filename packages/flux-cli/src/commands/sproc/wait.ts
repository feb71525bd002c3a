/** `flux sproc wait`. */
import { decodeIo } from '@ebb/flux-formats';
import { exitCodeOf } from '../../exec/exit-sets.ts';
import { withFlux } from '../../jobs/job-ids.ts';
import { parsePythonOptions } from '../../options/python-options.ts';
import type { PythonSyntax } from '../../options/python-syntax.ts';
import { above, processNamed, routeOf, type ServiceValues, serviceOptions, tellFailure } from './requests.ts';

const syntax: PythonSyntax = {
  program: 'flux-sproc wait',
  above,
  options: [
    ...serviceOptions,
    {
      flags: ['-o', '--output'],
      takes: 'flag',
      help: 'write any output retained by the server to stdout/stderr',
    },
  ],
  positionals: [{ name: 'pid', takes: 'one' }],
};

interface Waited {
  readonly status: number;
  readonly output?: readonly unknown[];
}

export async function run(words: readonly string[]): Promise<number> {
  const parsed = parsePythonOptions(syntax, words);
  const values = parsed.values as unknown as ServiceValues & { readonly output?: boolean };
  const target = processNamed(parsed.words[0]!);
  return withFlux(async (flux) => {
    try {
      const { status, output = [] } = await flux.rpc<Waited>(`${values.service}.wait`, target, routeOf(values));
      for (const piece of values.output ? output : []) {
        const { stream, data } = decodeIo(piece);
        if (data.length > 0) (stream === 'stdout' ? process.stdout : process.stderr).write(data);
      }
      return exitCodeOf(status);
    } catch (error) {
      return tellFailure('wait', error);
    }
  });
}
