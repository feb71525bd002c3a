/** What a MiniCluster costs the API server: every request, reads too. The relay to Flux is one more, over pods/exec. */
import { Idset } from '@ebb/flux-formats';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { World } from './scenario.fixture.ts';

let world: World;
const soon = { timeout: 5000, interval: 5 };

/** The requests that it takes, sorted. */
async function requestsOf(act: () => Promise<void>): Promise<string[]> {
  const { length } = world.cluster.requests;
  await act();
  return world.cluster.requests.slice(length).sort();
}

const create = (spec: Parameters<World['add']>[0], size: number) =>
  requestsOf(async () => {
    world.add(spec);
    await world.settles(size);
  });

const resize = (size: number) =>
  requestsOf(async () => {
    world.set({ size });
    await world.settles(size);
  });

const creation = [
  // Once it has run, a lead broker that starts again waits for nobody: the quorum falls.
  'apply configmaps',
  'create configmaps',
  'create jobs',
  'create secrets',
  'create services',
  'patch pods',
  'update miniclusters/status',
];
const without = (...left: string[]) => creation.filter((each) => !left.includes(each));

beforeEach(() => {
  world = new World();
});
afterEach(() => world.stop());

describe('requests', () => {
  it('before there is a MiniCluster: a list and a watch of each kind that is looked at', async () => {
    await world.start();
    await vi.waitFor(() => expect(world.cluster.requests.length).toBe(10), soon);
    const kinds = ['configmaps', 'jobs', 'miniclusters', 'pods', 'services'];
    expect(world.cluster.requests.toSorted()).toEqual([
      ...kinds.map((each) => `list ${each}`),
      ...kinds.map((each) => `watch ${each}`),
    ]);
  });

  it.each([2, 4, 16])('for a new one of size %i: its objects, the lead pod’s label and a status', async (size) => {
    await world.start();
    expect(await create({ size }, size)).toEqual(creation);
  });

  it('for a new one whose brokers come later than its pods are placed: one more status', async () => {
    await world.start();
    world.flux.down = Idset.parse('1');
    const requests = await requestsOf(async () => {
      world.add({ size: 2 });
      await vi.waitFor(() => expect(world.get().status?.phase).toBe('Pending'), soon);
      world.flux.down = Idset.of([]);
      world.touch();
      await world.settles(2);
    });
    expect(requests).toEqual([...creation, 'update miniclusters/status'].sort());
  });

  it('for a new one for which there is no room: its objects, the label and a status', async () => {
    await world.start();
    world.cluster.scheduler = 'turns away';
    const requests = await requestsOf(async () => {
      world.add({ size: 4 });
      await vi.waitFor(
        () => expect(world.condition('Ready')?.message).toMatch(/^0 of 4 pods run; pod .*: Unschedulable/),
        soon,
      );
    });
    expect(requests).toEqual(without('apply configmaps'));
  });

  it('for a new one with a certificate of its own: no Secret', async () => {
    await world.start();
    expect(await create({ size: 2, flux: { curveCertSecret: 'mine' } }, 2)).toEqual(without('create secrets'));
  });

  it('for a new one with a quorum of its own: the ConfigMap is written once', async () => {
    await world.start();
    expect(await create({ size: 2, minSize: 1 }, 2)).toEqual(without('apply configmaps'));
  });

  it('for a new one that is fenced off: a NetworkPolicy', async () => {
    await world.start({ networkPolicy: true });
    expect(await create({ size: 2 }, 2)).toEqual([...creation, 'create networkpolicies'].sort());
  });

  it('for a resize: the Job and the status, whichever way and however far', async () => {
    await world.start();
    await create({ size: 2, maxSize: 16 }, 2);
    for (const size of [4, 3, 16, 1, 2]) {
      expect(await resize(size)).toEqual(['patch jobs', 'update miniclusters/status']);
    }
    expect(world.flux.drained.size).toBe(0);
    expect(world.get().status?.lastResize).toMatchObject({ from: 1, to: 2, decision: 'Accepted' });
  });

  it('for a denial: the status, an event and the size that is put back', async () => {
    await world.start();
    await create({ size: 2 }, 2);
    const requests = await requestsOf(async () => {
      world.set({ size: 5 });
      await vi.waitFor(() => expect(world.get().spec.size).toBe(2), soon);
      await vi.waitFor(
        () => expect(world.get().status?.observedGeneration).toBe(world.get().metadata.generation),
        soon,
      );
    });
    expect(requests).toEqual(['create events', 'patch miniclusters', 'update miniclusters/status']);
  });

  it('for one at rest: none, whatever is looked at again', async () => {
    await world.start();
    await create({}, 4);
    const requests = await requestsOf(async () => {
      for (let turn = 0; turn < 5; turn++) {
        world.touch();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    });
    expect(requests).toEqual([]);
  });

  it('for one that another operator process finds as it left it: none but the lists and watches', async () => {
    await world.start();
    await create({}, 4);
    await world.kill();
    const requests = await requestsOf(async () => {
      await world.start();
      await world.settles(4);
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
    expect(requests.filter((each) => !/^(list|watch) /.test(each))).toEqual([]);
  });
});
