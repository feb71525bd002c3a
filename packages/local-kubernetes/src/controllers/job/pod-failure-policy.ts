// What a Job's podFailurePolicy says of a failed pod (KEP-3329): the first rule that matches decides.

import type { Job, JobPod, PodFailureRule } from './job-types.ts';

interface EndedContainer {
  name?: string;
  state?: { terminated?: { exitCode?: number } };
}

export interface Verdict {
  readonly action: PodFailureRule['action'];
  /** Why, as the Job's condition says it. */
  readonly message: string;
}

export function judgeFailure(job: Job, pod: JobPod): Verdict {
  const { rules = [] } = job.spec.podFailurePolicy ?? {};
  const { namespace, name } = pod.metadata;
  for (const [index, { action, onExitCodes, onPodConditions = [] }] of rules.entries()) {
    const ended = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
    const matching = onExitCodes && (ended as EndedContainer[]).find((each) => matches(onExitCodes, each));
    if (matching) {
      const exitCode = matching.state?.terminated?.exitCode;
      return {
        action,
        message: `Container ${matching.name} for pod ${namespace}/${name} failed with exit code ${exitCode} matching ${action} rule at index ${index}`,
      };
    }
    const condition = onPodConditions.find(({ type, status = 'True' }) =>
      pod.status?.conditions?.some((each) => each.type === type && each.status === status),
    );
    if (condition) {
      const message = `Pod ${namespace}/${name} has condition ${condition.type} matching ${action} rule at index ${index}`;
      return { action, message };
    }
  }
  return { action: 'Count', message: '' };
}

function matches(
  { containerName, operator, values }: NonNullable<PodFailureRule['onExitCodes']>,
  each: EndedContainer,
): boolean {
  const exitCode = each.state?.terminated?.exitCode;
  // A container that ended well is no failure, whatever the list says.
  if (exitCode === undefined || exitCode === 0 || (containerName && containerName !== each.name)) return false;
  return values.includes(exitCode) === (operator === 'In');
}
