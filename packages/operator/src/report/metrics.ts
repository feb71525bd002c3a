/** What Prometheus can ask for. */
import type { MiniClusterStatus } from '@ebb/minicluster';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Counter<'verb' | 'resource' | 'code'>;
  readonly #reconciles: Counter<'result'>;
  readonly #seconds: Histogram;
  readonly #resizes: Counter<'decision'>;
  readonly #size: Gauge<'namespace' | 'minicluster'>;
  readonly #maximum: Gauge<'namespace' | 'minicluster'>;
  readonly #up: Gauge<'namespace' | 'minicluster'>;
  readonly #leader: Gauge;
  readonly #depth: Gauge;

  constructor(queueDepth: () => number = () => 0) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry, prefix: 'ebb_operator_' });
    const labelNames = ['namespace', 'minicluster'] as const;
    this.#requests = new Counter({
      name: 'ebb_operator_requests_total',
      help: 'Requests to the API server.',
      labelNames: ['verb', 'resource', 'code'],
      registers,
    });
    this.#reconciles = new Counter({
      name: 'ebb_operator_reconciles_total',
      help: 'Passes over a MiniCluster by result: done, retry or dropped.',
      labelNames: ['result'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'ebb_operator_reconcile_seconds',
      help: 'Duration of a pass, in seconds.',
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    });
    this.#resizes = new Counter({
      name: 'ebb_operator_resizes_total',
      help: 'Resizes by decision: accepted or denied.',
      labelNames: ['decision'],
      registers,
    });
    this.#size = new Gauge({
      name: 'ebb_minicluster_size',
      help: 'Pods that the Job is set to.',
      labelNames,
      registers,
    });
    this.#maximum = new Gauge({
      name: 'ebb_minicluster_maximum_size',
      help: 'The largest size that is accepted.',
      labelNames,
      registers,
    });
    this.#up = new Gauge({
      name: 'ebb_minicluster_brokers_up',
      help: 'Brokers that are online, by the word of Flux.',
      labelNames,
      registers,
    });
    this.#leader = new Gauge({ name: 'ebb_operator_leading', help: '1 while this process leads.', registers });
    this.#depth = new Gauge({
      name: 'ebb_operator_queue_depth',
      help: 'MiniClusters that wait for a pass.',
      registers,
      collect: () => this.#depth.set(queueDepth()),
    });
  }

  requested(verb: string, resource: string, code: number): void {
    this.#requests.inc({ verb, resource, code: String(code) });
  }

  reconciled(result: 'done' | 'retry' | 'dropped', seconds?: number): void {
    this.#reconciles.inc({ result });
    if (seconds !== undefined) this.#seconds.observe(seconds);
  }

  resized(decision: 'accepted' | 'denied'): void {
    this.#resizes.inc({ decision });
  }

  leading(isLeading: boolean): void {
    this.#leader.set(isLeading ? 1 : 0);
  }

  report(key: string, status: MiniClusterStatus): void {
    const labels = labelsOf(key);
    this.#size.set(labels, status.size);
    this.#maximum.set(labels, status.maximumSize);
    this.#up.set(labels, status.ranks?.up ?? 0);
  }

  forget(key: string): void {
    const labels = labelsOf(key);
    for (const gauge of [this.#size, this.#maximum, this.#up]) gauge.remove(labels);
  }
}

function labelsOf(key: string): { namespace: string; minicluster: string } {
  const [namespace = '', minicluster = ''] = key.split('/');
  return { namespace, minicluster };
}

/** Names of all metrics of the operator's own. */
export async function metricNames(): Promise<string[]> {
  const metrics = await new Metrics().registry.getMetricsAsJSON();
  return metrics.map((each) => each.name);
}
