// `job-manager.update`: changes to the jobspec of a job (RFC 21 `jobspec-update`), as far as its state lets them.
import { FluxError, JobState, type Request } from '@ebb/flux-client';
import type { Job } from './job.ts';
import type { JobManager } from './manager.ts';

/** Keys that may be changed, and what their values must be. */
const updatable: Readonly<Record<string, (value: unknown) => boolean>> = {
  'attributes.system.duration': (value) => typeof value === 'number' && value >= 0,
  'attributes.system.queue': (value) => typeof value === 'string',
  'attributes.system.job.name': (value) => typeof value === 'string' && value !== '',
  'attributes.system.constraints': (value) => typeof value === 'object',
};

/** @throws FluxError EINVAL for a key or value that cannot be updated, and for a job that runs */
export function updateJobspec(manager: JobManager, job: Job, updates: Record<string, unknown>, request: Request): void {
  for (const [key, value] of Object.entries(updates)) {
    if (!Object.hasOwn(updatable, key)) throw new FluxError('EINVAL', `update of ${key} not supported`);
    if (!updatable[key]!(value)) throw new FluxError('EINVAL', `invalid value for ${key}`);
  }
  if (job.state === JobState.Run || job.state === JobState.Cleanup) {
    throw new FluxError('EINVAL', 'update of a running job is not supported');
  }
  manager.post(job, 'jobspec-update', updates);
  job.jobspec = withUpdates(job.jobspec as object, updates) as NonNullable<Job['jobspec']>;
  if (job.allocation === 'sent') manager.queue.cancel(job);
  request.respond();
}

/** A copy with the values at the period-delimited keys. */
export function withUpdates(jobspec: object, updates: Record<string, unknown>): object {
  const copy = structuredClone(jobspec) as Record<string, unknown>;
  for (const [key, value] of Object.entries(updates)) {
    const path = key.split('.');
    const last = path.pop()!;
    let place = copy;
    for (const name of path) place = (place[name] ??= {}) as Record<string, unknown>;
    place[last] = value;
  }
  return copy;
}
