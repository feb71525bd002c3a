/** What became of the program: from the Job and from the pod of the lead broker. */
import type { Observed } from './observed.ts';

export interface Outcome {
  isFinished: boolean;
  /** Whether the Job itself is over, so that nothing will be started again. */
  isJobOver: boolean;
  state: 'Running' | 'Succeeded' | 'Failed';
  exitCode?: number;
  finishedAt?: string;
  message: string;
}

interface JobStatus {
  conditions?: { type: string; status: string; reason?: string; message?: string; lastTransitionTime?: string }[];
}

export function outcomeOf({ job, pods, cluster }: Observed): Outcome {
  const conditions = (job['status'] as JobStatus | undefined)?.conditions ?? [];
  const holds = (type: string) => conditions.find((each) => each.type === type && each.status === 'True');
  const leader =
    pods
      .filter((pod) => pod.index === 0)
      .find((pod) => pod.ended !== undefined && programEnd(pod.ended.message) !== undefined) ??
    pods.find((pod) => pod.index === 0 && !pod.isDeleting);
  const ended = leader?.ended;
  const exitCode = ended ? (programEnd(ended.message) ?? ended.exitCode) : cluster.status?.program?.exitCode;
  const finishedAt = ended?.finishedAt ?? cluster.status?.program?.finishedAt;
  const result = { ...(exitCode === undefined ? {} : { exitCode }), ...(finishedAt ? { finishedAt } : {}) };
  const failed = holds('Failed') ?? holds('FailureTarget');
  if (failed) {
    const why = failed.message || failed.reason || 'the Job failed';
    const text = exitCode === undefined ? why : `the program ended with status ${exitCode}`;
    return { isFinished: true, isJobOver: holds('Failed') !== undefined, state: 'Failed', ...result, message: text };
  }
  const complete = holds('Complete') ?? holds('SuccessCriteriaMet');
  if (complete) {
    return {
      isFinished: true,
      isJobOver: holds('Complete') !== undefined,
      state: 'Succeeded',
      exitCode: 0,
      ...(finishedAt ? { finishedAt } : {}),
      message: 'the program ended with status 0',
    };
  }
  if (ended && leader && !leader.isDeleting) {
    if (ended.exitCode === 0) {
      return {
        isFinished: true,
        isJobOver: false,
        state: 'Succeeded',
        ...result,
        message: 'the program ended with status 0',
      };
    }
    // A status without word of the program is a broker that was lost: the Job starts it again.
    if (programEnd(ended.message) !== undefined) {
      return {
        isFinished: true,
        isJobOver: false,
        state: 'Failed',
        ...result,
        message: `the program ended with status ${exitCode}`,
      };
    }
  }
  return { isFinished: false, isJobOver: false, state: 'Running', message: '' };
}

/** The exit status in the termination message that the entrypoint leaves. */
function programEnd(message: string): number | undefined {
  try {
    const code = (JSON.parse(message) as { program?: { exitCode?: number } }).program?.exitCode;
    return typeof code === 'number' ? code : undefined;
  } catch {
    return undefined;
  }
}
