/** `flux exec`: runs a program on brokers' hosts. */
import { statSync } from 'node:fs';
import type { ExecCommand, Flux, FluxError } from '@ebb/flux-client';
import { CommandError } from '../command-module.ts';
import { connectBroker } from '../connect-broker.ts';
import { runInBackground } from '../exec/background.ts';
import { runForeground } from '../exec/foreground.ts';
import { findTargets } from '../exec/targets.ts';
import { type COptions, type CSyntax, parseCOptions } from '../options/c-options.ts';

const syntax: CSyntax = {
  program: 'flux-exec',
  usage: '[OPTIONS]...',
  options: [
    { name: 'rank', key: 'r', takes: 'value', shown: 'IDSET', help: 'Specify target ranks.  Default is "all"' },
    { name: 'exclude', key: 'x', takes: 'value', shown: 'IDSET', help: 'Exclude ranks from target.' },
    { name: 'bg', help: 'Run process in background and exit' },
    { name: 'waitable', help: 'Process remains a zombie until exit status is collected' },
    { name: 'attach', help: 'Attach to a running background process (arg is pid or label)' },
    { name: 'label', takes: 'value', shown: 'LABEL', help: 'Set a remote process label.' },
    { name: 'dir', key: 'd', takes: 'value', shown: 'PATH', help: 'Set the working directory to PATH' },
    { name: 'label-io', key: 'l', help: 'Label lines of output with the source RANK' },
    { name: 'noinput', key: 'n', help: 'Redirect stdin from /dev/null' },
    { name: 'verbose', key: 'v', help: 'Run with more verbosity.' },
    { name: 'quiet', key: 'q', help: 'Suppress extraneous output.' },
    { name: 'service', takes: 'value' },
    { name: 'setopt', takes: 'value' },
    { name: 'stdin-flow', takes: 'value' },
    { name: 'with-imp', help: "Run args under 'flux-imp run'" },
    {
      name: 'jobid',
      key: 'j',
      takes: 'value',
      shown: 'JOBID',
      help: 'Set target ranks to nodes assigned to JOBID and  service name to job shell exec service',
    },
    { name: 'sign' },
  ],
};

export async function run(words: string[]): Promise<number> {
  const options: COptions = parseCOptions(syntax, words);
  const attached = options.has('attach') ? attachTarget(options) : undefined;
  if (!attached && options.words.length === 0) options.failWithUsage();
  if (options.has('waitable') && !options.has('bg')) throw new CommandError('--waitable can only be used with --bg');
  if (options.has('sign'))
    throw new CommandError('--sign: signed requests need flux-security, which this flux is without');
  const settings = readSettings(options.list('setopt'));
  const flux = await connectBroker();
  try {
    const words = !attached && options.has('with-imp') ? [await impPath(flux), 'run', ...options.words] : options.words;
    const environment = await environmentFor(flux);
    const { ranks, service } = await findTargets(flux, {
      include: options.text('rank') ?? 'all',
      exclude: options.text('exclude'),
      jobid: options.text('jobid'),
    });
    if (attached?.pid !== undefined && ranks.size > 1) {
      throw new CommandError('--attach by pid requires a single target rank (use --rank)');
    }
    const label = options.text('label');
    const command: ExecCommand = {
      words,
      environment,
      settings,
      ...workingDirectory(options.text('dir')),
      ...(label === undefined ? {} : { label }),
      service: options.text('service') ?? service,
    };
    if (options.has('bg')) return await runInBackground(flux, ranks, command, options.has('waitable'));
    return await runForeground(flux, ranks, attached ?? command, {
      labels: options.has('label-io'),
      input: !options.has('noinput'),
      flowControl: flowControl(options.text('stdin-flow'), command.service!),
      verbose: options.has('verbose'),
      quiet: options.has('quiet'),
      command,
    });
  } finally {
    await flux.close();
  }
}

/** What `--attach` names: a whole number is a pid, anything else a label. */
function attachTarget(
  options: COptions,
): { readonly pid: number } | { readonly label: string; readonly pid?: undefined } {
  const [target, ...more] = options.words;
  if (target === undefined) throw new CommandError('--attach requires a pid or label argument');
  if (more.length > 0) throw new CommandError('--attach takes a single pid or label argument');
  if (options.has('bg') || options.has('waitable')) {
    throw new CommandError('--attach cannot be used with --bg or --waitable');
  }
  const pid = Number(target);
  return /^\s*\+?\d+$/.test(target) && pid > 0 && pid < 2 ** 31 ? { pid } : { label: target };
}

function readSettings(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const equals = word.indexOf('=');
      if (equals < 0) throw new CommandError(`error handling '${word}' option: Invalid argument`);
      return [word.slice(0, equals), word.slice(equals + 1)];
    }),
  );
}

async function impPath(flux: Flux): Promise<string> {
  const { exec } = await flux.rpc<{ exec?: { imp?: string } }>('config.get').catch((error: FluxError) => {
    throw new CommandError(`error fetching config object: ${error.message}`);
  });
  if (exec?.imp === undefined) {
    throw new CommandError('--with-imp: exec.imp path not found in config: No such file or directory');
  }
  return exec.imp;
}

/** This process's own; with it systemd's commands find the bus of the instance's owner. */
async function environmentFor(flux: Flux): Promise<Record<string, string>> {
  const bus = `unix:path=/run/user/${await flux.attr('security.owner')}/bus`;
  const environment: NodeJS.ProcessEnv = { DBUS_SESSION_BUS_ADDRESS: bus, ...process.env };
  delete environment['FLUX_PROXY_REMOTE'];
  return environment as Record<string, string>;
}

/** Here, unless said otherwise; `none` leaves it to the broker. */
function workingDirectory(wanted: string | undefined): { cwd?: string } {
  const cwd = wanted ?? currentDirectory();
  return cwd === 'none' ? {} : { cwd };
}

/** As the shell calls it, with its symbolic links. */
function currentDirectory(): string {
  const named = process.env['PWD'];
  const here = process.cwd();
  if (!named?.startsWith('/')) return here;
  const a = statSync(named, { throwIfNoEntry: false });
  const b = statSync(here);
  return a?.ino === b.ino && a.dev === b.dev ? named : here;
}

function flowControl(wanted: string | undefined, service: string): boolean {
  if (wanted === undefined) return service !== 'sdexec';
  if (wanted !== 'on' && wanted !== 'off') throw new CommandError('Set --stdin-flow to on or off');
  return wanted === 'on';
}
