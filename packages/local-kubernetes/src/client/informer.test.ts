// What an informer knows and tells, whatever the order in which watches and lists bring it.

import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ChangeHandler, Informer } from './informer.ts';
import type { KubernetesClient, WatchEvent } from './kubernetes-client.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { StatusError } from './status-error.ts';

const expired = new StatusError({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code: 410 });

/** A server of one collection whose answers arrive when they are let through. */
class SlowServer implements Pick<KubernetesClient, 'list' | 'watch'> {
  readonly #objects = new Map<string, KubernetesObject>();
  readonly #events: WatchEvent[] = [];
  readonly #answers: (() => void)[] = [];
  #revision = 1;
  #wake = (): void => {};
  #through = 0;
  #losses = 0;

  put(name: string): void {
    const known = this.#objects.get(name);
    const uid = known?.metadata.uid ?? `${name}-${this.#revision}`;
    const object = this.#object(name, uid);
    this.#objects.set(name, object);
    this.#events.push({ type: known ? 'MODIFIED' : 'ADDED', object });
  }

  remove(name: string): void {
    const known = this.#objects.get(name);
    if (!known) return;
    this.#objects.delete(name);
    this.#events.push({ type: 'DELETED', object: this.#object(name, known.metadata.uid!) });
  }

  /** Lets the watch bring one event more, or all. */
  bring(count = this.#events.length): void {
    this.#through = Math.min(this.#through + count, this.#events.length);
    this.#wake();
  }

  /** Ends the watch; what it has not brought by then it will never bring. */
  lose(): void {
    this.#losses++;
    this.#through = this.#events.length;
    this.#wake();
  }

  /** Lets the answer to a list arrive; the oldest has the index 0. */
  answer(index = 0): void {
    this.#answers.splice(index, 1)[0]?.();
  }

  get waiting(): number {
    return this.#answers.length;
  }

  get state(): KubernetesObject[] {
    return [...this.#objects.values()];
  }

  /** Answers with what there is now, later. */
  async list() {
    const answer = { kind: 'ThingList', apiVersion: 'v1', items: this.state };
    const resourceVersion = String(this.#revision);
    await new Promise<void>((resolve) => this.#answers.push(resolve));
    return { ...answer, metadata: { resourceVersion } };
  }

  async *watch(_collection: unknown, { resourceVersion }: { resourceVersion?: string } = {}) {
    const losses = this.#losses;
    const isLater = ({ object }: WatchEvent) => Number(object.metadata.resourceVersion) > Number(resourceVersion);
    const first = this.#events.findIndex(isLater);
    for (let next = first < 0 ? this.#events.length : first; ; ) {
      if (losses !== this.#losses) throw expired;
      if (next < this.#through) yield this.#events[next++]!;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #object(name: string, uid: string): KubernetesObject {
    const resourceVersion = String(++this.#revision);
    return { apiVersion: 'v1', kind: 'Thing', metadata: { name, namespace: 'here', uid, resourceVersion } };
  }
}

async function started(server: SlowServer, handler: ChangeHandler): Promise<Informer> {
  const informer = new Informer(server as unknown as KubernetesClient, { apiVersion: 'v1', plural: 'things' });
  informer.onChange(handler).start();
  server.answer();
  await informer.synced;
  return informer;
}

const byName = (objects: KubernetesObject[]) =>
  [...objects].sort((a, b) => (a.metadata.name! < b.metadata.name! ? -1 : 1));

it('a refresh brings what the watch has not brought yet', async () => {
  const server = new SlowServer();
  const told: string[] = [];
  const informer = await started(server, ({ metadata }, change) => told.push(`${metadata.name} ${change}`));
  server.put('a');
  const refreshed = informer.refresh('here');
  server.answer();
  await refreshed;
  expect(informer.list()).toEqual(server.state);
  server.bring();
  await setImmediate();
  expect(told).toEqual(['a added']);
});

it('what went while a refresh waited does not come back with it', async () => {
  const server = new SlowServer();
  const told: string[] = [];
  const informer = await started(server, ({ metadata }, change) => told.push(`${metadata.name} ${change}`));
  server.put('a');
  const refreshed = informer.refresh('here');
  server.remove('a');
  server.bring();
  await setImmediate();
  server.answer();
  await refreshed;
  expect(informer.list()).toEqual([]);
  expect(told).toEqual(['a added', 'a deleted']);
});

it.each([
  ['another of its name has taken the place of', true],
  ['went before it was ever told of, since another of its name was there by then', false],
])('nor what %s', async (_, isTold) => {
  const server = new SlowServer();
  const informer = await started(server, () => {});
  server.put('a');
  const first = informer.refresh('here');
  if (isTold) server.bring();
  await setImmediate();
  server.remove('a');
  server.put('a');
  const second = informer.refresh('here');
  server.answer(1);
  await second;
  server.remove('a');
  server.bring();
  await setImmediate();
  server.answer();
  await first;
  expect(informer.list()).toEqual([]);
});

it('what went while the watch was lost does not come back with a refresh that was asked before', async () => {
  const server = new SlowServer();
  const informer = await started(server, () => {});
  server.put('a');
  const refreshed = informer.refresh('here');
  server.remove('a');
  server.lose();
  await setImmediate();
  server.answer(1);
  await setImmediate();
  server.answer();
  await refreshed;
  expect(informer.list()).toEqual([]);
});

it('knows in the end what the server has, and tells of each object in its order, whatever arrives when', async () => {
  const name = fc.constantFrom('a', 'b');
  const step = fc.oneof(
    fc.record({ kind: fc.constant('put' as const), name }),
    fc.record({ kind: fc.constant('remove' as const), name }),
    fc.record({ kind: fc.constant('bring' as const) }),
    fc.record({ kind: fc.constant('lose' as const) }),
    fc.record({ kind: fc.constant('refresh' as const) }),
    fc.record({ kind: fc.constant('answer' as const), index: fc.nat(2) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30, size: 'max' }), async (steps) => {
      const server = new SlowServer();
      const told: { uid: string; change: string; revision: number }[] = [];
      const informer = await started(server, ({ metadata }, change) =>
        told.push({ uid: metadata.uid!, change, revision: Number(metadata.resourceVersion) }),
      );
      const refreshes: Promise<void>[] = [];
      for (const each of steps) {
        if (each.kind === 'put' || each.kind === 'remove') server[each.kind](each.name);
        else if (each.kind === 'bring') server.bring(1);
        else if (each.kind === 'lose') server.lose();
        else if (each.kind === 'refresh') refreshes.push(informer.refresh('here'));
        else if (server.waiting > 0) server.answer(each.index % server.waiting);
        await setImmediate();
      }
      do {
        server.bring();
        while (server.waiting > 0) server.answer();
        await setImmediate();
      } while (server.waiting > 0);
      await Promise.all(refreshes);
      expect(byName(informer.list())).toEqual(byName(server.state));
      for (const uid of new Set(told.map((each) => each.uid))) {
        const own = told.filter((each) => each.uid === uid);
        expect(own.map(({ change }) => change).join(' ')).toMatch(/^added( modified)*( deleted)?$/);
        expect(own.map(({ revision }) => revision)).toEqual(own.map(({ revision }) => revision).sort((a, b) => a - b));
      }
    }),
    { numRuns: 1000 },
  );
});
