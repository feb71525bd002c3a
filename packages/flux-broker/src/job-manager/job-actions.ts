// What users do to jobs: raise, kill, urgency, annotate, update, memo.
import { FluxError, JobState, type Request, Role } from '@ebb/flux-client';
import { toFluid } from '@ebb/flux-formats';
import { type Job, Urgency } from './job.ts';
import { updateJobspec } from './jobspec-update.ts';
import { type JobManager, merged } from './manager.ts';

const everybody = { roles: Role.Owner | Role.User };
const largestSignal = 64;

interface Selection {
  dry_run: boolean;
  userid: number | bigint;
  states?: number;
}

export function serveJobActions(manager: JobManager): void {
  const { flux } = manager.context;
  const serve = (method: string, handler: (request: Request) => void | Promise<void>) =>
    flux.handle(`job-manager.${method}`, handler, everybody);

  serve('raise', (request) => {
    const { type, severity, note = '' } = request.json<{ type: string; severity: number; note?: string }>();
    checkException(type, severity);
    const job = activeJob(manager, request);
    raise(manager, job, { type, severity, note, userid: request.userid });
    request.respond();
  });
  serve('raiseall', (request) => {
    const selection = request.json<Selection & { type: string; severity: number; note?: string }>();
    const { type, severity, note = '' } = selection;
    checkException(type, severity);
    request.respond(
      forAll(manager, request, selection, (job) =>
        raise(manager, job, { type, severity, note, userid: request.userid }),
      ),
    );
  });
  serve('kill', (request) => {
    const { signum } = request.json<{ signum: number }>();
    checkSignal(signum);
    const job = activeJob(manager, request);
    kill(manager, job, signum);
    request.respond();
  });
  serve('killall', (request) => {
    const selection = request.json<Selection & { signum: number }>();
    checkSignal(selection.signum);
    const states = JobState.Run;
    request.respond(forAll(manager, request, { ...selection, states }, (job) => kill(manager, job, selection.signum)));
  });
  serve('urgency', (request) => setUrgency(manager, request));
  serve('memo', (request) => {
    const { memo, volatile = false } = request.json<{ memo: Record<string, unknown>; volatile?: boolean }>();
    const job = activeJob(manager, request);
    if (typeof memo !== 'object' || memo === null) throw new FluxError('EPROTO', 'memo must be an object');
    if (volatile) manager.annotate(job, { user: memo });
    else {
      // Others who annotate the job leave the memo in its place.
      job.annotations = merged(job.annotations, { user: memo });
      manager.post(job, 'memo', memo);
    }
    request.respond();
  });
  serve('annotate', (request) => {
    const { annotations } = request.json<{ annotations: Record<string, unknown> }>();
    manager.annotate(activeJob(manager, request), annotations);
    request.respond();
  });
  serve('update', (request) => {
    const { updates } = request.json<{ updates: Record<string, unknown> }>();
    updateJobspec(manager, activeJob(manager, request), updates, request);
  });
  serve('getattr', (request) => {
    const { attrs } = request.json<{ attrs: string[] }>();
    const job = knownJob(manager, request);
    const values: Record<string, unknown> = { jobspec: job.jobspec, R: job.R, eventlog: job.events };
    const found = attrs.map((name) => {
      if (values[name] === undefined) throw new FluxError('ENOENT', `job attribute ${name} is not known`);
      return [name, values[name]];
    });
    request.respond(Object.fromEntries(found));
  });
}

function setUrgency(manager: JobManager, request: Request): void {
  const { urgency } = request.json<{ urgency: number }>();
  const job = activeJob(manager, request);
  if (!Number.isInteger(urgency) || urgency < Urgency.hold || urgency > Urgency.expedite) {
    throw new FluxError('EINVAL', 'urgency value is out of range');
  }
  if (!(request.rolemask & Role.Owner) && urgency > Math.max(job.urgency, Urgency.default)) {
    throw new FluxError('EPERM', `guests can only adjust urgency <= MAX(${job.urgency},${Urgency.default})`);
  }
  if (job.allocation === 'none' && job.hasResources) {
    throw new FluxError('EINVAL', 'urgency cannot be changed once resources are allocated');
  }
  const old = job.urgency;
  if (urgency !== old) {
    manager.post(job, 'urgency', { userid: request.userid, urgency });
    if (job.priority === 0 && job.allocation === 'sent') manager.queue.cancel(job);
    else manager.queue.prioritize(job);
  }
  request.respond({ old_urgency: old });
}

function raise(
  manager: JobManager,
  job: Job,
  exception: { type: string; severity: number; note: string; userid: number },
): void {
  const { type, severity, note, userid } = exception;
  manager.post(job, 'exception', { type, severity, note, userid });
}

function kill(manager: JobManager, job: Job, signum: number): void {
  if (job.state !== JobState.Run) throw new FluxError('EINVAL', 'job is not running');
  void manager.context.flux.publish(`shell-${job.id}.kill`, { signum }).catch(() => {});
}

/** Does something to all jobs that are selected; how many there were, and for how many it failed. */
function forAll(
  manager: JobManager,
  request: Request,
  { dry_run, userid, states = JobState.Depend | JobState.Priority | JobState.Sched | JobState.Run }: Selection,
  act: (job: Job) => void,
): { count: number; errors: number } {
  const everyone = 0xffff_ffff;
  if (!(request.rolemask & Role.Owner) && Number(userid) !== request.userid) {
    throw new FluxError('EPERM', 'guests can only act on their own jobs');
  }
  const selected = [...manager.active].filter(
    (job) => (Number(userid) === everyone || job.userid === Number(userid)) && job.state & states,
  );
  let errors = 0;
  if (!dry_run) {
    for (const job of selected) {
      try {
        act(job);
      } catch {
        errors++;
      }
    }
  }
  return { count: selected.length, errors };
}

/** @throws FluxError ENOENT for no job of this id, EPERM for another user's */
export function knownJob(manager: JobManager, request: Request): Job {
  const id = toFluid(request.json<{ id: unknown }>().id);
  const job = manager.jobs.get(id);
  if (!job) throw new FluxError('ENOENT', 'unknown job id');
  request.authorize(job.userid);
  return job;
}

function activeJob(manager: JobManager, request: Request): Job {
  const job = knownJob(manager, request);
  if (!job.isActive) throw new FluxError('ENOENT', 'job is inactive');
  return job;
}

function checkException(type: unknown, severity: unknown): void {
  if (!Number.isInteger(severity) || (severity as number) < 0 || (severity as number) > 7) {
    throw new FluxError('EPROTO', 'invalid exception severity');
  }
  if (typeof type !== 'string' || type === '' || /\s|=/.test(type)) {
    throw new FluxError('EPROTO', 'invalid exception type');
  }
}

function checkSignal(signum: unknown): void {
  if (!Number.isInteger(signum) || (signum as number) <= 0 || (signum as number) > largestSignal) {
    throw new FluxError('EINVAL', 'Invalid signal number');
  }
}
