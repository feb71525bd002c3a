/**
 * A MiniCluster whose pods and brokers nobody takes away: its size and its maximum change while jobs come, and what was
 * taken on has to end well.
 */
import type { Cluster } from '@ebb/ebb/internal';
import { fluxInLeadPod } from './flux-in-lead-pod.ts';
import type { Random } from './random.ts';
import { retried } from './retried.ts';

const namespace = 'default';
const name = 'spared';
const capacity = 4;
const lookAgainMs = 500;

export class Spared {
  readonly #cluster: Cluster;
  readonly #random: Random;
  /** Of jobs whose id was given out. */
  readonly #jobs = new Set<string>();
  #size = 0;
  #ended = 0;

  constructor(cluster: Cluster, random: Random) {
    this.#cluster = cluster;
    this.#random = random;
  }

  /** Sizes by name, as long as it is there. */
  get wanted(): ReadonlyMap<string, number> {
    return new Map(this.#size > 0 ? [[name, this.#size]] : []);
  }

  summary(): string {
    return `jobs that ended well ${this.#ended}`;
  }

  async act(): Promise<void> {
    const act = this.#random.weighted([
      [1, 'submit'],
      [1, 'change'],
    ] as const);
    if (act === 'change' || this.#size === 0) return this.#change();
    const words = `submit --cc=1-6 sleep ${this.#random.between(1, 3)}`;
    // Its broker may not be there yet, and then there is no job.
    for (const id of await this.#flux(words)) this.#jobs.add(id);
  }

  /** @returns the jobs that did not end well, once all have ended or the time is over */
  async lost(withinMs: number): Promise<string[]> {
    for (const deadline = Date.now() + withinMs; ; ) {
      const lines = this.#jobs.size > 0 ? await this.#flux("jobs -a -n -c0 -o '{id} {result}'") : [];
      const results = new Map(
        lines.map((line) => {
          const [id = '', result = ''] = line.trim().split(/\s+/);
          return [id, result];
        }),
      );
      const left = [...this.#jobs].filter((id) => !results.get(id));
      if (left.length > 0 && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
        continue;
      }
      const ill = [...this.#jobs].filter((id) => results.get(id) !== 'COMPLETED');
      this.#ended += this.#jobs.size - ill.length;
      return ill.map((id) => `job ${id} of ${name} is ${results.get(id) ?? 'not known, or did not end'}`);
    }
  }

  async delete(): Promise<void> {
    this.#size = 0;
    this.#jobs.clear();
    const metadata = { name, namespace };
    await this.#cluster.delete({ apiVersion: 'flux-framework.org/v1alpha2', kind: 'MiniCluster', metadata });
  }

  /** Another size and another maximum, up to all that its brokers know. */
  async #change(): Promise<void> {
    const maxSize = this.#random.between(1, capacity);
    const size = this.#random.between(1, maxSize);
    const spec = {
      size,
      maxSize,
      interactive: true,
      scaling: { capacity, scaleDown: { policy: 'Drain', timeoutSeconds: 0 } },
      containers: [{ image: 'rockylinux:9' }],
    };
    const object = {
      apiVersion: 'flux-framework.org/v1alpha2',
      kind: 'MiniCluster',
      metadata: { name, namespace },
      spec,
    };
    await retried(() => this.#cluster.apply(object as never));
    this.#size = size;
  }

  /** Lines that the command prints in the lead pod; none where it cannot be run, or says nothing in time. */
  async #flux(words: string): Promise<string[]> {
    return (await fluxInLeadPod(this.#cluster, { namespace, name }, words))?.lines ?? [];
  }
}
