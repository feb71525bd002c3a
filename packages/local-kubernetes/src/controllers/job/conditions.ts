// The conditions of a Job's status.

import type { JobCondition, JobStatus } from './job-types.ts';

export type NewCondition = Pick<JobCondition, 'type' | 'status' | 'reason' | 'message'>;

export function trueCondition(status: JobStatus, type: JobCondition['type']): JobCondition | undefined {
  return status.conditions?.find((each) => each.type === type && each.status === 'True');
}

/**
 * Adds or changes a condition; true when that made a difference. One that is False is only written where it was there
 * before.
 */
export function setCondition(status: JobStatus, condition: NewCondition, now: Date): boolean {
  const conditions = status.conditions ?? [];
  const known = conditions.find(({ type }) => type === condition.type);
  if (!known && condition.status === 'False') return false;
  if (known?.status === condition.status && known.reason === condition.reason) return false;
  const time = now.toISOString();
  const changed = { ...condition, lastProbeTime: time, lastTransitionTime: time } as JobCondition;
  status.conditions = known ? conditions.map((each) => (each === known ? changed : each)) : [...conditions, changed];
  return true;
}
