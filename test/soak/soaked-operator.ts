/** The operator as a process, killed and started again as often as it pleases. */
import { join } from 'node:path';
import { OperatorProcess } from '../operators/operator-process.ts';

const program = join(import.meta.dirname, '../../packages/operator/dist/operator.js');
const command = `${process.execPath} ${program} --no-leader-elect --network-policy --metrics-bind-address 0 --health-probe-bind-address 0 --log-level debug`;

export class SoakedOperator {
  readonly #kubeconfigPath: string;
  readonly logPath: string;
  #process: OperatorProcess;
  /** Which process this is, from 1. */
  life = 1;

  constructor(kubeconfigPath: string, logPath: string) {
    this.#kubeconfigPath = kubeconfigPath;
    this.logPath = logPath;
    this.#process = new OperatorProcess(command, kubeconfigPath, logPath);
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Kills it as the machine would, whatever it is at, and starts another. */
  killAndStart(): void {
    this.#process.signal('SIGKILL');
    this.#process = new OperatorProcess(command, this.#kubeconfigPath, this.logPath);
    this.life += 1;
  }

  /** @throws Error with the end of its log when it has ended by itself */
  check(): void {
    this.#process.check();
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }
}
