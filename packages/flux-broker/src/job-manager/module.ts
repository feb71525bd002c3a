// The module `job-manager`, on rank 0: the life of jobs from submission to clean (RFC 21).
import { FluxError, JobState, type Request, Role } from '@ebb/flux-client';
import { type Jobspec, printFluid, ResourceSet, toFluid } from '@ebb/flux-formats';
import { type BrokerModule, LogLevel, type ModuleContext } from '../module.ts';
import { Dependencies } from './dependencies.ts';
import type { Job } from './job.ts';
import { serveJobActions } from './job-actions.ts';
import { JobManager } from './manager.ts';
import { Purge } from './purge.ts';
import { Queues } from './queues.ts';
import { restoreJobs } from './restore.ts';
import { serveWaits } from './waits.ts';

const everybody = { roles: Role.Owner | Role.User };
const runningStates = JobState.Run | JobState.Cleanup;

interface SubmittedJob {
  id: number | bigint;
  userid: number;
  urgency: number;
  flags: number;
  t_submit: number;
  jobspec: Jobspec;
}

export function create(): BrokerModule {
  return new JobManagerModule();
}

class JobManagerModule implements BrokerModule {
  readonly name = 'job-manager';
  #manager!: JobManager;
  #queues!: Queues;
  #dependencies!: Dependencies;

  async start(context: ModuleContext): Promise<void> {
    const manager = new JobManager(context);
    this.#manager = manager;
    this.#queues = new Queues(manager);
    await this.#queues.start();
    const { flux } = context;
    await restoreJobs(manager);
    this.#dependencies = new Dependencies(manager);
    flux.handle('job-manager.submit', (request) => this.#submit(request));
    flux.handle('job-manager.getinfo', (request) => request.respond({ max_jobid: manager.largestId }), everybody);
    flux.handle('job-manager.sched-hello', (request) => manager.queue.hello(request));
    flux.handle('job-manager.sched-ready', (request) => manager.queue.ready(request));
    flux.handle('job-manager.exec-hello', (request) => manager.execution.hello(request));
    flux.handle('job-manager.events-journal', (request) => manager.journal.listen(request, this.#inOrder()));
    flux.handle('job-manager.events-journal-cancel', (request) => manager.journal.cancel(request));
    flux.handle('job-manager.stats-get', (request) => request.respond(this.#stats()), everybody);
    flux.handle('job-manager.alloc-query', (request) => request.respond(this.#allocations()), everybody);
    flux.handle('job-manager.resource-status', (request) => request.respond({ allocated: this.#allocated() }));
    flux.handle('job-manager.history.get', (request) => request.respond({ jobs: this.#history(request) }), everybody);
    this.#queues.serve();
    serveJobActions(manager);
    const dropWaits = serveWaits(manager);
    flux.handle(
      'job-manager.disconnect',
      (request) => {
        manager.journal.disconnect(request);
        dropWaits(request);
      },
      everybody,
    );
    new Purge(manager, () => this.#queues.checkpoint()).serve();
    for (const job of [...manager.active]) manager.act(job);
    this.#dependencies.restore();
  }

  async stop(): Promise<void> {
    this.#manager.journal.stop();
    await this.#manager.writer.written();
    await this.#queues.save().catch((error: Error) => {
      this.#manager.context.log(LogLevel.err, `checkpoint: ${error.message}`);
    });
  }

  /** Takes jobs in. They go on, and the answer is sent, when they are safe in the KVS (RFC 21). */
  async #submit(request: Request): Promise<void> {
    const { jobs } = request.json<{ jobs: SubmittedJob[] }>();
    const manager = this.#manager;
    const errors: [bigint, string][] = [];
    const taken: Job[] = [];
    for (const submitted of jobs) {
      try {
        taken.push(this.#takeIn(submitted));
      } catch (error) {
        errors.push([toFluid(submitted.id), (error as Error).message]);
      }
    }
    await manager.writer.written();
    request.respond(errors.length > 0 ? { errors } : undefined);
    for (const job of taken) manager.act(job);
  }

  /** @throws FluxError with the text for the user, for a job that is not taken */
  #takeIn({ id: sent, userid, urgency, flags, t_submit, jobspec }: SubmittedJob): Job {
    const manager = this.#manager;
    const id = toFluid(sent);
    if (manager.jobs.has(id)) throw new FluxError('EINVAL', `jobid ${printFluid(id)} has been used before`);
    this.#queues.admit(jobspec);
    const dependencies = this.#dependencies.check(jobspec, userid);
    const job = manager.submit({ id, userid, urgency, flags, submitTime: t_submit, jobspec });
    this.#dependencies.begin(job, dependencies);
    manager.record(job, 'validate');
    return job;
  }

  #inOrder() {
    return [...this.#manager.jobs.values()].sort((a, b) => a.submitTime - b.submitTime || (a.id < b.id ? -1 : 1));
  }

  #history(request: Request): bigint[] {
    const { userid: asked, slice } = request.raw ? request.json() : {};
    const user = typeof asked === 'number' ? asked : request.userid;
    if (user !== request.userid) request.authorize();
    const ids = this.#inOrder()
      .filter(({ userid }) => userid === user)
      .map(({ id }) => id)
      .reverse();
    return typeof slice === 'string' ? sliceOf(ids, slice) : ids;
  }

  #allocations(): object {
    const { queue, active } = this.#manager;
    const running = [...active].filter(({ hasResources, state }) => hasResources && state & runningStates).length;
    return { queue_length: queue.length, alloc_pending: queue.pending, running };
  }

  #allocated(): object {
    let sum = ResourceSet.empty();
    for (const { hasResources, R } of this.#manager.active)
      if (hasResources && R) sum = sum.union(ResourceSet.parse(R));
    return sum.toJSON();
  }

  #stats(): object {
    const { journal, active, jobs, largestId } = this.#manager;
    return {
      journal: { listeners: journal.size },
      active_jobs: active.size,
      inactive_jobs: jobs.size - active.size,
      max_jobid: largestId,
      housekeeping: { running: {} },
    };
  }
}

/** As Python slices a list: `[START:END]`, either of which may be missing or negative. @throws FluxError EINVAL */
function sliceOf<T>(list: readonly T[], text: string): T[] {
  const match = /^\[(-?\d*)(?::(-?\d*))?\]$/.exec(text);
  if (!match) throw new FluxError('EINVAL', `could not parse slice ${text}`);
  const [, first = '', last] = match;
  if (last === undefined) return list.slice(Number(first), first === '-1' ? undefined : Number(first) + 1);
  return list.slice(first === '' ? 0 : Number(first), last === '' ? undefined : Number(last));
}
