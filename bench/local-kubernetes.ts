/**
 * Measures the embedded API server, or with a kubeconfig as argument any other: start, requests a second, a list of
 * 10,000 objects, fan-out to 200 watchers, memory. `npx tsx bench/local-kubernetes.ts [KUBECONFIG]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { type Agent, type RequestOptions, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalKubernetes } from '@ebb/local-kubernetes';
import { ask, connect } from './kubernetes-requests.ts';

const objects = 10_000;
const watchers = 200;
const changes = 100;
const workers = 16;
const namespace = 'bench-objects';
const collection = `/api/v1/namespaces/${namespace}/configmaps`;

async function rate(name: string, count: number, step: (index: number) => Promise<unknown>): Promise<void> {
  const started = performance.now();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await step(index);
  };
  await Promise.all(Array.from({ length: workers }, work));
  const seconds = (performance.now() - started) / 1000;
  console.log(`${name.padEnd(40)} ${Math.round(count / seconds)} /s`);
}

/** The time from the first of `changes` writes until every watcher has seen them all. */
async function fanOut(target: RequestOptions): Promise<void> {
  const { metadata } = JSON.parse(await ask(target, 'GET', `${collection}?limit=1`));
  const path = `${collection}?watch=1&resourceVersion=${metadata.resourceVersion}`;
  const ends: Promise<void>[] = [];
  const open = Array.from({ length: watchers }, () => {
    return new Promise<void>((opened, reject) => {
      const sent = request({ ...target, method: 'GET', path }, (answer) => {
        opened();
        ends.push(
          new Promise((seen) => {
            let lines = 0;
            answer.on('error', () => {});
            answer.on('data', (chunk: Buffer) => {
              for (const byte of chunk) if (byte === 0x0a) lines++;
              if (lines < changes) return;
              seen();
              sent.destroy();
            });
          }),
        );
      });
      sent.on('error', reject).end();
    });
  });
  await Promise.all(open);
  const started = performance.now();
  for (let index = 0; index < changes; index++) {
    await ask(target, 'PATCH', `${collection}/object-0`, { data: { change: String(index) } });
  }
  await Promise.all(ends);
  const seconds = (performance.now() - started) / 1000;
  const name = `fan-out of ${changes} changes to ${watchers} watchers`;
  console.log(`${name.padEnd(40)} ${Math.round((watchers * changes) / seconds)} events/s`);
}

const given = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const started = performance.now();
const cluster = given ? undefined : await startLocalKubernetes({ stateFolder: folder, nodes: [] });
if (cluster) console.log(`${'start'.padEnd(40)} ${Math.round(performance.now() - started)} ms`);
const target = connect(given ?? (cluster?.kubeconfigPath as string));
try {
  await ask(target, 'POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  const data = { text: 'x'.repeat(1000) };
  await rate('create', objects, (index) =>
    ask(target, 'POST', collection, { metadata: { name: `object-${index}` }, data }),
  );
  await rate('get', objects, (index) => ask(target, 'GET', `${collection}/object-${index}`));
  await rate('patch', 2000, (index) =>
    ask(target, 'PATCH', `${collection}/object-${index}`, { data: { a: `${index}` } }),
  );
  const listing = performance.now();
  const text = await ask(target, 'GET', collection);
  const megabytes = (text.length / 1e6).toFixed(1);
  console.log(`${`list of ${objects}`.padEnd(40)} ${Math.round(performance.now() - listing)} ms, ${megabytes} MB`);
  await fanOut(target);
  if (cluster) {
    globalThis.gc?.();
    console.log(`${'memory'.padEnd(40)} ${Math.round(process.memoryUsage.rss() / 1e6)} MB (server and bench together)`);
  }
} finally {
  await ask(target, 'DELETE', `/api/v1/namespaces/${namespace}`).catch(() => {});
  (target.agent as Agent).destroy();
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
}
