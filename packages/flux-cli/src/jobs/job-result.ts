/** How a job ended, from its eventlog. */
import { type Flux, watchEventlog } from '@ebb/flux-client';

export interface JobOutcome {
  readonly id: bigint;
  readonly result: number;
  readonly t_submit: number;
  readonly t_run: number;
  readonly t_cleanup: number;
  readonly waitstatus?: number;
  readonly exception_occurred: boolean;
  readonly exception_severity?: number;
  readonly exception_type?: string;
  readonly exception_note?: string;
}

const results = { completed: 1, failed: 2, canceled: 4, timeout: 8 } as const;

/** Waits for the end of the job. @throws FluxError ENOENT when there is no such job */
export async function jobOutcome(flux: Flux, id: bigint): Promise<JobOutcome> {
  const times = { t_submit: 0, t_run: 0, t_cleanup: 0 };
  let waitstatus: number | undefined;
  let exception: { type: string; severity: number; note: string } | undefined;
  for await (const { name, timestamp, context } of watchEventlog(flux, id)) {
    if (name === 'submit') times.t_submit = timestamp;
    else if (name === 'alloc') times.t_run = timestamp;
    else if (name === 'finish') {
      times.t_cleanup = timestamp;
      waitstatus = context!['status'] as number;
    } else if (name === 'exception') {
      const { type, severity, note = '' } = context as { type: string; severity: number; note?: string };
      // The first of the gravest is what ended the job.
      if (!exception || severity < exception.severity) exception = { type, severity, note };
      if (severity === 0 && times.t_cleanup === 0) times.t_cleanup = timestamp;
    }
  }
  const isFatal = exception?.severity === 0;
  const result = isFatal
    ? exception!.type === 'cancel'
      ? results.canceled
      : exception!.type === 'timeout'
        ? results.timeout
        : results.failed
    : waitstatus === 0
      ? results.completed
      : results.failed;
  return {
    id,
    exception_occurred: exception !== undefined,
    ...(exception && {
      exception_severity: exception.severity,
      exception_type: exception.type,
      exception_note: exception.note,
    }),
    ...times,
    ...(waitstatus === undefined ? {} : { waitstatus }),
    result,
  };
}
