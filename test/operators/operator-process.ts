/** An operator as a process of its own, and what Linux says it uses. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

export interface OperatorUse {
  /** CPU time so far, user and system, in seconds. */
  readonly cpuSeconds: number;
  /** Memory now and at its highest, in MiB. */
  readonly residentMiB: number;
  readonly peakMiB: number;
}

export class OperatorProcess {
  readonly #child: ChildProcess;
  readonly #logPath: string;

  /** @param command as for a shell; it is given the cluster by KUBECONFIG */
  constructor(command: string, kubeconfigPath: string, logPath: string) {
    const log = openSync(logPath, 'a');
    this.#logPath = logPath;
    this.#child = spawn('sh', ['-c', `exec ${command}`], {
      env: { ...process.env, KUBECONFIG: kubeconfigPath },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** @throws Error with the end of its log once the operator has ended */
  check(): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) return;
    const last = readFileSync(this.#logPath, 'utf8').slice(-2000);
    throw new Error(`the operator ended with ${this.#child.exitCode ?? this.#child.signalCode}:\n${last}`);
  }

  use(): OperatorUse {
    this.check();
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    const mebibytes = (field: string) =>
      Math.round(Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024);
    const stat = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may hold spaces: count from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return {
      cpuSeconds: ticks / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })),
      residentMiB: mebibytes('VmRSS'),
      peakMiB: mebibytes('VmHWM'),
    };
  }

  /** Sends a signal, as `kill` does. */
  signal(name: NodeJS.Signals): void {
    this.check();
    this.#child.kill(name);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGTERM');
    // One that was stopped does not hear of it before it goes on.
    this.#child.kill('SIGCONT');
    const forced = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await closed;
    clearTimeout(forced);
  }
}
