import { describe, expect, it } from 'vitest';
import type { KubernetesClient } from '../client/kubernetes-client.ts';
import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { StatusError } from '../client/status-error.ts';
import { eventWriter } from './event-writer.ts';

const pod = (name: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'a', uid: `uid of ${name}` },
});

type Stored = Record<string, unknown> & { message: string; count: number };

/** What is stored, as a server keeps it; the clock stands still but for what a test says. */
function recorder() {
  const stored = new Map<string, Stored>();
  const clock = { ms: Date.parse('2026-01-01T00:00:00Z') };
  const client = {
    create: async (_: object, event: Stored & { metadata: { name: string } }) => stored.set(event.metadata.name, event),
    patch: async ({ name }: { name: string }, change: object) => {
      const found = stored.get(name);
      if (!found)
        throw new StatusError({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code: 404 });
      Object.assign(found, change);
    },
  } as unknown as KubernetesClient;
  const write = eventWriter(client, 'tester', () => new Date(clock.ms));
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { stored, clock, write, settled, counts: () => [...stored.values()].map(({ count }) => count) };
}

describe('events about one object', () => {
  it('are counted where they repeat', async () => {
    const { write, settled, stored, counts } = recorder();
    for (let time = 0; time < 3; time++) write(pod('one'), 'Normal', 'Done', 'all is well');
    await settled();
    expect(counts()).toEqual([3]);
    expect([...stored.values()][0]).toMatchObject({ message: 'all is well', involvedObject: { name: 'one' } });
  });

  it('are no more than 25 at once, and one more every five minutes; what was left out is counted', async () => {
    const { write, settled, clock, counts } = recorder();
    for (let time = 0; time < 40; time++) write(pod('one'), 'Warning', 'BackOff', 'again');
    await settled();
    expect(counts()).toEqual([25]);
    clock.ms += 299_000;
    write(pod('one'), 'Warning', 'BackOff', 'again');
    await settled();
    expect(counts()).toEqual([25]);
    clock.ms += 1_000;
    write(pod('one'), 'Warning', 'BackOff', 'again');
    await settled();
    expect(counts()).toEqual([42]);
  });

  it('leave those of another type, and those about another object, their own', async () => {
    const { write, settled, counts } = recorder();
    for (let time = 0; time < 30; time++) write(pod('one'), 'Warning', 'BackOff', 'again');
    write(pod('one'), 'Normal', 'Done', 'all is well');
    write(pod('two'), 'Warning', 'BackOff', 'again');
    await settled();
    expect(counts()).toEqual([25, 1, 1]);
  });

  it('are made where the one that is counted is not there', async () => {
    const { write, settled, stored, clock, counts } = recorder();
    for (let time = 0; time < 26; time++) write(pod('one'), 'Warning', 'BackOff', 'again');
    write(pod('one'), 'Warning', 'Failed', 'left out');
    await settled();
    clock.ms += 300_000;
    write(pod('one'), 'Warning', 'Failed', 'left out');
    await settled();
    expect(counts()).toEqual([25, 2]);
    stored.clear();
    clock.ms += 300_000;
    write(pod('one'), 'Warning', 'BackOff', 'again');
    await settled();
    expect(counts()).toEqual([27]);
  });
});
