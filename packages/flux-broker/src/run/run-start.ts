// `flux start`: an instance on this machine. Without a size it becomes the broker itself; with -s N it runs N brokers as
// processes of their own and is their PMI server (flux-start(1)).
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { parseDuration, parseHostlist, signalText } from '@ebb/flux-formats';
import { PmiServer } from '../pmi/pmi-server.ts';
import { type OptionSpec, type ParsedOptions, parseOptions, printUsage } from './command-line.ts';
import { runBroker } from './run-broker.ts';

const options: readonly OptionSpec[] = [
  { name: 'help', key: 'h', argument: 'none', usage: 'Display this message' },
  { name: 'setattr', key: 'S', argument: 'required', placeholder: 'ATTR=VAL', usage: 'Set broker attribute' },
  {
    name: 'config-path',
    key: 'c',
    argument: 'required',
    placeholder: 'PATH',
    usage: 'Set broker config from PATH (default: none)',
  },
  { name: 'conf', argument: 'required', placeholder: 'VALUE', usage: 'Update broker config from VALUE' },
  {
    name: 'verbose',
    key: 'v',
    argument: 'optional',
    placeholder: 'LEVEL',
    usage: 'Be annoyingly informative by degrees',
  },
  { name: 'noexec', key: 'X', argument: 'none', usage: "Don't execute (useful with -v, --verbose)" },
  {
    name: 'broker-opts',
    key: 'o',
    argument: 'required',
    placeholder: 'OPTS',
    usage: 'Add comma-separated broker options, e.g. "-o,-v"',
  },
  {
    name: 'wrap',
    argument: 'required',
    placeholder: 'ARGS,...',
    usage: 'Wrap broker execution in comma-separated arguments',
  },
  {
    name: 'test-size',
    key: 's',
    argument: 'required',
    placeholder: 'N',
    usage: 'Start a test instance by launching N brokers locally',
  },
  { name: 'test-hosts', argument: 'required', placeholder: 'HOSTLIST', usage: 'Set fake hostnames for brokers' },
  {
    name: 'test-exit-timeout',
    argument: 'required',
    placeholder: 'FSD',
    usage: 'After a broker exits, kill other brokers after timeout',
  },
  {
    name: 'test-exit-mode',
    argument: 'required',
    placeholder: 'any|leader',
    usage: 'Trigger exit timer on leader/any broker exit (default=any)',
  },
  { name: 'test-rundir', argument: 'required', placeholder: 'DIR', usage: 'Use DIR as broker run directory' },
  {
    name: 'test-rundir-cleanup',
    argument: 'none',
    usage: 'Clean up --test-rundir DIR upon flux-start completion',
  },
];

const defaultExitTimeoutSeconds = 20;

/** How a broker process is started: the words before its own options. */
export interface BrokerCommand {
  command: string;
  args: readonly string[];
}

/** Resolves with the exit status. `self` says how to run `flux broker`; by default the running program does. */
export async function runStart(argv: readonly string[], self: BrokerCommand = ownCommand()): Promise<number> {
  try {
    const parsed = parseOptions(options, argv);
    if (parsed.values.has('help')) {
      process.stdout.write(printUsage('flux start', '[OPTIONS] [initial-program [args...]]', options));
      return 0;
    }
    return await start(parsed, self);
  } catch (error) {
    process.stderr.write(`flux-start: ${(error as Error).message}\n`);
    return 1;
  }
}

async function start(parsed: ParsedOptions, self: BrokerCommand): Promise<number> {
  const { values, rest } = parsed;
  const size = values.get('test-size')?.at(-1);
  const count = size === undefined ? 1 : Number(size);
  if (!Number.isInteger(count) || count < 1) throw new Error('--test-size argument must be > 0');
  const words = [...brokerWords(values), ...rest];
  const wrap = (values.get('wrap') ?? []).flatMap((list) => list.split(',')).filter((word) => word !== '');
  const isShown = values.has('verbose');
  const show = (text: string) => isShown && process.stderr.write(`flux-start: ${text}\n`);
  if (size === undefined) {
    if (wrap.length === 0) {
      show(['flux', 'broker', ...words].join(' '));
      return values.has('noexec') ? 0 : runBroker(words);
    }
    const [command, ...args] = [...wrap, self.command, ...self.args, ...words];
    show([command, ...args].join(' '));
    return values.has('noexec') ? 0 : exitOf(spawn(command!, args, { stdio: 'inherit' }));
  }
  return startMany(count, words, wrap, values, self, show);
}

async function startMany(
  size: number,
  words: readonly string[],
  wrap: readonly string[],
  values: ParsedOptions['values'],
  self: BrokerCommand,
  show: (text: string) => void,
): Promise<number> {
  const hosts = values.get('test-hosts')?.at(-1);
  const hostnames = hosts === undefined ? undefined : parseHostlist(hosts);
  if (hostnames && hostnames.length !== size) throw new Error(`--test-hosts: expected ${size} hosts`);
  const given = values.get('test-rundir')?.at(-1);
  if (given !== undefined) mkdirSync(given, { recursive: true, mode: 0o700 });
  const rundir = given ?? mkdtempSync(join(process.env['TMPDIR'] ?? tmpdir(), 'flux-'));
  const server = new PmiServer({
    size,
    name: 'flux-start',
    values: { PMI_process_mapping: `(vector,(0,1,${size}))` },
  });
  const children: ChildProcess[] = [];
  for (let rank = 0; rank < size; rank++) {
    const line = [...wrap, self.command, ...self.args, `-Srundir=${rundir}`, ...words];
    show(`${rank}: ${line.join(' ')}`);
    if (values.has('noexec')) continue;
    const child = spawn(line[0]!, line.slice(1), {
      stdio: [rank === 0 ? 'inherit' : 'ignore', 'inherit', 'inherit', 'pipe'],
      env: {
        ...process.env,
        PMI_FD: '3',
        PMI_RANK: String(rank),
        PMI_SIZE: String(size),
        ...(hostnames ? { FLUX_FAKE_HOSTNAME: hostnames[rank] } : {}),
      },
    });
    server.attach(child.stdio[3] as unknown as Duplex);
    children.push(child);
  }
  const timeout = values.get('test-exit-timeout')?.at(-1);
  const status = await waitForAll(children, {
    timeoutSeconds: timeout === undefined ? defaultExitTimeoutSeconds : parseDuration(timeout),
    isLeaderOnly: values.get('test-exit-mode')?.at(-1) === 'leader',
  });
  if (given === undefined || values.has('test-rundir-cleanup')) rmSync(rundir, { recursive: true, force: true });
  return status;
}

/** The leader's status, or the first bad one of another. Once one has gone, the others are not waited for for ever. */
async function waitForAll(
  children: readonly ChildProcess[],
  { timeoutSeconds, isLeaderOnly }: { timeoutSeconds: number; isLeaderOnly: boolean },
): Promise<number> {
  const forward = (signal: NodeJS.Signals) => {
    for (const child of children) child.kill(signal);
  };
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
  // A terminal sends its interrupts to the brokers too; others are passed on.
  for (const signal of signals) process.on(signal, () => signal !== 'SIGINT' && forward(signal));
  let timer: NodeJS.Timeout | undefined;
  const statuses = await Promise.all(
    children.map(async (child, rank) => {
      const status = await exitOf(child);
      tellBadEnd(rank, child, status);
      if ((rank === 0 || !isLeaderOnly) && Number.isFinite(timeoutSeconds)) {
        timer ??= setTimeout(() => forward('SIGKILL'), timeoutSeconds * 1000);
      }
      return status;
    }),
  );
  clearTimeout(timer);
  for (const signal of signals) process.removeAllListeners(signal);
  return statuses[0] || (statuses.find((status) => status !== 0) ?? 0);
}

function tellBadEnd(rank: number, { pid, signalCode }: ChildProcess, status: number): void {
  if (status === 0) return;
  const how = signalCode ? signalText(constants.signals[signalCode]) : `exited with rc=${status}`;
  process.stderr.write(`flux-start: ${rank} (pid ${pid}) ${how}\n`);
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal ? 128 + constants.signals[signal] : (code ?? 1)));
  });
}

/** The broker's own options out of those of `flux start`. */
function brokerWords(values: ParsedOptions['values']): string[] {
  return [
    ...(values.get('broker-opts') ?? []).flatMap((list) => list.split(',')).filter((word) => word !== ''),
    ...(values.get('setattr') ?? []).map((setting) => `-S${setting}`),
    ...(values.get('config-path') ?? []).map((path) => `--config-path=${path}`),
    ...(values.get('conf') ?? []).map((value) => `--conf=${value}`),
  ];
}

/** This program again, with `broker` as its first word. */
function ownCommand(): BrokerCommand {
  return { command: process.execPath, args: [...process.execArgv, process.argv[1]!, 'broker'] };
}
