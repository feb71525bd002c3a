// One run of a container: from the start of its namespaces to its end.

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { onlyStreams } from '../host/inherited-descriptors.ts';
import type { ContainerLog, LogStream } from './container-log.ts';
import { type ProgramOnPipes, startOnPipes } from './program-on-pipes.ts';
import { Terminal } from './terminal.ts';

export interface ContainerEnd {
  readonly exitCode: number;
  readonly signal?: number;
}

export interface ContainerStart {
  /** False: a plain process of this machine, the first of a process group; nothing of what follows matters. */
  readonly isIsolated: boolean;
  /** Any process of the pod's sandbox. */
  readonly sandboxProcessId: number;
  readonly hasHostNetwork: boolean;
  readonly hasHostProcesses: boolean;
  readonly hasHostIpc: boolean;
  /** The process whose process namespace the pod's containers share. */
  readonly sharedProcessNamespaceOf?: number;
  readonly scriptPath: string;
  readonly script: string;
  readonly log: ContainerLog;
  readonly hasInput: boolean;
  /** The program's user, who owns its pipes, or its terminal. */
  readonly owner: number;
  /** Both its outputs are one, on a terminal. */
  readonly hasTerminal: boolean;
}

const signalNumbers: Record<string, number> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};

/** What a terminal takes for the end of input (Control-D). */
const endOfInput = '\x04';

/** The container's program could not be started: StartError with this message. */
export class ContainerStartError extends Error {
  override readonly name = 'ContainerStartError';
}

export class ContainerProcess {
  readonly ended: Promise<ContainerEnd>;
  readonly terminal: Terminal | undefined;
  readonly #child: ChildProcess;
  readonly #pipes: ProgramOnPipes | undefined;
  readonly #hasInput: boolean;
  readonly #isIsolated: boolean;
  readonly #outputListeners = new Set<(stream: LogStream, chunk: Buffer) => void>();

  private constructor(
    { log, hasInput, isIsolated }: ContainerStart,
    child: ChildProcess,
    to: Terminal | ProgramOnPipes,
  ) {
    this.#isIsolated = isIsolated;
    this.#hasInput = hasInput;
    this.#child = child;
    const terminal = to instanceof Terminal ? to : undefined;
    const pipes = to instanceof Terminal ? undefined : to;
    this.terminal = terminal;
    this.#pipes = pipes;
    for (const [stream, readable] of [
      ['stdout', terminal?.stream ?? pipes?.stdout],
      ['stderr', pipes?.stderr],
    ] as const) {
      readable?.on('data', (chunk: Buffer) => {
        log.write(stream, chunk);
        for (const listener of this.#outputListeners) listener(stream, chunk);
      });
    }
    const isRead = pipes?.closed ?? new Promise<unknown>((resolve) => terminal?.stream.once('close', resolve));
    this.ended = new Promise((resolve) => {
      // 'exit' and not 'close': what the program left behind in its process namespace is dead, its pipes may be open.
      child.once('exit', (code, signal) => {
        if (!isIsolated) this.#endGroup();
        const number = signal ? (signalNumbers[signal] ?? 0) : 0;
        const finish = (): void => {
          terminal?.close();
          log.close();
          resolve(signal ? { exitCode: 128 + number, signal: number } : { exitCode: code ?? 1 });
        };
        const timer = setTimeout(finish, 1000);
        void isRead.then(() => {
          clearTimeout(timer);
          finish();
        });
      });
    });
  }

  /** Resolves when the program runs. @throws {ContainerStartError} */
  static async start(options: ContainerStart): Promise<ContainerProcess> {
    writeFileSync(options.scriptPath, options.script, { mode: 0o600 });
    const { hasInput, owner, hasTerminal, isIsolated } = options;
    const words = launchWords(options);
    const launch = { cwd: '/', detached: !isIsolated };
    const to = hasTerminal
      ? makeTerminal(owner)
      : startOnPipes(launcher, words, { ...launch, hasInput, owner, hasReport: true });
    const child = to instanceof Terminal ? startOnTerminal(to, words, launch) : to.child;
    let spawnError: Error | undefined;
    child.once('error', (error) => {
      spawnError = error;
    });
    const container = new ContainerProcess(options, child, to);
    const word = await firstLine(child.stdio[3] as Readable);
    if (spawnError) throw new ContainerStartError(spawnError.message);
    if (word !== 'started') {
      await container.ended;
      throw new ContainerStartError(word || 'the container ended before it was set up');
    }
    return container;
  }

  /** What the program reads; absent when the container has no standard input. */
  get input(): Writable | undefined {
    if (this.terminal) return this.#hasInput ? this.terminal.stream : undefined;
    return this.#pipes?.stdin;
  }

  /** No input comes any more: on a terminal that is a character. */
  endInput(): void {
    if (this.terminal) this.terminal.stream.write(endOfInput);
    else this.#pipes?.stdin?.end();
  }

  onOutput(listener: (stream: LogStream, chunk: Buffer) => void): () => void {
    this.#outputListeners.add(listener);
    return () => this.#outputListeners.delete(listener);
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The container's first process, as this machine numbers it; undefined once it has ended. */
  get processId(): number | undefined {
    const { pid } = this.#child;
    if (pid === undefined || this.hasEnded) return undefined;
    if (!this.#isIsolated) return pid;
    const waiter = firstChild(pid);
    return waiter === undefined ? undefined : firstChild(waiter);
  }

  /** Of a program without a process namespace, what it left in its process group. */
  #endGroup(): void {
    try {
      process.kill(-this.#child.pid!, 'SIGKILL');
    } catch {
      // Nothing is left.
    }
  }

  signal(name: NodeJS.Signals): void {
    const { processId } = this;
    try {
      if (processId !== undefined) process.kill(processId, name);
      else if (name === 'SIGKILL') this.#child.kill('SIGKILL');
    } catch {
      // It ended in between.
    }
  }
}

function firstChild(processId: number): number | undefined {
  try {
    const [first] = readFileSync(`/proc/${processId}/task/${processId}/children`, 'utf8').split(' ');
    return first ? Number(first) : undefined;
  } catch {
    return undefined;
  }
}

function startOnTerminal(terminal: Terminal, words: readonly string[], options: SpawnOptions): ChildProcess {
  const side = terminal.programSide;
  const child = spawn(launcher, words, { ...options, stdio: onlyStreams([side, side, side, 'pipe']) });
  terminal.handedOver();
  return child;
}

function makeTerminal(owner: number): Terminal {
  try {
    return new Terminal(owner);
  } catch (error) {
    throw new ContainerStartError((error as Error).message);
  }
}

/** Turns the end by a signal into an exit code, as unshare(1) does not for every signal, and says nothing about it. */
const waiting =
  'exec 4>&2 2>/dev/null; setpriv --pdeathsig KILL /bin/sh "$1" 2>&4 4>&-; code=$?; exec 4>&-; exit $code';

const launcher = 'setpriv';

function launchWords(options: ContainerStart): string[] {
  if (!options.isIsolated) return ['--pdeathsig', 'KILL', '/bin/sh', options.scriptPath];
  const sandbox = String(options.sandboxProcessId);
  const { sharedProcessNamespaceOf: shared, hasHostProcesses } = options;
  const entered = [...(options.hasHostNetwork ? [] : ['--net']), ...(options.hasHostIpc ? [] : ['--ipc']), '--uts'];
  const hasOwnProcesses = shared === undefined && !hasHostProcesses;
  return [
    '--pdeathsig',
    'KILL',
    'nsenter',
    '-t',
    sandbox,
    ...entered,
    ...(shared === undefined ? [] : [`--pid=/proc/${shared}/ns/pid`, '--no-fork']),
    'unshare',
    // The one who waits is the first of an outer process namespace: a program that changes its user forgets whose end
    // is to end it, but the end of that namespace nobody survives.
    ...(hasOwnProcesses ? ['--pid'] : []),
    '--fork',
    '--kill-child',
    'unshare',
    '--mount',
    ...(hasOwnProcesses ? ['--pid'] : []),
    '/bin/sh',
    '-c',
    waiting,
    'wait',
    options.scriptPath,
  ];
}

/** The first line; the processes that wait for the container hold the pipe open, so that its end says nothing. */
function firstLine(stream: Readable): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.split('\n')[0]!);
    });
    stream.once('close', () => resolve(text.trim()));
  });
}
