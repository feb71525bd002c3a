/** Runs one subcommand and turns what it throws into flux's words and exit status. */
import { FluxError } from '@ebb/flux-client';
import type { CommanderError } from 'commander';
import { CommandError, CommandExit } from './command-module.ts';
import type { CommandEntry } from './commands.ts';

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

export async function runCommand(name: string, entry: CommandEntry, words: string[]): Promise<number> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    return await (await entry.load()).run(words);
  } catch (error) {
    if (isOfCommander(error) || error instanceof CommandExit) return error.exitCode;
    if (error instanceof CommandError || error instanceof FluxError) {
      const speaker = withoutName.has(name) ? 'flux' : `flux-${name}`;
      process.stderr.write(`${speaker}: ${withLevel.has(name) ? 'ERROR: ' : ''}${error.message}\n`);
      return error instanceof CommandError ? error.exitCode : 1;
    }
    throw error;
  }
}

// By what it is, not by its class: most commands need not load the library.
function isOfCommander(error: unknown): error is CommanderError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');
}
