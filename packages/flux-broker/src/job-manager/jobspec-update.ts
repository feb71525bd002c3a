// `job-manager.update`: changes to the jobspec of a job (RFC 21 `jobspec-update`), as far as its state lets them.
import { FluxError, JobState, type Request, Role } from '@ebb/flux-client';
import { LogLevel } from '../module.ts';
import type { Job } from './job.ts';
import type { JobManager } from './manager.ts';

/** Keys that may be changed, and what their values must be. */
const updatable: Readonly<Record<string, (value: unknown) => boolean>> = {
  'attributes.system.duration': (value) => typeof value === 'number' && value >= 0,
  'attributes.system.queue': (value) => typeof value === 'string',
};

/** @throws FluxError EINVAL for a key or value that cannot be updated, and for a job that runs */
export function updateJobspec(manager: JobManager, job: Job, updates: Record<string, unknown>, request: Request): void {
  for (const [key, value] of Object.entries(updates)) {
    if (!Object.hasOwn(updatable, key)) throw new FluxError('EINVAL', `update of ${key} not supported`);
    if (!updatable[key]!(value)) throw new FluxError('EINVAL', `invalid value for ${key}`);
  }
  const duration = updates['attributes.system.duration'];
  const isRunning = (job.state & (JobState.Run | JobState.Cleanup)) !== 0;
  if (isRunning && 'attributes.system.queue' in updates) {
    throw new FluxError('EINVAL', 'update of queue for running job not supported');
  }
  if (isRunning && typeof duration === 'number' && (request.rolemask & Role.Owner) === 0) {
    throw new FluxError('EPERM', 'duration update of running job requires instance owner privileges');
  }
  const expiration = isRunning && typeof duration === 'number' ? expirationOf(manager, job, duration) : undefined;
  manager.post(job, 'jobspec-update', updates);
  if (expiration !== undefined) expire(manager, job, expiration);
  else if (job.allocation === 'sent') manager.queue.cancel(job);
  request.respond();
}

/** When a job that runs is to end after all. @throws FluxError EINVAL for a time that is over */
function expirationOf(manager: JobManager, job: Job, duration: number): number {
  if (duration === 0) return 0;
  const { starttime } = job.R?.execution ?? { starttime: 0 };
  if (starttime <= 0) throw new FluxError('EINVAL', 'unable to get job starttime');
  const expiration = starttime + duration;
  if (expiration <= manager.now()) {
    throw new FluxError('EINVAL', 'requested duration places job expiration in the past');
  }
  return expiration;
}

function expire(manager: JobManager, job: Job, expiration: number): void {
  manager.post(job, 'resource-update', { expiration });
  manager.execution.expire(job, expiration).catch((error: Error) => {
    manager.context.log(LogLevel.err, `expiration of ${job.id}: ${error.message}`);
  });
}
