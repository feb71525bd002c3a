/** The operator's program as a process for one namespace, whose requests are watched, and which can be killed at any of them. */
import { join } from 'node:path';
import { OperatorProcess } from './operator-process.ts';
import { type Fault, isWrite, type Meddler, type Recorded, startRecordingProxy } from './recording-proxy.ts';

const program = join(import.meta.dirname, '../../packages/operator/dist/operator.js');
const options = '--no-leader-elect --metrics-bind-address 0 --health-probe-bind-address 0';

export interface WatchedOperatorOptions {
  readonly namespace: string;
  readonly kubeconfigPath: string;
  /** Takes its kubeconfig and its log. */
  readonly folder: string;
  /** Stands in the way of its requests. */
  readonly meddler?: Meddler;
  /** More flags for the program. */
  readonly flags?: string;
}

export class WatchedOperator {
  readonly records: Recorded[] = [];
  /** The write after which it was killed last. */
  killedAfter: Recorded | undefined;
  readonly #options: WatchedOperatorOptions;
  #proxy: Awaited<ReturnType<typeof startRecordingProxy>> | undefined;
  #process: OperatorProcess | undefined;
  #writes = 0;
  #killAt = 0;
  #whileDead: () => Promise<unknown> = async () => {};
  #restarted: Promise<void> = Promise.resolve();

  private constructor(options: WatchedOperatorOptions) {
    this.#options = options;
  }

  static async start(options: WatchedOperatorOptions): Promise<WatchedOperator> {
    const operator = new WatchedOperator(options);
    const { namespace, kubeconfigPath, folder, meddler } = options;
    operator.#proxy = await startRecordingProxy(namespace, kubeconfigPath, folder, operator.records, {
      asked: (request) => meddler?.asked?.(request),
      answered: (entry) => operator.#countAndKill(entry) ?? meddler?.answered?.(entry),
    });
    operator.#spawn();
    return operator;
  }

  /**
   * Kills it (SIGKILL) when the API server, or Flux, has carried out its Nth write from now on, before it knows so; then
   * starts it anew.
   * @param whileDead done before it is started again
   */
  killAfter(write: number, whileDead: () => Promise<unknown> = async () => {}): void {
    this.#writes = 0;
    this.#killAt = write;
    this.#whileDead = whileDead;
    this.killedAfter = undefined;
  }

  /** Writes since it was last told when to die. */
  get writes(): number {
    return this.#writes;
  }

  /** Ends every watch that it has open. */
  endWatches(expired: boolean): void {
    this.#proxy?.endWatches(expired);
  }

  /** Resolves when it runs again, if it was killed. @throws Error with its log when it has ended by itself */
  async check(): Promise<void> {
    await this.#restarted;
    this.#process?.check();
  }

  async stop(): Promise<void> {
    this.#killAt = 0;
    await this.#restarted;
    await this.#process?.stop();
    await this.#proxy?.stop();
  }

  #countAndKill(entry: Recorded): Fault | undefined {
    if (!isWrite(entry) || entry.code === 101) return undefined;
    this.#writes += 1;
    if (this.#writes !== this.#killAt) return undefined;
    this.killedAfter = entry;
    this.#process?.signal('SIGKILL');
    this.#restarted = this.#whileDead().then(() => this.#spawn());
    return 'break';
  }

  #spawn(): void {
    const { namespace, folder, flags = '' } = this.#options;
    const command = `${process.execPath} ${program} --namespaces ${namespace} ${options} ${flags}`;
    this.#process = new OperatorProcess(
      command,
      this.#proxy?.kubeconfigPath ?? '',
      join(folder, `${namespace}.operator.log`),
    );
  }
}
