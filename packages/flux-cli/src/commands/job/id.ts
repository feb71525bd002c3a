/** `flux job id`. */
import { readFileSync } from 'node:fs';
import { type FluidForm, fluidForms, printFluid } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { tryJobId } from '../../jobs/job-ids.ts';
import { parseCOptions } from '../../options/c-options.ts';

const syntax = {
  program: 'flux-job id',
  usage: '[OPTIONS] [id ...]',
  description: 'Convert jobid(s) to another form',
  options: [
    {
      name: 'to',
      key: 't',
      takes: 'value',
      shown: 'dec|kvs|hex|dothex|words|f58',
      help: 'Convert jobid to specified form',
    },
  ],
} as const;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  const form = options.text('to') ?? 'dec';
  const ids = options.words.length > 0 ? options.words : readIds();
  for (const text of ids) {
    const id = tryJobId(text);
    if (id === undefined) throw new CommandError(`${text}: malformed input`);
    if (!(fluidForms as readonly string[]).includes(form)) throw new CommandError(`Unknown to=${form}`);
    process.stdout.write(`${printFluid(id, form as FluidForm)}\n`);
  }
  return ids.length > 0 ? 0 : 1;
}

/** Ids of the standard input, one a line. */
export function readIds(): string[] {
  const lines = readFileSync(0, 'utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.trim());
}
