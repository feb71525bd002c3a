// Whether a container that ended runs again: by its own rules and policy (KEP-5307), or else by its pod's. Pure.

import type { Container, Pod } from '../pod-types.ts';

export type RestartPolicy = 'Always' | 'OnFailure' | 'Never';

/** A sidecar: an init container that runs as long as its pod (KEP-753). */
export function isSidecar({ spec }: Pod, name: string): boolean {
  return spec.initContainers?.find((each) => each.name === name)?.restartPolicy === 'Always';
}

/** The policy that holds where no rule of the container does. */
export function policyOf({ spec }: Pod, container: Container): RestartPolicy {
  if (container.restartPolicy) return container.restartPolicy;
  const { restartPolicy = 'Always' } = spec;
  const isInitial = spec.initContainers?.some(({ name }) => name === container.name) ?? false;
  // An init container that ended well has done its part.
  return isInitial && restartPolicy === 'Always' ? 'OnFailure' : restartPolicy;
}

export function runsAgain(pod: Pod, container: Container, exitCode: number): boolean {
  const isMatch = (container.restartPolicyRules ?? []).some(({ action, exitCodes }) => {
    const isAmong = exitCodes?.values?.includes(exitCode) ?? false;
    return action === 'Restart' && exitCodes !== undefined && isAmong === (exitCodes.operator === 'In');
  });
  if (isMatch) return true;
  const policy = policyOf(pod, container);
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}
