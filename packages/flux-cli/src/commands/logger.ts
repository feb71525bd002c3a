/** `flux logger`: writes to the broker's log. */
import { readFileSync } from 'node:fs';
import type { Flux } from '@ebb/flux-client';
import { CommandError, CommandExit } from '../command-module.ts';
import { severities } from '../log/log-lines.ts';
import { withBroker } from '../with-broker.ts';

const usage = 'Usage: flux-logger [--severity LEVEL] [--appname NAME] message ...\n';
const longNames = ['help', 'severity', 'appname'] as const;

interface Wanted {
  readonly severity: number;
  readonly application: string;
  readonly words: readonly string[];
}

export async function run(words: string[]): Promise<number> {
  const { severity, application, words: message } = parse(words);
  const text = message.length > 0 ? message.join(' ') : readFileSync(0, 'utf8');
  await withBroker((flux) => append(flux, severity, application, text));
  return 0;
}

/** Each line becomes one of the log. */
async function append(flux: Flux, severity: number, application: string, text: string): Promise<void> {
  const rank = await flux.rank();
  const lines = text.split(/[\r\n]+/);
  for (const [index, line] of lines.entries()) {
    if (line === '' && index > 0) continue;
    const microseconds = BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000));
    const whole = new Date(Number(microseconds / 1000n)).toISOString().slice(0, -1);
    const timestamp = `${whole}${String(microseconds % 1000n).padStart(3, '0')}Z`;
    const record = `<${severity << 3}>1 ${timestamp} ${rank} ${application} - - - ${line}`;
    await flux.rpcRaw('log.append', Buffer.from(record));
  }
}

/** As getopt reads them, which this command of flux-core does without the library of the others. */
function parse(words: readonly string[]): Wanted {
  const rest = [...words];
  const message: string[] = [];
  let severity: number = severities.indexOf('notice');
  let application = 'logger';
  const set = (name: string, value: string) => {
    if (name === 'appname') application = value;
    else severity = severityNamed(value);
  };
  while (rest.length > 0) {
    const word = rest.shift()!;
    if (word === '--') {
      message.push(...rest.splice(0));
    } else if (word.startsWith('--')) {
      const [given, value] = splitAt(word.slice(2));
      const possible = longNames.filter((name) => name.startsWith(given));
      const name = possible.length === 1 ? possible[0]! : undefined;
      if (!name) fail(`unrecognized option '${word}'`);
      if (name === 'help') fail(value === undefined ? undefined : `option '--help' doesn't allow an argument`);
      const taken = value ?? rest.shift();
      if (taken === undefined) fail(`option '--${name}' requires an argument`);
      set(name!, taken!);
    } else if (word.startsWith('-') && word !== '-') {
      const key = word[1]!;
      const name = key === 's' ? 'severity' : key === 'n' ? 'appname' : undefined;
      if (!name) fail(key === 'h' ? undefined : `invalid option -- '${key}'`);
      const taken = word.length > 2 ? word.slice(2) : rest.shift();
      if (taken === undefined) fail(`option requires an argument -- '${key}'`);
      set(name!, taken!);
    } else message.push(word);
  }
  return { severity, application, words: message };
}

function splitAt(text: string): [string, string?] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text] : [text.slice(0, equals), text.slice(equals + 1)];
}

function severityNamed(name: string): number {
  const severity = (severities as readonly string[]).indexOf(name.toLowerCase());
  if (severity < 0) throw new CommandError(`invalid severity: Use ${severities.join('|')}`);
  return severity;
}

/** @throws CommandExit after what is wrong, if anything, and the usage */
function fail(text: string | undefined): never {
  process.stderr.write(text === undefined ? usage : `logger: ${text}\n${usage}`);
  throw new CommandExit(1);
}
