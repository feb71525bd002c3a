// Waiting: for waitable jobs to end (`flux job wait`), for the queue to be empty (`flux queue drain`, `idle`).
import { FluxError, JobState, type Request } from '@ebb/flux-client';
import { toFluid } from '@ebb/flux-formats';
import { type Job, JobFlag } from './job.ts';
import type { JobManager } from './manager.ts';

const anyJob = 0xffff_ffff_ffff_ffffn;

/** Serves them; gives what is to be called when somebody who may wait is gone. */
export function serveWaits(manager: JobManager): (request: Request) => void {
  const { flux } = manager.context;
  /** Ended, waitable, and not asked for. */
  const zombies: Job[] = [];
  const waiting = new Map<Request, bigint>();
  let drains: Request[] = [];
  let idles: Request[] = [];

  const answer = (request: Request, job: Job): void => {
    job.wasWaitedFor = true;
    const errstr = job.failure;
    request.respond({ id: job.id, success: errstr === undefined, errstr: errstr ?? '' });
  };
  manager.onEnd((job) => {
    if (!(job.flags & JobFlag.waitable)) return;
    for (const [request, id] of waiting) {
      if (id !== job.id && id !== anyJob) continue;
      waiting.delete(request);
      answer(request, job);
      return;
    }
    zombies.push(job);
  });
  manager.onChange(() => {
    if (drains.length > 0 && manager.active.size === 0) {
      for (const request of drains) request.respond();
      drains = [];
    }
    if (idles.length > 0 && isIdle()) {
      for (const request of idles) request.respond({ pending: pending() });
      idles = [];
    }
  });
  const isIdle = (): boolean => manager.queue.pending === 0 && manager.count(JobState.Run | JobState.Cleanup) === 0;
  const pending = (): number => manager.count(JobState.Depend | JobState.Priority | JobState.Sched);

  flux.handle('job-manager.wait', (request) => {
    const { id: asked } = request.json<{ id: unknown }>();
    // Clients send the largest id as a signed number.
    const id = asked === -1 ? anyJob : toFluid(asked);
    if (id === anyJob) {
      const zombie = zombies.shift();
      if (zombie) return answer(request, zombie);
      const waitable = [...manager.active].filter(({ flags }) => flags & JobFlag.waitable).length;
      if (waitable <= waiting.size) throw new FluxError('ECHILD', 'there are no more waitable jobs');
      waiting.set(request, id);
      return;
    }
    const job = manager.jobs.get(id);
    const isWaitable = job !== undefined && (job.flags & JobFlag.waitable) !== 0;
    if (!job || (!job.isActive && (!isWaitable || job.wasWaitedFor))) {
      throw new FluxError('ECHILD', 'invalid job id, or job may be inactive and not waitable');
    }
    if ([...waiting.values()].includes(id)) throw new FluxError('ECHILD', 'job id already has a waiter');
    if (!isWaitable) throw new FluxError('ECHILD', 'job was not submitted with FLUX_JOB_WAITABLE');
    if (job.isActive) waiting.set(request, id);
    else {
      zombies.splice(zombies.indexOf(job), 1);
      answer(request, job);
    }
  });
  flux.handle('job-manager.drain', (request) => {
    if (manager.active.size === 0) request.respond();
    else drains.push(request);
  });
  flux.handle('job-manager.idle', (request) => {
    if (isIdle()) request.respond({ pending: pending() });
    else idles.push(request);
  });
  return (request) => {
    const isGone = ({ sender }: Request): boolean => sender === request.sender;
    for (const each of waiting.keys()) if (isGone(each)) waiting.delete(each);
    drains = drains.filter((each) => !isGone(each));
    idles = idles.filter((each) => !isGone(each));
  };
}
