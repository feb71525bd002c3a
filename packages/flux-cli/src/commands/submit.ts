/** `flux submit`: submits a job, or copies of it, and prints the ids. */

import type { BulkValues } from '../submission/bulk.ts';
import { submitBulk } from '../submission/bulk.ts';
import { bulkOptions, commonOptions, jobGroups, pluginOptions, taskOptions } from '../submission/common-options.ts';
import { readSubmission } from '../submission/read-submission.ts';

const syntax = {
  program: 'flux submit',
  usage: 'flux submit [OPTIONS...] COMMAND [ARGS...]',
  description: 'enqueue a job',
  options: [...commonOptions(), ...taskOptions, ...bulkOptions, ...pluginOptions],
  groups: jobGroups,
  positionals: [{ name: 'command', takes: 'rest', help: 'Job command and arguments' }],
  posix: true,
  ownHelp: true,
} as const;

export async function run(words: string[]): Promise<number> {
  const { values, words: command } = readSubmission<BulkValues>(syntax, words);
  return submitBulk([{ values, command }]);
}
