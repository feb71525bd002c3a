// What the manager has to do about a job as it stands: a function of the job alone (RFC 21; flux-core:
// event_job_action). Doing it changes the job, so that the next look finds it done.
import { JobState } from '@ebb/flux-client';
import { type Job, priorityOf } from './job.ts';

export type Action =
  | { readonly do: 'post'; readonly event: string; readonly context?: Record<string, unknown> }
  | { readonly do: 'enqueue' | 'dequeue' | 'withdraw' | 'cancel-allocation' | 'start' | 'free' | 'ended' };

/** The first thing to do; undefined when something else has to happen before. */
export function nextAction(job: Job): Action | undefined {
  switch (job.state) {
    case JobState.Depend:
      return job.dependencies.size === 0 ? { do: 'post', event: 'depend' } : undefined;
    case JobState.Priority:
      return { do: 'post', event: 'priority', context: { priority: priorityOf(job.urgency) } };
    case JobState.Sched:
      if (job.allocation === 'none') return (job.priority ?? 0) > 0 ? { do: 'enqueue' } : undefined;
      return job.allocation === 'queued' && job.priority === 0 ? { do: 'dequeue' } : undefined;
    case JobState.Run:
      if (job.perilogs.size > 0) return undefined;
      return job.execution === 'none' && (!job.hasStarted || job.reattach) ? { do: 'start' } : undefined;
    case JobState.Cleanup:
      if (job.allocation === 'queued') return { do: 'dequeue' };
      if (job.allocation === 'sent') return { do: 'cancel-allocation' };
      if (job.execution === 'queued') return { do: 'withdraw' };
      if (job.execution !== 'none' || job.perilogs.size > 0) return undefined;
      return job.hasResources ? { do: 'free' } : { do: 'post', event: 'clean' };
    case JobState.Inactive:
      return { do: 'ended' };
    default:
      return undefined;
  }
}
