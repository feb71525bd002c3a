// When an Indexed Job counts as succeeded before all its indexes have (successPolicy, KEP-3998).

import { parseIndexes } from './indexes.ts';
import type { Job } from './job-types.ts';

/** The condition's message when a rule is met: the first that is. */
export function successPolicyMet(job: Job, succeeded: ReadonlySet<number>): string | undefined {
  if (succeeded.size === 0) return undefined;
  const { completions = 0, successPolicy } = job.spec;
  const met = (successPolicy?.rules ?? []).findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined) return succeededCount !== undefined && succeeded.size >= succeededCount;
    const wanted = [...parseIndexes(succeededIndexes)].filter((index) => index < completions);
    const reached = wanted.filter((index) => succeeded.has(index)).length;
    return wanted.length > 0 && (reached === wanted.length || reached >= (succeededCount ?? wanted.length));
  });
  return met >= 0 ? `Matched rules at index ${met}` : undefined;
}
