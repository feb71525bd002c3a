/** `flux job memo`. */
import { readFileSync } from 'node:fs';
import { FluxError } from '@ebb/flux-client';
import { parseJson, setDotted } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { jobIdOf, withFlux } from '../../jobs/job-ids.ts';
import { parseCOptions } from '../../options/c-options.ts';

const syntax = {
  program: 'flux-job memo',
  usage: '[--volatile] id key=value [key=value, ...]',
  description: 'Post an RFC 21 memo to a job',
  options: [{ name: 'volatile', help: 'Memo will not appear in eventlog (will be lost on restart)' }],
} as const;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length < 2) options.failWithUsage();
  const id = jobIdOf(options.words[0]!);
  const memo: Record<string, unknown> = {};
  for (const text of options.words.slice(1)) {
    const equals = text.indexOf('=');
    if (equals < 0) throw new CommandError(`memo: no value for key=${text}`);
    const value = text.slice(equals + 1);
    setDotted(memo, text.slice(0, equals), jsonOrText(value === '-' ? readFileSync(0, 'utf8') : value));
  }
  const request = { id, volatile: options.has('volatile'), memo };
  await withFlux((flux) => flux.rpc('job-manager.memo', request)).catch((error: Error) => {
    throw error instanceof FluxError ? new CommandError(`memo: ${error.message}`) : error;
  });
  return 0;
}

function jsonOrText(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
