/** `flux update`: changes what jobs ask for after their submission. */
import { type Flux, lookupJobspec, watchEventlog } from '@ebb/flux-client';
import { FormatError, type Jobspec, parseDuration, parseJson, printFluid, printJson } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';
import { pythonDuration } from '../formats/python-duration.ts';
import { pythonJson } from '../formats/python-json.ts';
import { withFlux } from '../jobs/job-ids.ts';
import { readJobId } from '../jobs/jobs-options.ts';
import { parsePythonOptions } from '../options/python-options.ts';
import type { PythonSyntax } from '../options/python-syntax.ts';

const syntax: PythonSyntax = {
  program: 'flux-update',
  options: [
    {
      flags: ['-n', '--dry-run'],
      hiddenFlags: ['--dry'],
      takes: 'flag',
      help: 'Do not apply any updates, just emit update payload to stdout',
    },
    { flags: ['-v', '--verbose'], takes: 'flag', help: 'Be more verbose. Log updated items after success.' },
    { flags: ['--wait'], takes: 'flag', help: 'Wait for updates to appear in job eventlog before exiting' },
  ],
  positionals: [
    { name: 'jobid', shown: 'JOBID', takes: 'one', help: 'Target jobid' },
    {
      name: 'updates',
      shown: 'KEY=VALUE',
      takes: 'some',
      help: 'Requested jobspec updates in KEY=VALUE form',
    },
  ],
};

const durationKey = 'attributes.system.duration';

export async function run(words: string[]): Promise<number> {
  const { values, words: given } = parsePythonOptions(syntax, words);
  const [jobid, ...texts] = given as [string, ...string[]];
  const { id } = readJobId(syntax, jobid);
  const start = Date.now() / 1000;
  const pairs = texts.map(readPair);
  const isRelative = pairs.some(({ key, text }) => key === durationKey && /^[+-]/.test(text));
  if (values['dry-run'] && !isRelative) {
    process.stdout.write(
      `${pythonJson(Object.fromEntries(pairs.map((pair) => [pair.key, updateValue(pair, 0, id)])))}\n`,
    );
    return 0;
  }
  return withFlux(async (flux) => {
    const before = isRelative ? ((await lookupJobspec(flux, id, { current: true })) as Jobspec) : undefined;
    const duration = before?.attributes.system.duration ?? 0;
    const updates = Object.fromEntries(pairs.map((pair) => [pair.key, updateValue(pair, duration, id)]));
    if (values['dry-run']) {
      process.stdout.write(`${pythonJson(updates)}\n`);
      return 0;
    }
    await flux.rpc('job-manager.update', { id, updates });
    if (values['wait']) await waitForUpdate(flux, id, updates, start);
    if (values['verbose']) {
      for (const [key, value] of Object.entries(updates)) {
        process.stderr.write(`flux-update: INFO: updated ${key} to ${shown(key, value)}\n`);
      }
    }
    return 0;
  });
}

interface Pair {
  readonly key: string;
  readonly text: string;
}

function readPair(argument: string): Pair {
  const equals = argument.indexOf('=');
  const name = equals < 0 ? argument : argument.slice(0, equals);
  const key = name === 'name' ? 'attributes.system.job.name' : name;
  const isWhole = /^(attributes|resources|tasks)\./.test(key);
  return { key: isWhole ? key : `attributes.system.${key}`, text: equals < 0 ? '' : argument.slice(equals + 1) };
}

// `duration`: what a relative change starts from.
function updateValue({ key, text }: Pair, duration: number, id: bigint): unknown {
  if (key !== durationKey) {
    try {
      return parseJson(text);
    } catch {
      return text;
    }
  }
  const seconds = newDuration(text, duration, id);
  // No limit is 0 in a jobspec.
  return seconds === Number.POSITIVE_INFINITY ? 0 : seconds;
}

function newDuration(text: string, before: number, id: bigint): number {
  if (!/^[+-]/.test(text)) return readDuration(text);
  if (before === 0) {
    throw new CommandError(`duration for ${printFluid(id)} is unlimited, can't update by ${text}`);
  }
  const change = readDuration(text.slice(1));
  if (text.startsWith('+')) return before + change;
  if (before - change <= 0) {
    const current = pythonDuration(before);
    throw new CommandError(`current duration for ${printFluid(id)} (${current}) cannot be reduced by ${text.slice(1)}`);
  }
  return before - change;
}

function readDuration(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof FormatError) throw new CommandError('invalid Flux standard duration');
    throw error;
  }
}

function shown(key: string, value: unknown): string {
  if (key === durationKey && Number.isInteger(value)) return `${value}.0`;
  return typeof value === 'string' ? value : pythonJson(value);
}

async function waitForUpdate(flux: Flux, id: bigint, updates: Record<string, unknown>, start: number): Promise<void> {
  for await (const { name, timestamp, context = {} } of watchEventlog(flux, id)) {
    // An equal one of before does not count.
    if (name !== 'jobspec-update' || timestamp <= start) continue;
    if (Object.entries(updates).every(([key, value]) => printJson(context[key]) === printJson(value))) return;
  }
}
