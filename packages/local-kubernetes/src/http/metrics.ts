// Prometheus text for /metrics: what a person looks at first.

const bounds = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10];

export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #buckets = new Array<number>(bounds.length).fill(0);
  #count = 0;
  #sum = 0;

  /** @param ms how long the answer took; for a watch until it was open */
  count(method: string, code: number, ms: number): void {
    const verb = /^[A-Z]{3,7}$/.test(method) ? method : 'OTHER';
    const key = `verb="${verb}",code="${code}"`;
    this.#requests.set(key, (this.#requests.get(key) ?? 0) + 1);
    const seconds = ms / 1000;
    this.#count++;
    this.#sum += seconds;
    for (const [index, bound] of bounds.entries())
      if (seconds <= bound) this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
  }

  print(gauges: { readonly watches: number; readonly revision: number }): string {
    const lines = ['# TYPE apiserver_request_total counter'];
    for (const [key, value] of this.#requests) lines.push(`apiserver_request_total{${key}} ${value}`);
    lines.push('# TYPE apiserver_request_duration_seconds histogram');
    for (const [index, bound] of bounds.entries()) {
      lines.push(`apiserver_request_duration_seconds_bucket{le="${bound}"} ${this.#buckets[index]}`);
    }
    lines.push(
      `apiserver_request_duration_seconds_bucket{le="+Inf"} ${this.#count}`,
      `apiserver_request_duration_seconds_sum ${this.#sum}`,
      `apiserver_request_duration_seconds_count ${this.#count}`,
      '# TYPE apiserver_longrunning_requests gauge',
      `apiserver_longrunning_requests{verb="WATCH"} ${gauges.watches}`,
      '# TYPE apiserver_storage_revision gauge',
      `apiserver_storage_revision ${gauges.revision}`,
      '# TYPE process_resident_memory_bytes gauge',
      `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
    );
    return `${lines.join('\n')}\n`;
  }
}
