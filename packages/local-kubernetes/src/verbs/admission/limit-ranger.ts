// LimitRanger: what a namespace's LimitRanges fill in, and what they refuse.

import { claimProblems, podProblems } from '../../quota/limit-checks.ts';
import { fillLimits } from '../../quota/limit-defaults.ts';
import { aggregated } from '../../schema/field-error.ts';
import { ownMember } from '../../schema/own-member.ts';
import { type AdmissionRequest, resourceOf } from '../request.ts';
import { forbidden } from '../status-errors.ts';
import type { AdmissionStep } from './admission-chain.ts';

/** What pods ask for may not change later. */
const looked: Readonly<Record<string, readonly string[]>> = {
  pods: ['CREATE'],
  persistentvolumeclaims: ['CREATE', 'UPDATE'],
};

export const limitRanger: AdmissionStep = {
  mutate(_context, request) {
    const { target, object } = request;
    if (!object || target.kind.plural !== 'pods') return;
    for (const range of rangesFor(request)) fillLimits(object, range);
  },
  validate(_context, request) {
    const { target, object } = request;
    if (!object) return;
    const problemsOf = target.kind.plural === 'pods' ? podProblems : claimProblems;
    for (const range of rangesFor(request)) {
      const problems = problemsOf(object, range);
      if (problems.length > 0) throw forbidden(resourceOf(target), target.name, aggregated(problems));
    }
  },
};

function rangesFor({ operation, target, oldObject, transaction }: AdmissionRequest) {
  const { group, plural } = target.kind;
  if (group !== '' || target.subresource || !ownMember(looked, plural)?.includes(operation)) return [];
  if (oldObject?.metadata.deletionTimestamp) return [];
  return transaction.range('limitranges', `${target.namespace}/`).map(({ object }) => object);
}
