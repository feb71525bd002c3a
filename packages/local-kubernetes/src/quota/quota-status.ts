/** What a quota's status says: its limits, and what the objects of its namespace use of them. */
import { mapAt } from '../kinds/columns/read.ts';
import { type Amounts, add, amountsOf, areEqual, none, only, printAmounts } from '../schema/amounts.ts';
import type { JsonObject } from '../schema/schema.ts';
import type { Evaluator } from './evaluator.ts';
import { scopesOf } from './scopes.ts';

/** What the objects of one kind use of a quota: nothing is an amount too. */
export function measure(quota: JsonObject, evaluator: Evaluator, objects: readonly JsonObject[], now: Date): Amounts {
  const counted = Object.keys(mapAt(quota, 'spec.hard')).filter((name) => evaluator.counts(name));
  const scopes = scopesOf(quota);
  let sum: Amounts = new Map(counted.map((name) => [name, none]));
  for (const object of objects) {
    if (!scopes.every((scope) => evaluator.isInScope(scope, object))) continue;
    sum = add(sum, only(evaluator.usage(object, now), sum));
  }
  return sum;
}

export interface QuotaStatus {
  readonly hard: Record<string, string>;
  readonly used: Record<string, string>;
}

/**
 * @param measured by all kinds together; what could not be measured stays as it was told
 * @returns undefined where the status says so already
 */
export function nextStatus(quota: JsonObject, measured: Amounts): QuotaStatus | undefined {
  const hard = amountsOf(mapAt(quota, 'spec.hard'));
  const told = amountsOf(mapAt(quota, 'status.used'));
  const used = only(new Map([...told, ...measured]), hard);
  if (areEqual(amountsOf(mapAt(quota, 'status.hard')), hard) && areEqual(told, used)) return undefined;
  return { hard: printAmounts(hard), used: printAmounts(used) };
}

/** Whether the status tells of each limit how much of it is used. */
export function isSettled(quota: JsonObject): boolean {
  const hard = amountsOf(mapAt(quota, 'spec.hard'));
  const used = mapAt(quota, 'status.used');
  return areEqual(amountsOf(mapAt(quota, 'status.hard')), hard) && [...hard.keys()].every((name) => name in used);
}
