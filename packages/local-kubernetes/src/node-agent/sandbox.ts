// What a pod's containers share: its network, its name, its IPC, and its process namespace when the pod asks for that.
// A process holds them; it dies with the agent, and with it all that lives in the namespaces.

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { firstOutput } from './pod-network.ts';
import type { PodSpec } from './pod-types.ts';

export class Sandbox {
  readonly #process: ChildProcess;
  readonly #sharesProcesses: boolean;

  private constructor(process: ChildProcess, sharesProcesses: boolean) {
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
        'hostname "$1"; echo ready; exec cat',
        'pause',
        hostname,
      ],
      { stdio: ['pipe', 'pipe', 'ignore'], cwd: '/' },
    );
    child.stdin?.on('error', () => {});
    await firstOutput(child);
    return new Sandbox(child, sharesProcesses);
  }

  get processId(): number {
    return this.#process.pid!;
  }

  /** The first process of the shared process namespace; undefined when each container has its own. */
  get sharedProcessId(): number | undefined {
    if (!this.#sharesProcesses) return undefined;
    const { pid } = this.#process;
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await ended;
  }
}
