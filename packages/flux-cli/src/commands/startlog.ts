/** `flux startlog`: when the instance began and ended, and whether it crashed. */
import { type Flux, FluxError, kvsGet } from '@ebb/flux-client';
import { type EventlogEntry, FormatError, parseEventlog, printDuration } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';
import { strftime } from '../formats/strftime.ts';
import { type CSyntax, parseCOptions } from '../options/c-options.ts';
import { withBroker } from '../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux startlog',
  usage: '[OPTIONS]',
  description: 'List Flux instance startlog',
  options: [
    { name: 'check', help: 'Check if instance was properly shut down' },
    { name: 'quiet', help: 'Suppress listing, useful with --check' },
    { name: 'show-version', key: 'v', help: 'Show the flux-core version string in output' },
  ],
};

const knownVersion = 1;
/** Digits of a duration. */
const digits = 2;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  const entries = await withBroker(fetchEntries);
  const { text, crashed } = history(entries, Date.now() / 1000, options.has('show-version'));
  if (!options.has('quiet')) process.stdout.write(text);
  return options.has('check') && crashed ? 1 : 0;
}

async function fetchEntries(flux: Flux): Promise<EventlogEntry[]> {
  try {
    return parseEventlog((await kvsGet(flux, 'admin.eventlog')).toString('utf8'));
  } catch (error) {
    if (error instanceof FluxError) throw new CommandError(`Error fetching eventlog: ${error.message}`);
    if (error instanceof FormatError) throw new CommandError('Error decoding eventlog: Invalid argument');
    throw error;
  }
}

/** A line for each start. `crashed`: the last start but the running one has no end. */
export function history(
  entries: readonly EventlogEntry[],
  now: number,
  showsVersion: boolean,
): { text: string; crashed: boolean } {
  let text = '';
  let crashed = false;
  let isRunning = false;
  let last = 0;
  for (const { timestamp, name, context = {} } of entries) {
    const { version, core_version: coreVersion = '' } = context;
    if (typeof version !== 'number' || version < 0 || version > knownVersion) continue;
    const time = strftime('%Y-%m-%d %R', new Date(timestamp * 1000));
    if (name === 'start') {
      if (isRunning) {
        text += 'crashed\n';
        crashed = true;
      }
      text += `${showsVersion ? `${String(coreVersion).padStart(25)}  ` : ''}${time} - `;
      isRunning = true;
    } else if (name === 'finish') {
      if (isRunning) text += `${time} (${printDuration(timestamp - last, digits)})\n`;
      if (isRunning) crashed = false;
      isRunning = false;
    }
    last = timestamp;
  }
  if (isRunning) text += `running (${printDuration(now - last, digits)})\n`;
  return { text, crashed };
}
