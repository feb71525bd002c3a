/** What a resize costs, in whatever order and however slowly pods and brokers report: clock and reports are scripted. */
import { Idset } from '@ebb/flux-formats';
import { type KubernetesObject, type MiniCluster, normalize, registrationOf } from '@ebb/minicluster';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionOf } from './conditions.ts';
import type { Observed } from './observed.ts';
import { plan } from './plan.ts';
import type { PodView } from './pod-view.ts';
import { note, type StatusHistory, statusDue, told } from './status-timing.ts';

/** A MiniCluster of which everything is reported by hand, and the operator's pass over it. */
class Reported {
  now = 1_000_000;
  readonly writes: string[] = [];
  readonly history: StatusHistory = { writtenAt: 0 };
  readonly cluster: MiniCluster;
  readonly job: KubernetesObject;
  pods = new Map<number, boolean>();
  online = Idset.of([]);
  allocated = Idset.of([]);
  drained = new Map<number, string>();
  readonly ended = new Set<number>();
  /** Ranks on whose pods the scheduler has not looked yet. */
  readonly unscheduled = new Set<number>();
  /** Why the pods of ranks do not run. */
  readonly waiting = new Map<number, { reason: string; message: string }>();
  awaitsFlux = false;

  /** @param program what its Flux runs; without one it is interactive */
  constructor(size: number, program?: string) {
    this.cluster = {
      apiVersion: 'flux-framework.org/v1alpha2',
      kind: 'MiniCluster',
      metadata: { name: 'm', namespace: 'ns', uid: 'u', generation: 1 },
      spec: { size, maxSize: 6, containers: [{ image: 'x', ...(program ? { command: program } : {}) }] },
    };
    this.job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'm' },
      spec: { parallelism: size, completions: size, backoffLimit: 100 },
    };
  }

  /** Passes until nothing is left to be done; what is held back waits for the clock. */
  pass(): void {
    for (let round = 0; round < 6; round++) {
      const decided = plan(this.observed());
      if (decided.actions.length > 0) {
        this.writes.push(...decided.events.map(({ reason }) => `event ${reason}`));
        for (const action of decided.actions) {
          if (action.kind === 'patch-job') {
            Object.assign(this.job['spec'] as object, action.spec);
            this.writes.push('job');
          } else if (action.kind === 'drain') {
            for (const rank of action.ranks) this.drained.set(rank, 'ebb: scale down');
          } else if (action.kind === 'undrain') {
            for (const rank of action.ranks) this.drained.delete(rank);
          }
        }
        continue;
      }
      note(this.history, decided, this.now);
      if (statusDue(this.cluster.status, decided.status, this.history, this.now) !== 0) return;
      this.cluster.status = decided.status;
      told(this.history, this.now);
      this.writes.push(`status ${decided.status.phase}`);
      return;
    }
    throw new Error('the passes do not end');
  }

  settle(size: number): void {
    this.pods = new Map(Array.from({ length: size }, (_, rank) => [rank, true]));
    this.online = Idset.range(0, size - 1);
    this.pass();
    expect(this.cluster.status?.phase).toBe('Running');
    this.now += 10_000;
    this.writes.length = 0;
  }

  ask(size: number): void {
    this.cluster.spec = { ...this.cluster.spec, size };
    this.cluster.metadata.generation = (this.cluster.metadata.generation ?? 0) + 1;
    this.pass();
  }

  observed(): Observed {
    const resolved = normalize(this.cluster);
    const pods: PodView[] = [...this.pods].map(([index, isReady]) => ({
      name: `m-${index}`,
      index,
      isRunning: !this.ended.has(index),
      isReady: isReady && !this.ended.has(index),
      ...(this.ended.has(index) ? { ended: { exitCode: 0, message: '' } } : {}),
      isDeleting: false,
      hasFailed: false,
      isLabelled: true,
      isConsidered: !this.unscheduled.has(index),
      ...waitingOf(this.waiting.get(index)),
    }));
    const { online, allocated, now } = this;
    const flux = this.awaitsFlux
      ? undefined
      : { online, allocated, drained: new Map(this.drained), excluded: Idset.of([]), pendingNodes: 0 };
    return {
      cluster: this.cluster,
      resolved,
      registration: registrationOf(resolved, undefined, undefined),
      job: this.job,
      pods,
      flux,
      awaitsFlux: this.awaitsFlux,
      drainingSince: undefined,
      idleSince: undefined,
      now,
    };
  }
}

function waitingOf(why: { reason: string; message: string } | undefined): Partial<PodView> {
  return why ? { waiting: `pod m: ${why.reason}: ${why.message}`, trouble: why.reason } : {};
}

/** One that has just been made: no pod is there yet, Flux has not answered, and nothing has been told. */
function made(size: number): Reported {
  const world = new Reported(size);
  world.awaitsFlux = true;
  world.pass();
  expect(world.writes).toEqual([]);
  return world;
}

/** One whose first status has been written, while no pod was there. */
function begun(size: number): Reported {
  const world = made(size);
  expect(passing(world, 5000)).toEqual(['status Pending']);
  return world;
}

/** @returns what a pass each 100 ms writes in that time */
function passing(world: Reported, ms: number): string[] {
  world.writes.length = 0;
  for (const until = world.now + ms; world.now < until; ) {
    world.now += 100;
    world.pass();
  }
  return [...world.writes];
}

const sizes = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })).filter(([a, b]) => a !== b);
/** Pauses between reports: most short, some longer than the operator's patience. */
const pauses = fc.array(fc.constantFrom(0, 1, 5, 50, 400, 1500, 4000), { minLength: 40, maxLength: 40 });

/** Reports each step in turn, with a pass at each report and whenever one is due. @returns the writes */
function reportAll(world: Reported, steps: readonly (() => void)[], pause: readonly number[]): string[] {
  for (const [index, step] of steps.entries()) {
    world.now += pause[index % pause.length] ?? 0;
    world.pass();
    step();
    world.pass();
  }
  return world.writes;
}

it('a resize costs at most three writes, in whatever pieces pods and brokers report', () => {
  fc.assert(
    fc.property(
      sizes,
      pauses,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 20, maxLength: 20 }),
      ([from, to], pause, order) => {
        const world = new Reported(from);
        world.settle(from);
        world.ask(to);
        const ranks = Array.from({ length: Math.abs(to - from) }, (_, index) => Math.min(from, to) + index);
        // Of each rank its pod comes before its broker; what the ranks say is mixed at random.
        const grow = (rank: number) => [
          () => void world.pods.set(rank, false),
          () => void world.pods.set(rank, true),
          () => void (world.online = Idset.of([...world.online, rank])),
        ];
        const shrink = (rank: number) => [
          () => void (world.online = world.online.subtract(Idset.of([rank]))),
          () => void world.pods.set(rank, false),
          () => void world.pods.delete(rank),
        ];
        const queues = ranks.map(to > from ? grow : shrink);
        const steps: (() => void)[] = [];
        for (let turn = 0; queues.some((queue) => queue.length > 0); turn++) {
          const left = queues.filter((queue) => queue.length > 0);
          const next = left[Math.floor((order[turn % order.length] ?? 0) * left.length) % left.length]?.shift();
          if (next) steps.push(next);
        }
        const writes = reportAll(world, steps, pause);
        expect(world.cluster.status).toMatchObject({ phase: 'Running', size: to, ranks: { up: to } });
        expect(world.drained.size).toBe(0);
        expect(writes.filter((write) => write === 'job')).toHaveLength(1);
        expect(writes.length, writes.join()).toBeLessThanOrEqual(3);
      },
    ),
    { numRuns: 500 },
  );
});

it('a shrink that waits for jobs says so at once, and costs three writes all the same', () => {
  const world = new Reported(4);
  world.settle(4);
  world.allocated = Idset.parse('2-3');
  world.ask(2);
  expect(conditionOf(world.cluster.status?.conditions, 'Resizing')).toMatchObject({
    status: 'True',
    reason: 'Draining',
  });
  const writes = reportAll(
    world,
    [
      () => void (world.allocated = Idset.parse('3')),
      () => void (world.allocated = Idset.of([])),
      () => void (world.online = Idset.parse('0-2')),
      () => void world.pods.delete(3),
      () => void (world.online = Idset.parse('0-1')),
      () => void world.pods.delete(2),
    ],
    [3000],
  );
  expect(writes).toEqual(['status Resizing', 'job', 'status Running']);
  expect(world.cluster.status?.lastResize).toMatchObject({ from: 4, to: 2, decision: 'Accepted' });
});

it('a denial is a status and an event, and the status holds for the size that is put back', () => {
  const world = new Reported(4);
  world.settle(4);
  world.cluster.spec = { ...world.cluster.spec, size: 9 };
  const { status } = plan({ ...world.observed(), registration: { maximum: 4, capacity: 4, firstSize: 4 } });
  expect(conditionOf(status.conditions, 'ResizeDenied')).toMatchObject({ status: 'True', observedGeneration: 2 });
  expect(status.observedGeneration).toBe(2);
});

it('a resize that takes minutes is told of once a minute', () => {
  const world = new Reported(1);
  world.settle(1);
  world.ask(3);
  world.now += 1500;
  world.pass();
  world.pods.set(1, true);
  world.online = Idset.parse('0-1');
  for (let second = 0; second < 130; second++) {
    world.now += 1000;
    world.pods.set(2, second % 2 === 0);
    world.pass();
  }
  expect(world.writes.filter((write) => write === 'status Resizing').length).toBe(3);
  expect(world.cluster.status).toMatchObject({ size: 3, ranks: { up: 2 } });
});

it.each([
  ['soon', 20],
  ['slowly', 5000],
])('brokers that leave %s because the program has ended are no loss', (_, pause) => {
  const world = new Reported(3, 'true');
  world.settle(3);
  const leave = (rank: number) => [
    () => void (world.online = world.online.subtract(Idset.of([rank]))),
    () => void world.ended.add(rank),
  ];
  expect(reportAll(world, leave(2), [20])).toEqual([]);
  const writes = reportAll(world, [...leave(1), ...leave(0)], [pause]);
  expect(writes.at(-1)).toBe('status Succeeded');
  expect(new Set(writes.slice(0, -1))).toEqual(new Set(pause < 1000 ? [] : ['status Running']));
});

it('a broker of a program that stays away is told of', () => {
  const world = new Reported(3, 'true');
  world.settle(3);
  world.online = Idset.parse('0-1');
  world.pass();
  world.now += 900;
  world.pass();
  expect(world.writes).toEqual([]);
  world.now += 100;
  world.pass();
  expect(world.writes).toEqual(['status Degraded']);
});

describe('a start', () => {
  it('that takes less than fifteen seconds is told of twice, in whatever pieces its pods and brokers report', () => {
    const pieces = fc.tuple(
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 14 }),
    );
    fc.assert(
      fc.property(pieces, ([size, slow]) => {
        const world = begun(size);
        const ranks = Array.from({ length: size }, (_, rank) => rank);
        const pods = [false, true].flatMap((isReady) => ranks.map((rank) => () => void world.pods.set(rank, isReady)));
        const writes = reportAll(world, [...pods, () => void (world.awaitsFlux = false)], slow);
        expect(writes).toEqual(['status Pending']);
        const brokers = ranks.map((rank) => () => void (world.online = Idset.of([...world.online, rank])));
        expect(reportAll(world, brokers, [150])).toEqual(['status Pending', 'status Running']);
      }),
    );
  });

  it('is told of as soon as the scheduler has looked at all pods', () => {
    const world = made(2);
    world.pods = new Map([[0, false]]);
    expect(passing(world, 100)).toEqual([]);
    world.pods.set(1, false);
    expect(passing(world, 100)).toEqual(['status Pending']);
    expect(world.cluster.status).toMatchObject({ size: 2, ready: 0, ranks: { up: 0 } });
  });

  it('has the scheduler’s trouble in its first status, also with the last pod', () => {
    const world = made(2);
    const message = () => conditionOf(world.cluster.status?.conditions, 'Progressing')?.message;
    world.pods = new Map([0, 1].map((rank) => [rank, false]));
    world.unscheduled.add(1);
    expect(passing(world, 3000)).toEqual([]);
    world.unscheduled.clear();
    world.waiting.set(1, { reason: 'Unschedulable', message: '3 Insufficient cpu' });
    expect(passing(world, 15_000)).toEqual(['status Pending']);
    expect(message()).toContain('Unschedulable: 3 Insufficient cpu');
  });

  it.each(['no pod is made', 'the scheduler looks at none'])('is told of after five seconds though %s', (why) => {
    const world = made(2);
    if (why !== 'no pod is made') {
      world.pods = new Map([0, 1].map((rank) => [rank, false]));
      world.unscheduled.add(0).add(1);
    }
    expect(passing(world, 4900)).toEqual([]);
    expect(passing(world, 100)).toEqual(['status Pending']);
  });

  it('tells of brokers that come up after five seconds, though others stay away', () => {
    const world = begun(3);
    world.awaitsFlux = false;
    world.pods = new Map([0, 1, 2].map((rank) => [rank, true]));
    world.online = Idset.parse('0');
    expect(passing(world, 4900)).toEqual([]);
    expect(passing(world, 100)).toEqual(['status Pending']);
    expect(world.cluster.status?.ranks?.up).toBe(1);
  });

  it('tells of pods that start after fifteen seconds, though Flux does not answer', () => {
    const world = begun(2);
    world.pods = new Map([0, 1].map((rank) => [rank, true]));
    expect(passing(world, 14_900)).toEqual([]);
    expect(passing(world, 100)).toEqual(['status Pending']);
    expect(world.cluster.status).toMatchObject({ ready: 2 });
  });

  it('tells of trouble after five seconds, of another and of its end too, and of other words about it once a minute', () => {
    const world = begun(2);
    const message = () => conditionOf(world.cluster.status?.conditions, 'Progressing')?.message;
    world.pods = new Map([0, 1].map((rank) => [rank, false]));
    world.waiting.set(0, { reason: 'Unschedulable', message: '3 Insufficient cpu' });
    expect(passing(world, 5000)).toEqual(['status Pending']);
    expect(message()).toContain('Unschedulable: 3 Insufficient cpu');
    world.waiting.set(0, { reason: 'Unschedulable', message: '4 Insufficient cpu' });
    expect(passing(world, 59_900)).toEqual([]);
    expect(passing(world, 100)).toEqual(['status Pending']);
    expect(message()).toContain('4 Insufficient cpu');
    world.waiting.set(0, { reason: 'ErrImagePull', message: 'no such image' });
    expect(passing(world, 5000)).toEqual(['status Pending']);
    expect(message()).toContain('no such image');
    world.waiting.clear();
    expect(passing(world, 5000)).toEqual(['status Pending']);
    expect(message()).not.toContain('image');
  });

  it('costs no status for pods of which is told after their brokers', () => {
    const world = begun(4);
    world.pods = new Map([0, 1, 2, 3].map((rank) => [rank, rank === 0]));
    world.awaitsFlux = false;
    world.online = Idset.parse('0-3');
    expect(passing(world, 100)).toEqual(['status Running']);
    expect(world.cluster.status).toMatchObject({ ready: 4, ranks: { up: 4 } });
    for (const rank of [1, 2, 3]) {
      world.pods.set(rank, true);
      expect(passing(world, 3000)).toEqual([]);
    }
    // A pod that has ended is not ready, whatever Flux still says of its broker.
    world.ended.add(3);
    expect(passing(world, 5000)).toEqual(['status Running']);
    expect(world.cluster.status?.ready).toBe(3);
  });
});
