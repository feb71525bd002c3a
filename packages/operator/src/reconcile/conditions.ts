/** Conditions (Kubernetes API conventions): a time that changes only with the status. */
import type { Condition } from '@ebb/minicluster';

export interface Fact {
  type: string;
  status: 'True' | 'False';
  reason: string;
  message: string;
}

/** Facts as conditions; those that did not change keep their time. */
export function conditionsFrom(
  before: Condition[] | undefined,
  facts: readonly Fact[],
  generation: number,
  now: number,
): Condition[] {
  const time = `${new Date(now).toISOString().slice(0, 19)}Z`;
  return facts.map((fact) => {
    const known = conditionOf(before, fact.type);
    return {
      ...fact,
      lastTransitionTime: known?.status === fact.status ? known.lastTransitionTime : time,
      observedGeneration: generation,
    };
  });
}

export function conditionOf(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((each) => each.type === type);
}

export function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return conditionOf(conditions, type)?.status === 'True';
}
