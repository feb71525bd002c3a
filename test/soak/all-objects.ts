/** Every object of a cluster, whatever its kind, by the word of its own discovery; and the watches that are open on it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What comes and goes by itself, whoever asks for what. */
const restless = /^(events|leases|componentstatuses)(\.|$)/;

export class AllObjects {
  readonly #kubectl: string;
  readonly #kubeconfigPath: string;

  constructor(kubectl: string, kubeconfigPath: string) {
    this.#kubectl = kubectl;
    this.#kubeconfigPath = kubeconfigPath;
  }

  /** As KIND NAMESPACE/NAME, in order. */
  async list(): Promise<string[]> {
    const resources = (await this.#typed('api-resources', '--verbs=list', '-o', 'name'))
      .split('\n')
      .filter((name) => name !== '' && !restless.test(name));
    const line = '{range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name}{"\\n"}{end}';
    const all = await this.#typed('get', resources.join(','), '-A', '-o', `jsonpath=${line}`);
    return all
      .split('\n')
      .filter((each) => each !== '')
      .sort();
  }

  /** The list, once it has been the same for some seconds: a cluster that has just started still makes its own. */
  async settled(): Promise<string[]> {
    for (let last = await this.list(); ; ) {
      await new Promise((resolve) => setTimeout(resolve, 3000));
      const now = await this.list();
      if (now.join() === last.join()) return now;
      last = now;
    }
  }

  /** Watches that the API server has open. */
  async watches(): Promise<number> {
    const text = await this.#typed('get', '--raw', '/metrics');
    const counts = [...text.matchAll(/^apiserver_longrunning_requests\{[^}]*verb="WATCH"[^}]*\} (\d+)/gm)];
    if (counts.length === 0) throw new Error('the API server does not tell how many watches are open');
    return counts.reduce((sum, [, count]) => sum + Number(count), 0);
  }

  async #typed(...words: string[]): Promise<string> {
    const env = { ...process.env, KUBECONFIG: this.#kubeconfigPath };
    const { stdout } = await promisify(execFile)(this.#kubectl, words, { env, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  }
}
