/**
 * From the creation of a pod until it runs: one after the other, and all at once. On the embedded Kubernetes with one
 * node, or with a kubeconfig as argument on any other with nodes. `npx tsx bench/pod-start.ts [KUBECONFIG [IMAGE]]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { type Agent, type RequestOptions, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalKubernetes } from '@ebb/local-kubernetes';
import { ask, connect } from './kubernetes-requests.ts';

const count = 20;
const namespace = 'bench-pods';
const collection = `/api/v1/namespaces/${namespace}/pods`;
const [given, image = 'busybox'] = process.argv.slice(2);

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

async function start(target: RequestOptions, runs: Runs, name: string): Promise<number> {
  const began = performance.now();
  const running = runs.of(name);
  const container = { name: 'main', image, command: ['sleep', '1000'] };
  const spec = { containers: [container], restartPolicy: 'Never', terminationGracePeriodSeconds: 0 };
  await ask(target, 'POST', collection, { metadata: { name }, spec });
  await running;
  return performance.now() - began;
}

const folder = mkdtempSync(join(tmpdir(), 'bench-pods-'));
const cluster = given
  ? undefined
  : await startLocalKubernetes({
      stateFolder: folder,
      nodes: [{ name: 'node-0' }],
      images: [{ image: '*', root: 'host' }],
    });
const target = connect(given ?? (cluster?.kubeconfigPath as string));
let runs: Runs | undefined;
try {
  await ask(target, 'POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  runs = new Runs(target);
  const times: number[] = [];
  for (let index = 0; index < count; index++) times.push(await start(target, runs, `one-${index}`));
  const sorted = times.sort((a, b) => a - b);
  const [least, median, most] = [sorted[0]!, sorted[Math.floor(count / 2)]!, sorted.at(-1)!].map(Math.round);
  console.log(`one pod runs after ${median} ms (${least} to ${most})`);
  const began = performance.now();
  await Promise.all(Array.from({ length: count }, (_, index) => start(target, runs!, `many-${index}`)));
  console.log(`${count} pods at once run after ${Math.round(performance.now() - began)} ms`);
} finally {
  runs?.close();
  await ask(target, 'DELETE', `/api/v1/namespaces/${namespace}`).catch(() => {});
  (target.agent as Agent).destroy();
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
}
