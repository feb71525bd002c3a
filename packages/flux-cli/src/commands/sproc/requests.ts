/** What the subcommands of `flux sproc` have in common: whom they ask, and how a process is named. */
import { FluxError, type RpcOptions } from '@ebb/flux-client';
import type { PythonOption } from '../../options/python-syntax.ts';

/** The command above the subcommands, which tells of words there are too many of. */
export const above = { program: 'flux-sproc', usage: 'flux-sproc [-h] {kill,wait,ps} ...' };

/** Whom to ask. */
export const serviceOptions: readonly PythonOption[] = [
  { flags: ['-r', '--rank'], takes: 'one', type: 'int', help: 'Send RPC to specified broker rank' },
  {
    flags: ['-s', '--service'],
    takes: 'one',
    default: 'rexec',
    help: 'Send RPC to specified service (default rexec)',
  },
];

export interface ServiceValues {
  readonly rank?: number;
  readonly service: string;
}

export function routeOf({ rank }: ServiceValues): RpcOptions {
  return rank === undefined ? {} : { nodeid: rank };
}

/** A whole number is a pid, anything else a label. */
export function processNamed(text: string): { readonly pid: number; readonly label?: string } {
  return /^\s*[+-]?\d+\s*$/.test(text) ? { pid: Number(text) } : { pid: -1, label: text };
}

/** Tells what a service answered, after the name of the subcommand. Always 1, the exit status. */
export function tellFailure(what: string, error: unknown): number {
  if (!(error instanceof FluxError)) throw error;
  process.stderr.write(`flux-sproc: ERROR: ${what}: [Errno ${error.errno}] ${error.message}\n`);
  return 1;
}
