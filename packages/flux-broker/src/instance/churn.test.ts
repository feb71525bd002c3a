// Brokers that come and go at random, by a printed seed, with rank 0 restarted among them: what rank 0 shows always
// comes to agree with what really runs, and nothing hangs. EBB_CHURN_SEED repeats a run, EBB_CHURN_STEPS lengthens it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Idset, ResourceSet } from '@ebb/flux-formats';
import { describe, expect, it } from 'vitest';
import { Instance } from './instance.ts';

const size = 16;
const seed = Number(process.env['EBB_CHURN_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const steps = Number(process.env['EBB_CHURN_STEPS'] ?? 300);

/** Mulberry32: small, and the same everywhere. */
function generator(state: number): () => number {
  let at = state >>> 0;
  return () => {
    at = (at + 0x6d2b79f5) >>> 0;
    let value = Math.imul(at ^ (at >>> 15), at | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

const modules = [
  { name: 'heartbeat', ranks: 'all', load: () => import('../heartbeat/module.ts') },
  { name: 'resource', ranks: 'all', load: () => import('../resource/module.ts') },
] as const;

describe(`churn of ${size} brokers (EBB_CHURN_SEED=${seed})`, () => {
  it.each([
    ['flat', 'kary:0'],
    ['a tree', 'kary:3'],
  ])(
    '%s: resource list converges to the truth',
    async (_, topology) => {
      const random = generator(seed);
      const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
      const statedir = mkdtempSync(join(tmpdir(), 'churn-'));
      const instance = new Instance({
        size,
        topology,
        modules,
        statedir,
        attributes: {
          'broker.quorum': '1',
          'broker.shutdown-timeout': '5s',
          'tbon.torpid_min': '0.2s',
          'tbon.torpid_max': '1s',
        },
      });
      const ranks = Array.from({ length: size }, (__, rank) => rank);
      for (const rank of ranks) instance.start(rank);
      await agree(instance);
      const leaving = new Set<Promise<void>>();
      for (let step = 0; step < steps; step++) {
        const running = ranks.filter((rank) => instance.isRunning(rank));
        const stopped = ranks.filter((rank) => !instance.isRunning(rank));
        const dice = random();
        if (dice < 0.03) {
          if (instance.isRunning(0)) instance.kill(0);
        } else if (dice < 0.06) {
          if (instance.isRunning(0)) instance.vanish(0);
        } else if (dice < 0.3 && running.length > 0) instance.kill(pick(running));
        else if (dice < 0.4 && running.length > 0) instance.vanish(pick(running));
        else if (dice < 0.55 && running.length > 0) {
          const leave = instance.shutdown(pick(running)).catch(() => {});
          leaving.add(leave);
          void leave.finally(() => leaving.delete(leave));
        } else if (stopped.length > 0) instance.start(pick(stopped));
        if (!instance.isRunning(0) && random() < 0.7) instance.start(0);
        for (let turns = Math.floor(random() * 30); turns > 0; turns--) await new Promise((done) => setImmediate(done));
        if (step % 25 === 24) {
          if (!instance.isRunning(0)) instance.start(0);
          await agree(instance);
        }
      }
      await restartUntilAllUp(instance, ranks);
      await instance.stop();
      rmSync(statedir, { recursive: true, force: true });
    },
    120_000,
  );
});

/** Waits until what rank 0 answers is what runs. */
async function agree(instance: Instance): Promise<void> {
  await until(async () => {
    if (!instance.isRunning(0)) instance.start(0);
    const leader = instance.broker(0);
    if (leader.state !== 'run') return 'rank 0 is not up';
    const flux = instance.flux(0);
    try {
      const lists = await flux.rpc<{ all: unknown; down: unknown }>('resource.sched-status', undefined, {
        nodeid: 0,
        timeoutMs: 2_000,
      });
      const up = ResourceSet.parse(lists.all).ranks.subtract(ResourceSet.parse(lists.down).ranks);
      const truth = Idset.of(Array.from({ length: instance.size }, (_, rank) => rank).filter(isUp(instance)));
      return up.equals(truth) ? undefined : `up ${up}, but ${truth} run; ${states(instance)}`;
    } finally {
      await flux.close();
    }
  });
}

function states(instance: Instance): string {
  const all = Array.from({ length: instance.size }, (_, rank) => rank).filter((rank) => instance.isRunning(rank));
  const children = instance.isRunning(0) ? instance.broker(0).overlay.children : [];
  const seen = children.map((child) => `${child.rank} ${child.status}${child.torpid ? ' torpid' : ''}`);
  return `${all.map((rank) => `${rank} ${instance.broker(rank).state}`)}; rank 0 sees ${seen}`;
}

/** Runs, and so do all on the way to rank 0. */
function isUp(instance: Instance): (rank: number) => boolean {
  return (rank) => {
    if (!instance.isRunning(rank) || instance.broker(rank).state !== 'run') return false;
    const parent = instance.broker(rank).options.topology.parent(rank);
    return parent < 0 || isUp(instance)(parent);
  };
}

/** Brings every rank back, as a supervisor would that restarts what ended. */
async function restartUntilAllUp(instance: Instance, ranks: readonly number[]): Promise<void> {
  await until(async () => {
    for (const rank of ranks) if (!instance.isRunning(rank)) instance.start(rank);
    const missing = ranks.filter((rank) => !isUp(instance)(rank));
    return missing.length === 0 ? undefined : `not up: ${Idset.of(missing)}; ${states(instance)}`;
  });
  await agree(instance);
  const flux = instance.flux(0);
  for (const rank of ranks) {
    const pong = await flux.rpc<{ rank: number }>('broker.ping', {}, { nodeid: rank, timeoutMs: 5_000 });
    expect(pong.rank).toBe(rank);
  }
}

/** Waits for a condition that answers what is still wrong. */
async function until(condition: () => Promise<string | undefined>): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const wrong = await condition().catch((error: Error) => error.message);
    if (wrong === undefined) return;
    if (performance.now() > deadline) throw new Error(`still not so after 30 s: ${wrong}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
