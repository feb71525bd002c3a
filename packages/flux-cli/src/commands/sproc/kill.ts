/** `flux sproc kill`. */
import { FluxError } from '@ebb/flux-client';
import { CommandError } from '../../command-module.ts';
import { exitCodeOf } from '../../exec/exit-sets.ts';
import { withFlux } from '../../jobs/job-ids.ts';
import { parsePythonOptions } from '../../options/python-options.ts';
import type { PythonSyntax } from '../../options/python-syntax.ts';
import { above, processNamed, routeOf, type ServiceValues, serviceOptions, tellFailure } from './requests.ts';

const syntax: PythonSyntax = {
  program: 'flux-sproc kill',
  above,
  options: [
    ...serviceOptions,
    { flags: ['-w', '--wait'], takes: 'flag', help: 'wait for process after sending signal' },
  ],
  positionals: [
    { name: 'signum', takes: 'one' },
    { name: 'pid', takes: 'one' },
  ],
};

export async function run(words: readonly string[]): Promise<number> {
  const parsed = parsePythonOptions(syntax, words);
  const values = parsed.values as unknown as ServiceValues & { readonly wait?: boolean };
  const [signal, name] = parsed.words as [string, string];
  const target = processNamed(name);
  return withFlux(async (flux) => {
    const ask = (method: string, payload: object) =>
      flux.rpc<{ status: number }>(`${values.service}.${method}`, payload, routeOf(values));
    // Asked for first: what the signal ends may be gone before it could be.
    const waiting = values.wait ? ask('wait', target) : undefined;
    waiting?.catch(() => {});
    if (!/^\s*[+-]?\d+\s*$/.test(signal)) {
      throw new CommandError(`invalid literal for int() with base 10: '${signal}'`);
    }
    try {
      await ask('kill', { ...target, signum: Number(signal) });
    } catch (error) {
      tellFailure('kill', error);
      if (!waiting || !(error instanceof FluxError) || error.code !== 'ESRCH') return 1;
    }
    if (!waiting) return 0;
    return waiting.then(
      ({ status }) => exitCodeOf(status),
      (error) => tellFailure('kill: wait failed', error),
    );
  });
}
