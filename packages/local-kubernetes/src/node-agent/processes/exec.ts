// Starts another program in a running container: its namespaces, root, user and environment.

import { type ChildProcess, spawn } from 'node:child_process';
import { onlyStreams } from '../host/inherited-descriptors.ts';
import { becomingWords } from './becoming.ts';
import type { ContainerProcess } from './container-process.ts';
import type { ContainerPlan } from './container-script.ts';
import { type ProgramOnPipes, startOnPipes } from './program-on-pipes.ts';
import { Terminal } from './terminal.ts';

/** How long a program that was hung up has until it is killed. */
const hangUpMs = 3000;

const namespaces = ['--mount', '--uts', '--ipc', '--net', '--pid'];

/** A container as far as one gets into it. */
export interface EnteredContainer {
  readonly container: { readonly name: string };
  /** Undefined while it does not run. */
  readonly process: ContainerProcess | undefined;
  readonly plan: ContainerPlan | undefined;
}

/** The words that run `command` in the container. @throws when it is not running */
export function execWords(runner: EnteredContainer, command: readonly string[], hasTerminal = false): string[] {
  const processId = runner.process?.processId;
  const { plan } = runner;
  if (processId === undefined || !plan) throw new Error(`container not found ("${runner.container.name}")`);
  const { env, workingDir } = plan;
  // An image may have none of the programs by which one gets into a container: they are taken from before its root.
  const root = plan.rights !== 'none' && plan.imageRoot !== '/' ? `${plan.folder}/root` : undefined;
  return [
    // Nothing in a container outlives the agent.
    ...['setpriv', '--pdeathsig', 'KILL'],
    ...joining(plan.entrances ?? []),
    ...(plan.rights === 'none'
      ? ['env', `--chdir=${workingDir}`]
      : ['nsenter', '-t', String(processId), ...namespaces, ...(root ? [] : ['-r', `--wdns=${workingDir}`])]),
    // Of the session only the program and what it starts: nsenter is not to hear of an interrupt.
    ...(hasTerminal ? ['setsid', '--ctty'] : []),
    ...becomingWords(plan, hasTerminal ? { TERM: 'xterm', ...env } : env, root ? { root, workingDir } : undefined),
    ...command,
  ];
}

/** Makes what follows a member of control groups first. */
function joining(entrances: readonly string[]): string[] {
  if (entrances.length === 0) return [];
  const script = `while [ "$1" != -- ]; do echo 0 > "$1" || exit 126; shift; done; shift; exec "$@"`;
  return ['sh', '-c', script, 'join', ...entrances, '--'];
}

/** The program leads a process group of its own. @throws when the container is not running */
export function execInContainer(
  runner: EnteredContainer,
  command: readonly string[],
  hasInput: boolean,
): ProgramOnPipes {
  const [program, ...args] = execWords(runner, command);
  return startOnPipes(program!, args, { cwd: '/', detached: true, hasInput, owner: ownerOf(runner) });
}

/** Whose the streams of a program in the container are, as this machine numbers users. */
function ownerOf({ plan }: EnteredContainer): number {
  return plan?.rights === 'root' ? plan.user.uid : (process.getuid?.() ?? 0);
}

/** The same on a terminal. @throws when the container is not running, or there is no terminal to be had */
export function execOnTerminal(
  runner: EnteredContainer,
  command: readonly string[],
): { child: ChildProcess; terminal: Terminal } {
  const [program, ...args] = execWords(runner, command, true);
  const terminal = new Terminal(ownerOf(runner));
  const side = terminal.programSide;
  const child = spawn(program!, args, { cwd: '/', stdio: onlyStreams([side, side, side]), detached: true });
  terminal.handedOver();
  return { child, terminal };
}

/** Ends a program and what it started in its process group: nobody waits for it any more. */
export function hangUp(child: ChildProcess, terminal?: Terminal): void {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (terminal) terminal.close();
  else if (!signalGroup(pid, 'SIGHUP')) return;
  setTimeout(() => signalGroup(pid, 'SIGKILL'), hangUpMs);
}

function signalGroup(leader: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-leader, signal);
  } catch {
    return false;
  }
}
