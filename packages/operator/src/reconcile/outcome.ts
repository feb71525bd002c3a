/** What became of the program: from the Job and from the pod of the lead broker. */
import type { KubernetesObject } from '@ebb/minicluster';
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

export function outcomeOf({ job, pods, cluster }: Pick<Observed, 'job' | 'pods' | 'cluster'>): Outcome {
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
  // The Job may be heard of before the pod by which it failed: with what did the program end?
  const failed = leader?.isRunning && !leader.isDeleting ? undefined : (holds('Failed') ?? holds('FailureTarget'));
  // The program's status counts, not what became of other containers of its pod.
  if (failed && exitCode !== 0) {
    const why = failed.message || failed.reason || 'the Job failed';
    const message = exitCode === undefined ? why : endedWith(exitCode);
    return { isFinished: true, isJobOver: holds('Failed') !== undefined, state: 'Failed', ...result, message };
  }
  // Its container may run again until the Job, whose limit was taken away for it, has heard of that and ends.
  if (cluster.status?.program?.state === 'Failed' && limitOf(job) === 0) {
    return { isFinished: true, isJobOver: false, state: 'Failed', ...result, message: endedWith(exitCode) };
  }
  const complete = failed ?? holds('Complete') ?? holds('SuccessCriteriaMet');
  if (complete) {
    const isJobOver = (holds('Failed') ?? holds('Complete')) !== undefined;
    return { isFinished: true, isJobOver, state: 'Succeeded', ...result, exitCode: 0, message: endedWith(0) };
  }
  if (ended && leader && !leader.isDeleting) {
    // A status without word of the program is a broker that was lost: the Job starts it again.
    const isProgram = ended.exitCode === 0 || programEnd(ended.message) !== undefined;
    const state = ended.exitCode === 0 ? 'Succeeded' : 'Failed';
    if (isProgram) return { isFinished: true, isJobOver: false, state, ...result, message: endedWith(exitCode) };
  }
  return { isFinished: false, isJobOver: false, state: 'Running', message: '' };
}

function limitOf(job: KubernetesObject): number | undefined {
  return (job['spec'] as { backoffLimit?: number } | undefined)?.backoffLimit;
}

function endedWith(exitCode: number | undefined): string {
  return `the program ended with status ${exitCode}`;
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
