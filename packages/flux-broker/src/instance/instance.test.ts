import type { Flux } from '@ebb/flux-client';
import { Idset, ResourceSet } from '@ebb/flux-formats';
import { afterEach, describe, expect, it } from 'vitest';
import { type Instance, type InstanceOptions, startInstance } from './instance.ts';

let instance: Instance | undefined;

afterEach(async () => {
  await instance?.stop();
  instance = undefined;
});

async function boot(options: InstanceOptions): Promise<Instance> {
  instance = startInstance({ ...options, modules: options.modules ?? plainModules });
  await instance.ready();
  return instance;
}

const plainModules = [
  { name: 'heartbeat', ranks: 'all', load: () => import('../heartbeat/module.ts') },
  { name: 'resource', ranks: 'all', load: () => import('../resource/module.ts') },
] as const;

/** Resolves when rank 0 sees exactly these ranks online. */
async function untilOnline(flux: Flux, expected: string): Promise<void> {
  const abort = new AbortController();
  for await (const { members } of flux.stream<{ members: string }>(
    'groups.get',
    { name: 'broker.online' },
    { nodeid: 0, signal: abort.signal },
  )) {
    if (members === expected) break;
  }
  abort.abort();
}

async function downRanks(flux: Flux): Promise<string> {
  const { down } = await flux.rpc<{ down: unknown }>('resource.sched-status', undefined, { nodeid: 0 });
  return ResourceSet.parse(down).ranks.toString();
}

async function healthOf(flux: Flux, rank: number, nodeid = 0): Promise<string> {
  const health = await flux.rpc<{ children: { rank: number; status: string; error?: string }[] }>(
    'overlay.health',
    undefined,
    { nodeid },
  );
  const child = health.children.find((each) => each.rank === rank);
  return `${child?.status}${child?.error ? ` ${child.error}` : ''}`;
}

describe('an instance in one process', () => {
  it('comes up as a tree, and any rank reaches any other', async () => {
    const running = await boot({ size: 15, fanout: 2 });
    for (const [from, to] of [
      [0, 14],
      [14, 0],
      [7, 14],
      [13, 8],
    ] as const) {
      const flux = running.flux(from);
      const pong = await flux.rpc<{ rank: number }>('broker.ping', { seq: 0 }, { nodeid: to });
      expect(pong.rank).toBe(to);
    }
    const health = await running.flux(0).rpc<{ status: string }>('overlay.health');
    expect(health.status).toBe('full');
  });

  it('shows a killed rank as lost and down at once, and takes it in again', async () => {
    const running = await boot({ size: 4 });
    const flux = running.flux(0);
    running.kill(3);
    await untilOnline(flux, '0-2');
    expect(await healthOf(flux, 3)).toBe('lost lost connection');
    expect(await downRanks(flux)).toBe('3');
    running.start(3);
    await untilOnline(flux, '0-3');
    expect(await downRanks(flux)).toBe('');
    expect(await healthOf(flux, 3)).toBe('full');
  });

  it('takes a rank in again whose loss the parent had not noticed', async () => {
    const running = await boot({ size: 4, fanout: 2 });
    const flux = running.flux(0);
    const before = running.broker(3).uuid;
    running.vanish(3);
    const stuck = flux.rpc('broker.ping', { seq: 0 }, { nodeid: 3 });
    const failed = expect(stuck).rejects.toMatchObject({ code: 'EHOSTUNREACH' });
    running.start(3);
    await failed;
    await untilOnline(flux, '0-3');
    const pong = await flux.rpc<{ route: string }>('broker.ping', { seq: 0 }, { nodeid: 3 });
    expect(pong.route).not.toContain(before.slice(0, 8));
    expect(await healthOf(flux, 3, 1)).toBe('full');
  });

  it('shows a rank that left in order as offline, and goes on alone at the end', async () => {
    const running = await boot({ size: 3 });
    const flux = running.flux(0);
    await running.shutdown(2);
    await untilOnline(flux, '0-1');
    expect(await healthOf(flux, 2)).toBe('offline administrative shutdown');
    await running.shutdown(1);
    await untilOnline(flux, '0');
    expect(await downRanks(flux)).toBe('1-2');
    expect(running.broker(0).state).toBe('run');
  });

  it('takes the whole subtree of a lost router out, and its brokers end', async () => {
    const running = await boot({ size: 7, fanout: 2 });
    const flux = running.flux(0);
    running.kill(1);
    await untilOnline(flux, '0,2,5-6');
    expect(await downRanks(flux)).toBe('1,3-4');
    // The children find a parent that does not know them, are told so, and exit to be started again.
    const ended = [3, 4].map((rank) => running.broker(rank).lifecycle.reached('exit'));
    running.start(1);
    await Promise.all(ended);
    running.start(3);
    running.start(4);
    await untilOnline(flux, '0-6');
  });

  it('fails requests on their way to a rank that dies', async () => {
    const running = await boot({ size: 3 });
    const flux = running.flux(1);
    running.hold(2, true);
    const waiting = flux.rpc('broker.ping', { seq: 0 }, { nodeid: 2 });
    const failed = expect(waiting).rejects.toMatchObject({ code: 'EHOSTUNREACH' });
    await flux.rpc('broker.ping', { seq: 0 }, { nodeid: 0 });
    running.kill(2);
    await failed;
    await expect(flux.rpc('broker.ping', {}, { nodeid: 2 })).rejects.toMatchObject({ code: 'EHOSTUNREACH' });
    await expect(flux.rpc('broker.ping', {}, { nodeid: 77 })).rejects.toMatchObject({ code: 'EHOSTUNREACH' });
    await expect(flux.rpc('nothing.here', {})).rejects.toMatchObject({ code: 'ENOSYS' });
  });

  it('marks a silent rank torpid and down, and lively again', async () => {
    const running = await boot({ size: 3, attributes: { 'tbon.torpid_min': '0.1s', 'tbon.torpid_max': '1.5s' } });
    const flux = running.flux(0);
    running.hold(2, true);
    const until = async (expected: string) => {
      for await (const { members } of flux.stream<{ members: string }>(
        'groups.get',
        { name: 'broker.torpid' },
        { nodeid: 0 },
      )) {
        if (members === expected) return;
      }
    };
    await until('2');
    expect(await downRanks(flux)).toBe('2');
    running.hold(2, false);
    await until('');
    expect(await downRanks(flux)).toBe('');
  });

  it('gives events to every rank in order and each once', async () => {
    const running = await boot({ size: 6, fanout: 2 });
    const seen = new Map<number, number[]>();
    let left = 6 * 50;
    let finish: () => void;
    const all = new Promise<void>((resolve) => {
      finish = resolve;
    });
    for (let rank = 0; rank < 6; rank++) {
      const list: number[] = [];
      seen.set(rank, list);
      await running.flux(rank).subscribe('test.count', (event) => {
        list.push((event.payload as { n: number }).n);
        if (--left === 0) finish();
      });
    }
    const publisher = running.flux(5);
    for (let n = 0; n < 50; n++) await publisher.publish('test.count', { n });
    await all;
    const expected = Array.from({ length: 50 }, (_, n) => n);
    for (const list of seen.values()) expect(list).toEqual(expected);
  });

  it('drains a rank whose machine has less than R says', async () => {
    const config = { resource: { config: [{ hosts: 'node[0-1]', cores: '0-4095' }] } };
    const running = await boot({ size: 2, config });
    const flux = running.flux(0);
    for (;;) {
      const { drain } = await flux.rpc<{ drain: Record<string, { reason: string }> }>('resource.status');
      const reasons = Object.values(drain).map(({ reason }) => reason);
      if (reasons.length === 2) {
        expect(reasons.every((reason) => /^rank [01] \(node[01]\) missing resources: core\[/.test(reason))).toBe(true);
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });

  it('goes on with the ranks that are there when the quorum is small', async () => {
    const running = await boot({ size: 8, attributes: { 'broker.quorum': '2' }, startRanks: [0, 1] });
    const flux = running.flux(0);
    expect(await downRanks(flux)).toBe('2-7');
    running.start(5);
    await untilOnline(flux, '0-1,5');
    expect(Idset.parse(await downRanks(flux)).size).toBe(5);
  });
});
