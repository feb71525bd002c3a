// Which run's log a request is answered with, or why with none, as kubelet decides and words it. Pure.

import type { ContainerStatus } from '../pod-types.ts';

/** @returns the words of a refusal; undefined when there is a log */
export function logRefusal(
  { state, lastState }: Pick<ContainerStatus, 'state' | 'lastState'>,
  container: string,
  pod: string,
  isPrevious: boolean,
): string | undefined {
  const about = `container "${container}" in pod "${pod}"`;
  const last = lastState.terminated;
  if (isPrevious) return last?.containerID ? undefined : `previous terminated ${about} not found`;
  if (state.running) return undefined;
  if (state.terminated?.containerID || last?.containerID) return undefined;
  if (state.terminated || last) return `${about} is terminated`;
  const reason = state.waiting?.reason;
  if (reason === 'ErrImagePull') return `${about} is waiting to start: image can't be pulled`;
  if (reason === 'ImagePullBackOff') return `${about} is waiting to start: trying and failing to pull image`;
  return `${about} is waiting to start: ${reason ?? ''}`;
}
