/** `flux job namespace`. */
import { jobIdOf } from '../../jobs/job-ids.ts';
import { parseCOptions } from '../../options/c-options.ts';
import { readIds } from './id.ts';

const syntax = {
  program: 'flux-job namespace',
  usage: '[id ...]',
  description: 'Convert job ids to job guest kvs namespace names',
  options: [],
} as const;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  const ids = options.words.length > 0 ? options.words : readIds();
  for (const text of ids) process.stdout.write(`job-${jobIdOf(text)}\n`);
  return 0;
}
