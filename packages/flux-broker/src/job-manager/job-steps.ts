// What the parts of the job manager do with a job: post its events, and go on from them.
import type { ModuleContext } from '../module.ts';
import type { Job } from './job.ts';

export interface JobSteps {
  readonly context: ModuleContext;
  /** Jobs that are not inactive. */
  readonly active: ReadonlySet<Job>;
  /** Posts an event and does what follows from it. */
  post(job: Job, name: string, context?: Record<string, unknown>): void;
  /** Posts an event; what follows from it waits for {@link act}. */
  record(job: Job, name: string, context?: Record<string, unknown>): void;
  /** Does what is to be done about a job now. */
  act(job: Job): void;
  annotate(job: Job, annotations: Record<string, unknown>): void;
  /** Takes away what was said of a job that got no resources: all, or only what the scheduler said. */
  clearAnnotations(job: Job, part?: 'sched'): void;
}
