/** Which kind takes what of a quota. */
import { claimEvaluator } from './claim-evaluator.ts';
import { countEvaluator, countName, type Evaluator, type GroupResource } from './evaluator.ts';
import { podEvaluator } from './pod-evaluator.ts';
import { serviceEvaluator } from './service-evaluator.ts';

/** Kinds that are counted under an older name too: their own. */
const aliased = ['configmaps', 'replicationcontrollers', 'resourcequotas', 'secrets'];

const special = new Map<string, Evaluator>([
  ['pods', podEvaluator],
  ['services', serviceEvaluator],
  ['persistentvolumeclaims', claimEvaluator],
  ...aliased.map((plural) => [plural, countEvaluator([countName({ group: '', plural }), plural])] as const),
]);

/** @returns undefined for what no quota counts: events, and what is never stored */
export function evaluatorOf(kind: GroupResource): Evaluator | undefined {
  const { group, plural } = kind;
  if (plural === 'events' && (group === '' || group === 'events.k8s.io')) return undefined;
  return (group === '' ? special.get(plural) : undefined) ?? countEvaluator([countName(kind)]);
}
