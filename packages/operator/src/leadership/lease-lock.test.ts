import { Idset } from '@ebb/flux-formats';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { leases } from '../kubernetes/resources.ts';
import { SimulatedCluster } from '../reconcile/simulated-cluster.fixture.ts';
import { SimulatedFlux } from '../reconcile/simulated-flux.fixture.ts';
import { fencedApi } from './fenced-api.ts';
import { fencedLinks } from './fenced-links.ts';
import { LeaseLock, NotLeaderError } from './lease-lock.ts';

const durationMs = 300;
const soon = { timeout: 5000, interval: 5 };
const locks: LeaseLock[] = [];

function candidate(api: SimulatedCluster, identity: string, clock?: () => number) {
  const log: string[] = [];
  const lock = new LeaseLock({
    api,
    namespace: 'ns',
    name: 'ebb-operator',
    identity,
    durationMs,
    onStarted: () => log.push('started'),
    onStopped: () => log.push('stopped'),
    onError: () => {},
    ...(clock ? { clock } : {}),
  });
  locks.push(lock);
  lock.start();
  return { lock, log };
}

afterEach(async () => {
  await Promise.all(locks.splice(0).map((lock) => lock.stop()));
});

describe('a lease', () => {
  it('has one holder, and passes at once when it is given back', async () => {
    const api = new SimulatedCluster();
    const a = candidate(api, 'a');
    await vi.waitFor(() => expect(a.lock.isLeading).toBe(true), soon);
    const b = candidate(api, 'b');
    await new Promise((resolve) => setTimeout(resolve, durationMs * 2));
    expect([a.lock.isLeading, b.lock.isLeading]).toEqual([true, false]);
    await a.lock.stop();
    await vi.waitFor(() => expect(b.lock.isLeading).toBe(true), soon);
    expect(a.log).toEqual(['started', 'stopped']);
  });

  it('is renewed with one request each time, and looked at again only when somebody else has written to it', async () => {
    const api = new SimulatedCluster();
    const asked: string[] = [];
    api.before = (verb, plural) => void (plural === 'leases' && asked.push(verb));
    const a = candidate(api, 'a');
    await vi.waitFor(() => expect(asked.length).toBeGreaterThan(5), soon);
    expect(asked.slice(0, 6)).toEqual(['get', 'create', 'update', 'update', 'update', 'update']);
    const lease = await api.get(leases, 'ns', 'ebb-operator');
    await api.update({ ...lease, metadata: { ...lease.metadata, labels: { touched: 'yes' } } });
    asked.length = 0;
    await vi.waitFor(() => expect(asked.length).toBeGreaterThan(4), soon);
    expect(asked.slice(0, 5)).toEqual(['update', 'get', 'update', 'update', 'update']);
    await api.delete(leases, 'ns', 'ebb-operator');
    asked.length = 0;
    await vi.waitFor(() => expect(asked.length).toBeGreaterThan(3), soon);
    expect(asked.slice(0, 4)).toEqual(['update', 'get', 'create', 'update']);
    expect(a.log).toEqual(['started']);
  });

  it('that somebody else has taken meanwhile is not taken back', async () => {
    const api = new SimulatedCluster();
    const a = candidate(api, 'a');
    await vi.waitFor(() => expect(a.lock.isLeading).toBe(true), soon);
    const lease = await api.get(leases, 'ns', 'ebb-operator');
    await api.update({
      ...lease,
      spec: { ...(lease['spec'] as object), holderIdentity: 'b', leaseDurationSeconds: 60 },
    });
    await vi.waitFor(() => expect(a.log).toEqual(['started', 'stopped']), soon);
    const { spec } = (await api.get(leases, 'ns', 'ebb-operator')) as unknown as { spec: { holderIdentity: string } };
    expect(spec.holderIdentity).toBe('b');
  });

  it('passes when its holder is silent for its duration (which is whole seconds in the Lease)', async () => {
    const api = new SimulatedCluster();
    const a = candidate(api, 'a');
    await vi.waitFor(() => expect(a.lock.isLeading).toBe(true), soon);
    // The holder is cut off: none of its requests arrive any more.
    const update = api.update.bind(api);
    api.update = async (object, subresource) => {
      const { holderIdentity } = (object as unknown as { spec: { holderIdentity: string } }).spec;
      if (holderIdentity === 'a') throw new Error('cut off');
      return update(object, subresource);
    };
    const b = candidate(api, 'b');
    await vi.waitFor(() => expect(b.lock.isLeading).toBe(true), soon);
    expect(a.lock.isLeading).toBe(false);
    expect(a.log).toEqual(['started', 'stopped']);
  });

  it('that ran out while its holder was stopped lets nothing through when it goes on', async () => {
    const api = new SimulatedCluster();
    let skipped = 0;
    const a = candidate(api, 'a', () => performance.now() + skipped);
    await vi.waitFor(() => expect(a.lock.isLeading).toBe(true), soon);
    const fenced = fencedApi(api, () => a.lock.fence());
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'ns' } };
    await fenced.create(object);
    const flux = new SimulatedFlux(api);
    const links = fencedLinks(flux, () => a.lock.fence());
    await links.drain('ns/x', Idset.of([1]), 1);
    expect(flux.calls).toEqual(['drain 1']);
    // SIGSTOP and SIGCONT: the clock has moved, no timer has run yet.
    skipped = durationMs;
    const { length } = api.writes;
    for (const write of [() => fenced.create(object), () => fenced.update(object), () => fenced.apply(object)]) {
      await expect(write()).rejects.toThrow(NotLeaderError);
    }
    const ranks = Idset.of([2]);
    for (const change of [
      () => links.drain('ns/x', ranks, 1),
      () => links.undrain('ns/x', ranks),
      () => links.setExcluded('ns/x', '2'),
    ]) {
      await expect(change()).rejects.toThrow(NotLeaderError);
    }
    expect(flux.calls).toEqual(['drain 1']);
    expect(api.writes.slice(length).filter(({ kind }) => kind !== 'Lease')).toEqual([]);
  });
});
