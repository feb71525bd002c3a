/** MiniClusters that come, change and go at random, and what there should be of them. */
import type { Cluster } from '@ebb/ebb/internal';
import { clusterLabel } from '@ebb/minicluster';
import { fluxInLeadPod } from './flux-in-lead-pod.ts';
import { isBroker, type Process } from './processes.ts';
import type { Random } from './random.ts';
import { retried } from './retried.ts';

const namespace = 'default';
const most = 3;
const maxSize = 3;
const prefix = 'soak-';

export class Crowd {
  readonly #cluster: Cluster;
  readonly #random: Random;
  readonly #processes: () => readonly Process[];
  readonly #wanted = new Map<string, number>();
  readonly #done = new Map<string, number>();
  #made = 0;

  /** @param processes of the pods, among others */
  constructor(cluster: Cluster, random: Random, processes: () => readonly Process[]) {
    this.#cluster = cluster;
    this.#random = random;
    this.#processes = processes;
  }

  /** Sizes by name. */
  get wanted(): ReadonlyMap<string, number> {
    return this.#wanted;
  }

  /** How often what was done. */
  summary(): string {
    return [...this.#done].map(([act, count]) => `${act} ${count}`).join(', ');
  }

  async act(): Promise<void> {
    const names = [...this.#wanted.keys()];
    const any = names.length > 0 ? 1 : 0;
    const act = this.#random.weighted([
      [names.length < most ? 5 : 0, 'create'],
      [8 * any, 'resize'],
      [3 * any, 'delete'],
      [2 * any, 'lose a pod'],
      [2 * any, 'kill a broker'],
      [3 * any, 'submit'],
    ] as const);
    this.#count(act);
    if (act === 'create') return this.#create();
    if (act === 'kill a broker') return this.#killBroker();
    const name = this.#random.pick(names);
    if (act === 'resize') return this.#resize(name);
    if (act === 'delete') return this.#delete(name);
    if (act === 'submit') return this.#submit(name);
    return this.#losePod(name);
  }

  async deleteAll(): Promise<void> {
    for (const name of [...this.#wanted.keys()]) await this.#delete(name);
  }

  async #create(): Promise<void> {
    // Names come again, also while what was of the earlier one is still going.
    const name = `${prefix}${this.#made++ % 5}`;
    if (this.#wanted.has(name)) return;
    const size = this.#random.between(1, maxSize);
    this.#wanted.set(name, size);
    await retried(() =>
      this.#cluster.apply({
        apiVersion: 'flux-framework.org/v1alpha2',
        kind: 'MiniCluster',
        metadata: { name, namespace },
        spec: {
          size,
          maxSize,
          interactive: true,
          scaling: { scaleDown: { timeoutSeconds: this.#random.between(1, 10) } },
          containers: [{ image: 'rockylinux:9' }],
        },
      } as never),
    );
  }

  async #resize(name: string): Promise<void> {
    const size = this.#random.between(1, maxSize);
    this.#wanted.set(name, size);
    await retried(() => this.#cluster.scale({ namespace, name }, size));
  }

  async #delete(name: string): Promise<void> {
    this.#wanted.delete(name);
    await this.#cluster.delete({
      apiVersion: 'flux-framework.org/v1alpha2',
      kind: 'MiniCluster',
      metadata: { name, namespace },
    });
  }

  /**
   * Asks one MiniCluster for more than its maximum, which has to leave it as it is. Only where all is as it was wanted:
   * what is denied goes back to the size that the operator last accepted.
   */
  async overreach(): Promise<void> {
    const names = [...this.#wanted.keys()];
    if (names.length === 0) return;
    this.#count('overreach');
    const name = this.#random.pick(names);
    await retried(() => this.#cluster.scale({ namespace, name }, maxSize + this.#random.between(1, 5)));
  }

  #killBroker(): void {
    const brokers = this.#processes().filter((each) => isBroker(each) && each.host?.startsWith(prefix));
    if (brokers.length === 0) return;
    try {
      process.kill(this.#random.pick(brokers).pid, 'SIGKILL');
    } catch (error) {
      // It ended meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  async #losePod(name: string): Promise<void> {
    const pods = await this.#cluster.list('v1', 'Pod', namespace, `${clusterLabel}=${name}`);
    if (pods.length === 0) return;
    const metadata = { name: this.#random.pick(pods).metadata?.name ?? '', namespace };
    await this.#cluster.delete({ apiVersion: 'v1', kind: 'Pod', metadata });
  }

  /** Jobs that are in the way of what shrinks, where there is a broker to take them. */
  async #submit(name: string): Promise<void> {
    // Without a broker there is no job, and nothing to wait for.
    const words = `submit --cc=1-4 sleep ${this.#random.between(1, 5)}`;
    const done = await fluxInLeadPod(this.#cluster, { namespace, name }, words);
    if (done?.isWell) this.#count('with jobs');
  }

  #count(what: string): void {
    this.#done.set(what, (this.#done.get(what) ?? 0) + 1);
  }
}
