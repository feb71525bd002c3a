/** From the creation of a pod until it runs: one after the other, and all at once. */
import { type RequestOptions, request } from 'node:https';
import { ask } from '../kubernetes-requests.ts';
import type { Figure } from './figures.ts';

const count = 20;
const namespace = 'bench-pods';
const collection = `/api/v1/namespaces/${namespace}/pods`;

export async function measurePods(target: RequestOptions): Promise<Figure[]> {
  await ask(target, 'POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  await hasServiceAccount(target);
  const runs = new Runs(target);
  try {
    // The first one also pays for what is made once.
    await start(target, runs, 'first');
    const times: number[] = [];
    for (let index = 0; index < count; index++) times.push(await start(target, runs, `one-${index}`));
    const median = times.sort((a, b) => a - b)[Math.floor(count / 2)]!;
    const began = performance.now();
    await Promise.all(Array.from({ length: count }, (_, index) => start(target, runs, `many-${index}`)));
    return [
      { name: 'a pod runs after (median)', value: median, unit: 'ms' },
      { name: `${count} pods at once run after`, value: performance.now() - began, unit: 'ms' },
    ];
  } finally {
    runs.close();
    await ask(target, 'DELETE', `/api/v1/namespaces/${namespace}`);
  }
}

/** Pods are refused in a namespace until it has its service account. */
async function hasServiceAccount(target: RequestOptions): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  while (JSON.parse(await ask(target, 'GET', path)).items.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface PodEvent {
  readonly object: { readonly metadata: { readonly name: string }; readonly status?: { readonly phase?: string } };
}

/** Resolves pods as a watch tells that they run. */
class Runs {
  readonly #waiting = new Map<string, () => void>();
  readonly #sent: ReturnType<typeof request>;

  constructor(target: RequestOptions) {
    this.#sent = request({ ...target, method: 'GET', path: `${collection}?watch=1` }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('error', () => {});
      answer.on('data', (chunk: string) => {
        const lines = (text + chunk).split('\n');
        text = lines.pop() ?? '';
        for (const line of lines) this.#seen(JSON.parse(line) as PodEvent);
      });
    });
    this.#sent.on('error', () => {}).end();
  }

  of(name: string): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(name, resolve));
  }

  close(): void {
    this.#sent.destroy();
  }

  #seen({ object }: PodEvent): void {
    if (object.status?.phase === 'Running') this.#waiting.get(object.metadata.name)?.();
  }
}

/** Milliseconds until the pod runs. */
async function start(target: RequestOptions, runs: Runs, name: string): Promise<number> {
  const began = performance.now();
  const running = runs.of(name);
  const container = { name: 'main', image: 'rockylinux:9', command: ['sleep', '1000'] };
  const spec = { containers: [container], restartPolicy: 'Never', terminationGracePeriodSeconds: 0 };
  await ask(target, 'POST', collection, { metadata: { name }, spec });
  await running;
  return performance.now() - began;
}
