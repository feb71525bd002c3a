/** `flux job urgency`. */
import { setUrgency, Urgency } from '@ebb/flux-client';
import { CommandError } from '../../command-module.ts';
import { jobIdOf, withFlux } from '../../jobs/job-ids.ts';
import { parseCOptions } from '../../options/c-options.ts';
import { failureWithText } from '../../with-broker.ts';

const syntax = {
  program: 'flux-job urgency',
  usage: '[OPTIONS] id urgency',
  description: 'Set job urgency (0-31, HOLD, EXPEDITE, DEFAULT)',
  options: [{ name: 'verbose', key: 'v', help: 'Output old urgency value on success' }],
} as const;

const names: Readonly<Record<string, number>> = {
  hold: Urgency.Hold,
  expedite: Urgency.Expedite,
  default: Urgency.Default,
};

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length !== 2) options.failWithUsage();
  const [jobid, text] = options.words as [string, string];
  const id = jobIdOf(jobid);
  const urgency = names[text.toLowerCase()] ?? (/^\d+$/.test(text) ? Number(text) : undefined);
  if (urgency === undefined) throw new CommandError(`error parsing urgency: "${text}"`);
  return withFlux(async (flux) => {
    const old = await setUrgency(flux, id, urgency).catch((error: unknown) => failureWithText(jobid, error));
    if (options.has('verbose')) {
      const said = old === Urgency.Hold ? 'job held' : old === Urgency.Expedite ? 'job expedited' : String(old);
      process.stderr.write(`old urgency: ${said}\n`);
    }
    return 0;
  });
}
