// What a pod's containers share: its network, its name, its IPC, and its process namespace when the pod asks for that.
// A process holds them; it dies with the agent, and with it all that lives in the namespaces.

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { firstOutput } from '../host/first-output.ts';
import type { PodSpec } from '../pod-types.ts';

const sandboxScript = `hostname "$1"; shift
while [ $# -gt 0 ]; do echo "$2" > "/proc/sys/$1" || exit; shift 2; done
echo ready; exec cat`;

export class Sandbox {
  readonly #process: ChildProcess | undefined;
  readonly #sharesProcesses: boolean;

  private constructor(process: ChildProcess | undefined, sharesProcesses: boolean) {
    this.#process = process;
    this.#sharesProcesses = sharesProcesses;
  }

  /** @param hasNetwork false when pods share this machine's network. @throws when the namespaces cannot be had */
  static async start(spec: PodSpec, hostname: string, hasNetwork: boolean): Promise<Sandbox> {
    const sharesProcesses = spec.shareProcessNamespace === true && !spec.hostPID;
    const child = spawn(
      'setpriv',
      [
        '--pdeathsig',
        'KILL',
        'unshare',
        '--uts',
        ...(hasNetwork ? ['--net'] : []),
        ...(spec.hostIPC ? [] : ['--ipc']),
        ...(sharesProcesses ? ['--pid', '--fork', '--kill-child'] : []),
        'sh',
        '-c',
        sandboxScript,
        'pause',
        hostname,
        ...(spec.securityContext?.sysctls ?? []).flatMap(({ name, value }) => [name.replaceAll('.', '/'), value]),
      ],
      { stdio: ['pipe', 'pipe', 'ignore'], cwd: '/' },
    );
    child.stdin?.on('error', () => {});
    await firstOutput(child);
    return new Sandbox(child, sharesProcesses);
  }

  /** Where there are no namespaces: the pod's containers share those of this machine. */
  static none(): Sandbox {
    return new Sandbox(undefined, false);
  }

  get processId(): number {
    return this.#process?.pid ?? process.pid;
  }

  /** The first process of the shared process namespace; undefined when each container has its own. */
  get sharedProcessId(): number | undefined {
    if (!this.#sharesProcesses) return undefined;
    const pid = this.processId;
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]);
  }

  async stop(): Promise<void> {
    const holder = this.#process;
    if (!holder || holder.exitCode !== null || holder.signalCode !== null) return;
    const ended = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await ended;
  }
}
