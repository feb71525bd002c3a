/** The operator is killed after each single write of each scenario, and the API fails in every way it can: it always gets there. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../kubernetes/api-error.ts';
import { World } from './scenario.fixture.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});
const patient = { timeout: 8000, interval: 5 };

/** A story of one MiniCluster; each step is done when it says so. */
const story: ((here: World) => { isDone: () => boolean })[] = [
  (here) => {
    here.add({ size: 3 });
    return { isDone: () => here.isSettled(3) };
  },
  (here) => {
    here.run('2');
    here.set({ size: 1 });
    let wasBusy = false;
    return {
      isDone: () => {
        if (!wasBusy && here.flux.drained.size > 0) {
          wasBusy = true;
          here.run('');
        }
        return here.isSettled(1) && here.flux.drained.size === 0;
      },
    };
  },
  (here) => {
    here.set({ size: 3 });
    return { isDone: () => here.isSettled(3) };
  },
  (here) => {
    here.set({ size: 5 });
    return {
      isDone: () =>
        here.get().spec.size === 3 && here.condition('ResizeDenied')?.status === 'True' && here.isSettled(3),
    };
  },
];

async function tell(here: World): Promise<void> {
  for (const [index, step] of story.entries()) {
    const { isDone } = step(here);
    await vi.waitFor(
      () => expect(isDone(), `step ${index}: ${JSON.stringify(here.get()?.status)}`).toBe(true),
      patient,
    );
  }
}

/** Each thing was made once, by its name. */
function expectNothingTwice(here: World): void {
  expect(here.cluster.all('jobs').length).toBe(1);
  expect(here.cluster.all('secrets').length).toBe(1);
  const denials = here.cluster.all('events').filter((event) => event['reason'] === 'ResizeDenied');
  expect(denials.length).toBe(1);
  const created = here.cluster.writes.filter(({ verb, kind }) => verb === 'create' && kind === 'Secret');
  expect(created.length).toBe(1);
}

describe('an operator that is killed', () => {
  it('after any single write converges when it is started again', { timeout: 120_000 }, async () => {
    world = new World();
    await world.start();
    await tell(world);
    const writes = world.cluster.writes.length;
    const secret = 'flux-sample-curve';
    await world.stop();
    for (let after = 1; after <= writes + 2; after++) {
      world = new World();
      const here = world;
      let count = 0;
      let certificate = '';
      here.cluster.after = () => {
        count += 1;
        if (count !== after) return;
        // From here on this operator's requests go nowhere, as those of a dead process.
        const dead = here.cluster.before;
        here.cluster.before = () => {
          throw new ApiError(0, 'Connection', 'killed');
        };
        certificate = JSON.stringify(here.cluster.find('secrets', secret)?.['data']);
        setTimeout(() => {
          void here.kill().then(() => {
            here.cluster.before = dead;
            return here.start();
          });
        }, 3);
        throw new ApiError(0, 'Connection', 'killed');
      };
      await here.start();
      await tell(here);
      expectNothingTwice(here);
      if (certificate) expect(JSON.stringify(here.cluster.find('secrets', secret)?.['data'])).toBe(certificate);
      await here.stop();
    }
  });
});

describe('an API server that fails', () => {
  it.each([409, 429, 500, 503, 0])('answers %i to every third request', { timeout: 60_000 }, async (code) => {
    world = new World();
    let count = 0;
    world.cluster.before = (verb) => {
      count += 1;
      if (verb === 'watch' || verb === 'list' || count % 3 !== 0) return;
      throw new ApiError(code, 'Injected', 'injected', code === 429 ? 10 : undefined);
    };
    await world.start();
    await tell(world);
  });

  it.each([0, 500])(
    'loses every third answer to a write after carrying it out (%i)',
    { timeout: 60_000 },
    async (code) => {
      world = new World();
      let count = 0;
      world.cluster.after = () => {
        count += 1;
        if (count % 3 === 0) throw new ApiError(code, 'Injected', 'lost');
      };
      await world.start();
      await tell(world);
    },
  );

  it.each([false, true])('drops its watches all the time (too old: %s)', { timeout: 60_000 }, async (expire) => {
    world = new World();
    const here = world;
    await here.start();
    const timer = setInterval(() => here.cluster.dropWatches(expire), 30);
    await tell(here).finally(() => clearInterval(timer));
  });
});
