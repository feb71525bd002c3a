/** `flux job list-inactive`: a JSON object a line. */
import { JobState } from '@ebb/flux-client';
import { parseCOptions } from '../../options/c-options.ts';
import { printList, refuseTerminal } from './list.ts';

const syntax = {
  program: 'flux-job list-inactive',
  usage: '[OPTIONS]',
  description: 'List Inactive jobs',
  options: [
    { name: 'count', key: 'c', takes: 'value', shown: 'N', help: 'Limit output to N jobs' },
    {
      name: 'since',
      key: 's',
      takes: 'value',
      shown: 'T',
      help: 'Limit output to jobs that entered the inactive state since timestamp T',
    },
  ],
} as const;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  refuseTerminal();
  if (options.words.length > 0) options.failWithUsage();
  return printList({
    limit: options.integer('count') ?? 0,
    since: Number(options.text('since') ?? 0),
    constraint: { states: [JobState.Inactive] },
  });
}
