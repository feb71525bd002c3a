// What a job waits for before it is queued (RFC 26): other jobs, a time, jobs of the same name.
import { FluxError, JobState } from '@ebb/flux-client';
import { FormatError, type Jobspec, parseFluid } from '@ebb/flux-formats';
import type { Job } from './job.ts';
import type { JobManager } from './manager.ts';

/** What about another job is waited for: `after-start` is over with its start, all others with its end. */
const afterTypes: Readonly<Record<string, string>> = {
  after: 'after-start',
  afterstart: 'after-start',
  afterany: 'after-finish',
  afterok: 'after-success',
  afternotok: 'after-failure',
  afterexcept: 'after-except',
};

export interface Dependency {
  /** As the events name it. */
  readonly description: string;
  readonly after?: { readonly type: string; readonly target: Job };
  /** Seconds since 1970. */
  readonly time?: number;
  /** User and name that only one job at a time may have. */
  readonly singleton?: string;
}

const longestDelayMs = 2 ** 31 - 1;
const beyondDepend = JobState.Priority | JobState.Sched | JobState.Run | JobState.Cleanup;

export class Dependencies {
  readonly #manager: JobManager;
  readonly #waiting = new Map<Job, Dependency[]>();

  constructor(manager: JobManager) {
    this.#manager = manager;
    manager.onEvent((job, name) => {
      if (this.#waiting.size > 0 && name === 'start') this.#each((dependency) => startsWith(dependency, job));
    });
    manager.onEnd((job) => {
      this.#waiting.delete(job);
      if (this.#waiting.size > 0) this.#ended(job);
    });
  }

  /** What a submitted job has to wait for. @throws FluxError EINVAL when it could wait for ever */
  check(jobspec: Jobspec, userid: number): Dependency[] {
    const { dependencies = [], job } = jobspec.attributes.system;
    return dependencies.flatMap(({ scheme, value }) => {
      if (Object.hasOwn(afterTypes, scheme)) return [this.#after(scheme, value, userid)];
      if (scheme === 'begin-time') return [beginTime(value)];
      if (scheme !== 'singleton') throw invalid(`dependency scheme "${scheme}" not supported`);
      if (!job?.name) throw invalid('singleton jobs require a job name');
      const singleton = `${userid}:${job.name}`;
      return this.#isTaken(singleton) ? [{ description: 'singleton', singleton }] : [];
    });
  }

  /** Posts what a submitted job waits for, before it is validated, and lets go of what is there already. */
  begin(job: Job, dependencies: readonly Dependency[]): void {
    if (dependencies.length === 0) return;
    this.#waiting.set(job, [...dependencies]);
    for (const { description } of dependencies) this.#manager.post(job, 'dependency-add', { description });
    for (const dependency of dependencies) this.#resume(job, dependency);
  }

  /** Goes on with the jobs that waited when the instance ended. */
  restore(): void {
    for (const job of [...this.#manager.active]) {
      if (job.state !== JobState.Depend || job.dependencies.size === 0 || !job.jobspec) continue;
      try {
        const all = this.check(job.jobspec, job.userid);
        const left = all.filter(({ description }) => job.dependencies.has(description));
        this.#waiting.set(job, left);
        for (const dependency of left) this.#resume(job, dependency);
        const found = new Set(left.map(({ description }) => description));
        for (const description of [...job.dependencies])
          if (!found.has(description)) this.#release(job, { description });
      } catch (error) {
        this.#fail(job, (error as Error).message);
      }
    }
  }

  #after(scheme: string, value: string, userid: number): Dependency {
    const type = afterTypes[scheme]!;
    const target = this.#manager.jobs.get(jobId(scheme, value));
    if (!target) throw invalid(`dependency: ${scheme}: id ${value}: job not found`);
    if (target.userid !== userid) throw invalid(`${scheme}: Permission denied for job ${value}`);
    if (target.isActive) return { description: `${type}=${value}`, after: { type, target } };
    const text = unfitText(type, target, value);
    if (text !== undefined) throw invalid(`dependency: ${text}`);
    return { description: `${type}=${value}`, after: { type, target } };
  }

  #resume(job: Job, dependency: Dependency): void {
    const { after, time } = dependency;
    const started = after?.type === 'after-start' && after.target.hasStarted;
    if (after && (started || !after.target.isActive)) this.#release(job, dependency);
    else if (time !== undefined) this.#wait(job, dependency, time);
    else if (dependency.singleton !== undefined && !this.#isTaken(dependency.singleton)) this.#release(job, dependency);
  }

  #wait(job: Job, dependency: Dependency, time: number): void {
    const left = time * 1000 - this.#manager.context.clock.now();
    if (left <= 0) this.#release(job, dependency);
    else {
      const again = () => this.#wait(job, dependency, time);
      this.#manager.context.clock.after(Math.min(left, longestDelayMs), again);
    }
  }

  #ended(target: Job): void {
    const isSingle = new Set<string>();
    this.#each((dependency) => {
      const { after, singleton } = dependency;
      if (after?.target === target) {
        if (fits(after.type, target)) return true;
        const why = target.events.some(({ name }) => name === 'alloc') ? 'can never be satisfied' : 'job never started';
        return `dependency ${dependency.description} ${why}`;
      }
      // One at a time, the one that waits longest.
      if (singleton === undefined || isSingle.has(singleton) || this.#isTaken(singleton)) return false;
      isSingle.add(singleton);
      return true;
    });
  }

  /** Asks of each dependency: true lets go of it, a text is why its job fails. */
  #each(ask: (dependency: Dependency) => boolean | string): void {
    for (const [job, dependencies] of [...this.#waiting]) {
      for (const dependency of [...dependencies]) {
        const answer = ask(dependency);
        if (answer === true) this.#release(job, dependency);
        else if (answer !== false) this.#fail(job, answer);
      }
    }
  }

  #release(job: Job, { description }: Dependency): void {
    const left = this.#waiting.get(job)?.filter((each) => each.description !== description) ?? [];
    if (left.length > 0) this.#waiting.set(job, left);
    else this.#waiting.delete(job);
    if (job.state & (JobState.New | JobState.Depend) && job.dependencies.has(description)) {
      this.#manager.post(job, 'dependency-remove', { description });
    }
  }

  #fail(job: Job, note: string): void {
    this.#waiting.delete(job);
    if (job.state !== JobState.Depend) return;
    const userid = Number(this.#manager.context.attributes.get('security.owner'));
    this.#manager.post(job, 'exception', { type: 'dependency', severity: 0, userid, note });
  }

  #isTaken(singleton: string): boolean {
    return [...this.#manager.active].some(({ state, userid, jobspec }) => {
      return (state & beyondDepend) !== 0 && `${userid}:${jobspec?.attributes.system.job?.name}` === singleton;
    });
  }
}

function startsWith({ after }: Dependency, job: Job): boolean {
  return after?.target === job && after.type === 'after-start';
}

function fits(type: string, target: Job): boolean {
  return unfitText(type, target, '') === undefined;
}

/** Why a job that is over can no longer be what is waited for; undefined when it is. */
function unfitText(type: string, target: Job, value: string): string | undefined {
  if (type === 'after-finish') return undefined;
  const isAllocated = target.events.some(({ name }) => name === 'alloc');
  if (!isAllocated || (type === 'after-start' && !target.hasStarted)) return `after: ${value} never started`;
  const isSuccess = target.status === 0 && target.fatal === undefined;
  if (type === 'after-success' && !isSuccess) return `afterok: job ${value} failed or was canceled`;
  if (type === 'after-failure' && isSuccess) return `afternotok: job ${value} succeeded`;
  if (type === 'after-except' && !endedByException(target)) return `afterexcept: job ${value}: no exception`;
  return undefined;
}

function endedByException({ events }: Job): boolean {
  const end = events.find(({ name, context }) => name === 'finish' || (name === 'exception' && !context?.['severity']));
  return end?.name === 'exception';
}

function beginTime(value: string): Dependency {
  const time = Number(value);
  if (value === '' || !Number.isFinite(time)) throw invalid(`Invalid begin-time=${value}`);
  return { description: `begin-time=${time.toFixed(3)}`, time };
}

function jobId(scheme: string, value: string): bigint {
  try {
    return parseFluid(value);
  } catch (error) {
    if (error instanceof FormatError) throw invalid(`dependency: ${scheme}: "${value}" is not a valid jobid`);
    throw error;
  }
}

function invalid(text: string): FluxError {
  return new FluxError('EINVAL', text);
}
