/** Requests a second, a list of everything, and the fan-out of changes to watchers. */
import { type RequestOptions, request } from 'node:https';
import { ask } from '../kubernetes-requests.ts';
import type { Figure } from './figures.ts';

const watchers = 200;
const changes = 100;
const workers = 16;
const namespace = 'bench-objects';
const collection = `/api/v1/namespaces/${namespace}/configmaps`;

/** Leaves `objects` ConfigMaps of 1,000 characters behind, so that the server's memory can be read with them. */
export async function measureRequests(target: RequestOptions, objects: number): Promise<Figure[]> {
  await ask(target, 'POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  const data = { text: 'x'.repeat(1000) };
  const path = (index: number) => `${collection}/object-${index}`;
  const create = await rate(objects, (index) =>
    ask(target, 'POST', collection, { metadata: { name: `object-${index}` }, data }),
  );
  const get = await rate(objects, (index) => ask(target, 'GET', path(index)));
  const patch = await rate(Math.min(objects, 2000), (index) =>
    ask(target, 'PATCH', path(index), { data: { a: `${index}` } }),
  );
  const list = await milliseconds(() => ask(target, 'GET', collection));
  const fanOut = await fanOutRate(target);
  return [
    { name: 'create', value: create, unit: '/s' },
    { name: 'get', value: get, unit: '/s' },
    { name: 'patch', value: patch, unit: '/s' },
    { name: `list of ${objects} objects`, value: list, unit: 'ms' },
    { name: `fan-out to ${watchers} watchers, events`, value: fanOut, unit: '/s' },
  ];
}

async function rate(count: number, step: (index: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await step(index);
  };
  const took = await milliseconds(() => Promise.all(Array.from({ length: workers }, work)));
  return (count * 1000) / took;
}

async function milliseconds(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await act();
  return performance.now() - began;
}

/** Events a second, from the first of `changes` writes until every watcher has seen them all. */
async function fanOutRate(target: RequestOptions): Promise<number> {
  const { metadata } = JSON.parse(await ask(target, 'GET', `${collection}?limit=1`));
  const path = `${collection}?watch=1&resourceVersion=${metadata.resourceVersion}`;
  const watches = await Promise.all(Array.from({ length: watchers }, () => openWatch(target, path)));
  const took = await milliseconds(async () => {
    for (let index = 0; index < changes; index++) {
      await ask(target, 'PATCH', `${collection}/object-0`, { data: { change: String(index) } });
    }
    await Promise.all(watches.map(({ hasSeenAll }) => hasSeenAll));
  });
  return (watchers * changes * 1000) / took;
}

/** Resolves once the watch is open, with a promise of its having told of all changes. */
function openWatch(target: RequestOptions, path: string): Promise<{ hasSeenAll: Promise<void> }> {
  return new Promise((opened, reject) => {
    const sent = request({ ...target, method: 'GET', path }, (answer) => {
      const hasSeenAll = new Promise<void>((seen) => {
        let lines = 0;
        answer.on('error', () => {});
        answer.on('data', (chunk: Buffer) => {
          for (const byte of chunk) if (byte === 0x0a) lines++;
          if (lines < changes) return;
          seen();
          sent.destroy();
        });
      });
      opened({ hasSeenAll });
    });
    sent.on('error', reject).end();
  });
}
