// A file as the standard input of every task: shell option `input.stdin`, `--input=FILE`.
import { accessSync, constants } from 'node:fs';
import { FluxError } from '@ebb/flux-client';
import type { Jobspec } from '@ebb/flux-formats';

/** The file's path; undefined when input comes through the job's service. @throws FluxError without a path */
export function inputPath(jobspec: Jobspec): string | undefined {
  const input = jobspec.attributes.system.shell?.options?.['input'] as
    | { stdin?: { type?: string; path?: string } }
    | undefined;
  const { type = 'service', path } = input?.stdin ?? {};
  if (type === 'service') return undefined;
  if (type !== 'file') throw new FluxError('EINVAL', `input.stdin.type=${type} invalid`);
  if (path === undefined) throw new FluxError('EINVAL', 'path for stdin file input not specified');
  return path;
}

/** Whether it can be read, before there are tasks. @throws FluxError */
export function checkInput(path: string | undefined): void {
  if (path === undefined) return;
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    const { errno, message } = FluxError.of(error as NodeJS.ErrnoException);
    throw new FluxError(errno, `error opening input file '${path}': ${message}`, { cause: error });
  }
}
