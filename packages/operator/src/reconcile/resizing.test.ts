/** What becomes of another size: denial, drain, growth past the maximum, and the demand of the queue. */
import { Idset } from '@ebb/flux-formats';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { World } from './scenario.fixture.ts';

let world: World;
const soon = { timeout: 5000, interval: 5 };

beforeEach(async () => {
  world = new World();
  await world.start();
});
afterEach(() => world.stop());

describe('another size', () => {
  it('tells of a resize that it is asked for before its first status', async () => {
    world.cluster.scheduler = 'is away';
    world.add({ size: 2, maxSize: 4 });
    await vi.waitFor(() => expect(world.pods()).toBe(2), soon);
    expect(world.get().status).toBeUndefined();
    world.set({ size: 4 });
    await vi.waitFor(() => expect(world.pods()).toBe(4), soon);
    world.cluster.scheduler = 'places';
    await world.settles(4);
    expect(world.get().status?.lastResize).toMatchObject({ from: 2, to: 4, decision: 'Accepted' });
  });

  it('denies a size above the maximum: status, Warning, size put back, nothing restarted', async () => {
    world.add({});
    await world.settles(4);
    const pods = world.cluster.all('pods').map((pod) => pod.metadata.name);
    const { length } = world.cluster.writes;
    world.set({ size: 5 });
    await vi.waitFor(() => expect(world.get().spec.size).toBe(4), soon);
    await vi.waitFor(() => expect(world.get().status?.observedGeneration).toBe(world.get().metadata.generation), soon);
    expect(world.condition('ResizeDenied')).toMatchObject({ status: 'True', reason: 'AboveMaximum' });
    expect(world.condition('Ready')?.status).toBe('True');
    expect(world.cluster.all('events').map((event) => [event['type'], event['reason']])).toContainEqual([
      'Warning',
      'ResizeDenied',
    ]);
    expect(world.cluster.all('pods').map((pod) => pod.metadata.name)).toEqual(pods);
    expect(world.cluster.writes.length - length).toBe(3);
    world.set({ size: 3 });
    await world.settles(3);
    expect(world.condition('ResizeDenied')?.status).toBe('False');
  });

  it('drains exactly the ranks that go, waits for their jobs, then undrains them', async () => {
    world.add({});
    await world.settles(4);
    world.run('1,3');
    world.set({ size: 2 });
    await vi.waitFor(
      () => expect(world.condition('Resizing')).toMatchObject({ status: 'True', reason: 'Draining' }),
      soon,
    );
    expect([...world.flux.drained.keys()]).toEqual([2, 3]);
    expect(world.job()?.parallelism).toBe(4);
    expect(world.condition('Resizing')?.message).toBe('waiting for jobs on rank 3 to end before ranks 2-3 go');
    world.run('1');
    await world.settles(2);
    expect(world.get().status?.lastResize?.message).toBe('ranks 2-3 go');
    await vi.waitFor(() => expect(world.flux.drained.size).toBe(0), soon);
    expect(world.flux.calls).toEqual(['drain 2-3', 'undrain 2-3']);
  });

  it('drains a rank that goes also while its broker is down: should it come up, no job is to start on it', async () => {
    world.add({});
    await world.settles(4);
    world.flux.down = Idset.parse('3');
    world.set({ size: 2 });
    await world.settles(2);
    expect(world.flux.calls[0]).toBe('drain 2-3');
    await vi.waitFor(() => expect(world.flux.drained.size).toBe(0), soon);
  });

  it('a shrink that is taken back gives its ranks back, and leaves another’s drain alone', async () => {
    world.add({});
    await world.settles(4);
    world.flux.drained.set(2, 'bad disk');
    world.run('3');
    world.set({ size: 2 });
    await vi.waitFor(() => expect(world.flux.drained.size).toBe(2), soon);
    world.set({ size: 4 });
    await vi.waitFor(() => expect([...world.flux.drained]).toEqual([[2, 'bad disk']]), soon);
    expect(world.job()?.parallelism).toBe(4);
  });

  it('does not wait longer than it was told', async () => {
    world.add({ scaling: { scaleDown: { policy: 'Drain', timeoutSeconds: 1 } } });
    await world.settles(4);
    world.run('3');
    world.set({ size: 3 });
    await world.settles(3);
    expect(world.cluster.all('events').map((event) => event['reason'])).toContain('DrainTimeout');
  });

  it('shrinks nothing while Flux cannot be asked, and says so', async () => {
    world.add({});
    await world.settles(4);
    world.flux.isReachable = false;
    world.set({ size: 3 });
    await vi.waitFor(
      () => expect(world.condition('Resizing')).toMatchObject({ status: 'True', reason: 'FluxUnreachable' }),
      soon,
    );
    expect(world.job()?.parallelism).toBe(4);
    world.flux.isReachable = true;
    world.touch();
    await world.settles(3);
  });

  it('with Immediate asks nobody', async () => {
    world.add({ scaling: { scaleDown: { policy: 'Immediate' } } });
    await world.settles(4);
    world.run('3');
    world.set({ size: 3 });
    await world.settles(3);
    expect(world.flux.calls).toEqual([]);
  });

  it('opens hidden ranks when maxSize is raised up to the capacity', async () => {
    world.flux.excluded = Idset.parse('4-7');
    world.add({ size: 2, maxSize: 4, scaling: { capacity: 8 } });
    await world.settles(2);
    world.set({ maxSize: 6, size: 6 });
    await world.settles(6);
    expect(world.flux.calls).toEqual(['exclude 6-7']);
    const data = world.cluster.find('configmaps', 'flux-sample-entrypoint')?.['data'] as Record<string, string>;
    expect(data['broker.toml']).toContain('exclude = "6-7"');
    expect(data['broker.toml']).toContain('flux-sample-[0-7]');
  });

  it('hides what a lowered maximum takes away at once, when the ranks in use have gone', async () => {
    world.flux.excluded = Idset.parse('6-7');
    world.add({ size: 4, maxSize: 6, scaling: { capacity: 8 } });
    await world.settles(4);
    world.run('3');
    world.set({ maxSize: 2, size: 2 });
    await vi.waitFor(() => expect(world.get().status?.drain?.ranks).toBe('2-3'), soon);
    world.run('');
    await world.settles(2);
    await vi.waitFor(() => expect(world.flux.excluded.toString()).toBe('2-7'), soon);
    expect(world.flux.calls.filter((call) => call.startsWith('exclude'))).toEqual(['exclude 2-7']);
  });

  it('hides no rank whose job still runs when maxSize is lowered', async () => {
    world.add({ size: 4, maxSize: 4 });
    await world.settles(4);
    world.run('3');
    world.set({ maxSize: 3, size: 3 });
    await vi.waitFor(() => expect(world.get().status?.drain?.ranks).toBe('3'), soon);
    expect(world.get().status).toMatchObject({ size: 4, maximumSize: 3, ranks: { up: 4, down: 0, online: '0-3' } });
    expect(world.flux.calls).toEqual(['drain 3']);
    world.run('');
    await world.settles(3);
    await vi.waitFor(() => expect(world.flux.excluded.toString()).toBe('3'), soon);
    await vi.waitFor(() => expect(world.get().status?.ranks).toMatchObject({ up: 3, down: 0, offline: '' }), soon);
  });

  it('follows the demand of the queue', async () => {
    world.add({ size: 1, maxSize: 4, scaling: { autoscale: { minSize: 1, idleSeconds: 0 } } });
    await world.settles(1);
    world.flux.pendingNodes = 3;
    world.touch();
    await vi.waitFor(() => expect(world.get().spec.size).toBe(3), soon);
    world.flux.pendingNodes = 0;
    world.run('0-2');
    await world.settles(3);
    world.run('0-1');
    await vi.waitFor(() => expect(world.get().spec.size).toBe(2), soon);
    await world.settles(2);
  });
});
