import { JobState } from '@ebb/flux-client';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Job } from './job.ts';
import { nextAction } from './next-actions.ts';

const { New, Depend, Priority, Sched, Run, Cleanup, Inactive } = JobState;

/** RFC 21, state diagram. */
const allowed: Readonly<Record<number, readonly number[]>> = {
  [New]: [Depend],
  [Depend]: [Priority, Cleanup],
  [Priority]: [Sched, Cleanup],
  [Sched]: [Priority, Run, Cleanup],
  [Run]: [Cleanup],
  [Cleanup]: [Inactive],
  [Inactive]: [],
};

type Stimulus =
  | { readonly do: 'raise'; readonly severity: number }
  | { readonly do: 'urgency'; readonly urgency: number }
  | { readonly do: 'update' | 'restart' | 'allocate' | 'deny' | 'start' | 'finish' | 'release' };

const stimulus: fc.Arbitrary<Stimulus> = fc.oneof(
  fc.record({ do: fc.constant('raise' as const), severity: fc.constantFrom(0, 1, 7) }),
  fc.record({ do: fc.constant('urgency' as const), urgency: fc.constantFrom(0, 1, 16, 31) }),
  fc.record({
    do: fc.constantFrom('update', 'restart', 'allocate', 'deny', 'start', 'finish', 'release'),
  }) as fc.Arbitrary<Stimulus>,
);

/** Manager, scheduler and execution of one job, in words: who holds what. */
class World {
  readonly job = new Job(1n);
  readonly names: string[] = [];
  /** Resources that the scheduler gave and did not get back. */
  given = 0;
  isCanceling = false;

  post(name: string, context: Record<string, unknown> = {}): void {
    const before = this.job.state;
    const entry = { timestamp: this.names.length, name, context };
    this.job.apply(entry);
    this.job.events.push(entry);
    this.names.push(name);
    if (this.job.state !== before) expect(allowed[before]).toContain(this.job.state);
    this.act();
  }

  act(): void {
    const { job } = this;
    const action = nextAction(job);
    switch (action?.do) {
      case 'post':
        this.post(action.event, action.context);
        return;
      case 'enqueue':
        job.allocation = 'sent';
        return;
      case 'dequeue':
        job.allocation = 'none';
        this.act();
        return;
      case 'cancel-allocation':
        this.isCanceling = true;
        return;
      case 'start':
        job.execution = 'sent';
        return;
      case 'withdraw':
        job.execution = 'none';
        this.act();
        return;
      case 'free':
        this.given -= 1;
        this.post('free');
        return;
    }
  }

  /** What may come now; anything else does not come. */
  take(event: Stimulus): void {
    const { job } = this;
    const isActive = job.isActive;
    switch (event.do) {
      case 'raise':
        if (isActive) this.post('exception', { type: 'test', severity: event.severity, userid: 0, note: '' });
        return;
      case 'urgency':
        if (isActive && !job.hasResources) this.post('urgency', { urgency: event.urgency, userid: 0 });
        return;
      case 'update':
        if (isActive && !job.hasResources) this.post('jobspec-update', { 'attributes.system.duration': 9 });
        return;
      case 'restart':
        if (job.state === Sched) this.post('flux-restart');
        return;
      case 'allocate':
        if (job.allocation !== 'sent') return;
        job.allocation = 'none';
        this.given += 1;
        this.post('alloc');
        return;
      case 'deny':
        if (job.allocation !== 'sent') return;
        job.allocation = 'none';
        if (this.isCanceling) this.act();
        else this.post('exception', { type: 'alloc', severity: 0, userid: 0, note: '' });
        return;
      case 'start':
        if (job.execution === 'sent' && !job.hasStarted) this.post('start');
        return;
      case 'finish':
        if (job.execution === 'sent' && job.status === undefined) this.post('finish', { status: 0 });
        return;
      case 'release':
        if (job.execution !== 'sent' || job.state === Run) return;
        this.post('release', { ranks: 'all', final: true });
        job.execution = 'none';
        this.act();
    }
  }
}

function live(stimuli: readonly Stimulus[]): World {
  const world = new World();
  world.post('submit', { userid: 0, urgency: 16, flags: 0, version: 1 });
  world.post('validate');
  for (const event of stimuli) {
    world.take(event);
    // Never held twice, and the manager knows what is held.
    expect(world.given).toBe(world.job.hasResources ? 1 : 0);
  }
  return world;
}

const anyLife = fc.array(stimulus, { maxLength: 30 });

describe('the life of a job, whatever comes', () => {
  it('keeps to the states of RFC 21, and always comes to its end without holding anything', () => {
    fc.assert(
      fc.property(anyLife, (stimuli) => {
        const world = live(stimuli);
        const rest: Stimulus[] = [{ do: 'raise', severity: 0 }, { do: 'deny' }, { do: 'finish' }, { do: 'release' }];
        for (const event of rest) world.take(event);
        expect(world.job.state).toBe(Inactive);
        expect(world.given).toBe(0);
        expect(world.names.at(-1)).toBe('clean');
        expect(world.names.filter((name) => name === 'alloc').length).toBe(
          world.names.filter((name) => name === 'free').length,
        );
      }),
    );
  });

  it('is told by its eventlog alone', () => {
    fc.assert(
      fc.property(anyLife, (stimuli) => {
        const { job } = live(stimuli);
        const again = new Job(job.id);
        for (const entry of job.events) again.apply(entry);
        const essence = ({ state, priority, urgency, hasStarted, hasResources, status, fatal, dependencies }: Job) => ({
          state,
          priority,
          urgency,
          hasStarted,
          hasResources,
          status,
          fatal,
          dependencies,
        });
        expect(essence(again)).toEqual(essence(job));
      }),
    );
  });
});
