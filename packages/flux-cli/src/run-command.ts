/** Runs one subcommand and turns what it throws into flux's words and exit status. */
import { FluxError } from '@ebb/flux-client';
import { strerror } from '@ebb/flux-formats';
import type { CommanderError } from 'commander';
import { CommandError, CommandExit } from './command-module.ts';
import type { CommandEntry } from './commands.ts';
import { ConnectError } from './connect-broker.ts';

/** Commands that flux-core has in Python print their errors with a level. */
const withLevel = new Set([
  'resource',
  'jobs',
  'sproc',
  'submit',
  'run',
  'batch',
  'alloc',
  'bulksubmit',
  'queue',
  'cancel',
  'pstree',
  'update',
  'hostlist',
  'uri',
]);

/** Parts of the `flux` command itself, in whose name they speak. */
const withoutName = new Set(['uptime', 'version', 'env']);

/** Parts of it that speak in their own name once they are connected. */
const namedLater = new Set(['getattr', 'setattr', 'lsattr']);

export async function runCommand(name: string, entry: CommandEntry, words: string[]): Promise<number> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    return await (await entry.load()).run(words);
  } catch (error) {
    return reportError(error, name);
  }
}

/**
 * Prints an error as the command of that name does, or `flux` itself where there is no name.
 * @returns the exit status
 */
export function reportError(error: unknown, name?: string): number {
  if (isOfCommander(error) || error instanceof CommandExit) return error.exitCode;
  const isKnown = error instanceof CommandError || error instanceof FluxError || error instanceof ConnectError;
  if (!isKnown) throw error;
  const hasLevel = name !== undefined && withLevel.has(name);
  // Commands that flux-core has in C say no more than why.
  const isShort = error instanceof ConnectError && !hasLevel;
  const message = isShort ? `flux_open: ${strerror(error.errno)}` : error.message;
  const isUnnamed = name === undefined || withoutName.has(name) || (isShort && namedLater.has(name));
  process.stderr.write(`${isUnnamed ? 'flux' : `flux-${name}`}: ${hasLevel ? 'ERROR: ' : ''}${message}\n`);
  return error instanceof CommandError ? error.exitCode : 1;
}

// By what it is, not by its class: most commands need not load the library.
function isOfCommander(error: unknown): error is CommanderError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');
}
