/** One simulated world with an operator in it that can be killed and started anew. */
import { Idset } from '@ebb/flux-formats';
import type { KubernetesObject, MiniCluster, MiniClusterSpec } from '@ebb/minicluster';
import { pino } from 'pino';
import { expect, vi } from 'vitest';
import { miniClusters } from '../kubernetes/resources.ts';
import { type Operator, startOperator } from '../operator.ts';
import { SimulatedCluster } from './simulated-cluster.fixture.ts';
import { SimulatedFlux } from './simulated-flux.fixture.ts';

export class World {
  readonly cluster = new SimulatedCluster();
  readonly flux = new SimulatedFlux(this.cluster);
  /** Warnings and errors that the operator logged. */
  readonly complaints: string[] = [];
  readonly #log = pino({ level: 'warn' }, { write: (line: string) => this.complaints.push(line) });
  #operator: Operator | undefined;
  #kubelet: NodeJS.Timeout | undefined;

  async start(options: { networkPolicy?: boolean } = {}): Promise<void> {
    this.#operator = await startOperator({ ...options, api: this.cluster, links: this.flux, log: this.#log });
    this.#kubelet ??= setInterval(() => this.cluster.settle(), 2);
  }

  /** Ends the operator; what it had in hand is lost. */
  async kill(): Promise<void> {
    const operator = this.#operator;
    this.#operator = undefined;
    await operator?.stop();
  }

  async stop(): Promise<void> {
    clearInterval(this.#kubelet);
    await this.kill();
  }

  add(spec: Partial<MiniClusterSpec>, name = 'flux-sample'): void {
    this.cluster.put({
      apiVersion: miniClusters.apiVersion,
      kind: miniClusters.kind,
      metadata: { name, namespace: 'ns' },
      spec: { size: 4, interactive: true, containers: [{ image: 'x' }], ...spec },
    });
  }

  get(name = 'flux-sample'): MiniCluster {
    return this.cluster.find('miniclusters', name) as unknown as MiniCluster;
  }

  /** As a user's `kubectl patch`. */
  set(change: Partial<MiniClusterSpec>, name = 'flux-sample'): void {
    const live = this.cluster.find('miniclusters', name) as KubernetesObject;
    this.cluster.put({ ...live, spec: { ...(live['spec'] as object), ...change } });
  }

  condition(type: string, name = 'flux-sample') {
    return this.get(name).status?.conditions?.find((each) => each.type === type);
  }

  job(name = 'flux-sample') {
    return this.cluster.find('jobs', name)?.['spec'] as
      | { parallelism: number; completions: number; suspend?: boolean; backoffLimit: number }
      | undefined;
  }

  quorum(name = 'flux-sample'): string | undefined {
    return (this.cluster.find('configmaps', `${name}-entrypoint`)?.['data'] as Record<string, string> | undefined)?.[
      'quorum'
    ];
  }

  pods(): number {
    return this.cluster.all('pods').length;
  }

  run(ranks: string): void {
    this.flux.allocated = Idset.parse(ranks);
    this.touch();
  }

  /** Something happens to the cluster, as an event of Flux would make known. */
  touch(): void {
    const pod = this.cluster.all('pods')[0];
    const annotations = { ...pod?.metadata.annotations, touched: `${Math.random()}` };
    if (pod) this.cluster.put({ ...pod, metadata: { ...pod.metadata, annotations } });
  }

  async settles(size: number, name?: string): Promise<void> {
    const hasSettled = () => expect(this.isSettled(size, name), JSON.stringify(this.get(name).status)).toBe(true);
    await vi.waitFor(hasSettled, { timeout: 5000, interval: 5 });
  }

  /** Whether all is as the spec asks, and said so. */
  isSettled(size: number, name = 'flux-sample'): boolean {
    const { status } = this.get(name);
    return (
      this.job(name)?.parallelism === size &&
      this.job(name)?.completions === size &&
      ['1\n', undefined].includes(this.quorum(name)) &&
      status?.size === size &&
      status.ranks?.up === size &&
      status.phase === 'Running' &&
      this.condition('Ready', name)?.status === 'True' &&
      this.condition('Resizing', name)?.status === 'False'
    );
  }
}
