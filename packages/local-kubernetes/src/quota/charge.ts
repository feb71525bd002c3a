/** Whether the quotas of a namespace have room for what is asked for, and what they have spent then. */
import { mapAt, textAt } from '../kinds/columns/read.ts';
import { type Amounts, add, amountsOf, growth, only, printAmounts, withoutZeros } from '../schema/amounts.ts';
import { compareQuantities } from '../schema/quantity.ts';
import type { JsonObject } from '../schema/schema.ts';
import type { Evaluator, Operation } from './evaluator.ts';
import { scopesOf } from './scopes.ts';

/** A refusal, in the words of the plugin ResourceQuota; or what each quota that is charged has used up. */
export type Charge = { readonly refused: string } | { readonly used: ReadonlyMap<JsonObject, Amounts> };

interface Concerned {
  readonly quota: JsonObject;
  readonly hard: Amounts;
  readonly used: Amounts;
}

/** @param quotas whose status says how much there is and how much is used: what it does not say yet holds nobody */
export function chargeQuotas(
  quotas: readonly JsonObject[],
  evaluator: Evaluator,
  operation: Operation,
  now: Date,
): Charge {
  const { object, oldObject, subresource } = operation;
  const concerned: Concerned[] = [];
  for (const quota of quotas) {
    const hard = amountsOf(mapAt(quota, 'status.hard'));
    const counted = [...hard.keys()].filter((name) => evaluator.counts(name)).sort();
    if (counted.length === 0 || !isMeant(evaluator, quota, object)) continue;
    const name = textAt(quota, 'metadata.name');
    const missing = evaluator.missing?.(counted, object);
    if (missing) return { refused: `failed quota: ${name}: ${missing}` };
    const used = amountsOf(mapAt(quota, 'status.used'));
    if (!counted.every((each) => used.has(each))) {
      return { refused: `status unknown for quota: ${name}, resources: ${counted.join(',')}` };
    }
    concerned.push({ quota, hard, used });
  }
  const charged = new Map<JsonObject, Amounts>();
  if (concerned.length === 0) return { used: charged };
  const usage = evaluator.usage(object, now);
  const more = oldObject && growth(usage, evaluator.usage(oldObject, now));
  for (const { quota, hard, used } of concerned) {
    const isNew = !more || !oldObject || !isMeant(evaluator, quota, oldObject);
    const requested = only(withoutZeros(isNew ? usage : more), hard);
    if (requested.size === 0) continue;
    const sum = add(used, requested);
    // What a status tells has happened already.
    const refused = subresource === 'status' ? undefined : excess(quota, { requested, used, hard, sum });
    if (refused) return { refused };
    charged.set(quota, sum);
  }
  return { used: charged };
}

function isMeant(evaluator: Evaluator, quota: JsonObject, object: JsonObject): boolean {
  return scopesOf(quota).every((scope) => evaluator.isInScope(scope, object));
}

interface Balance {
  readonly requested: Amounts;
  readonly used: Amounts;
  readonly hard: Amounts;
  readonly sum: Amounts;
}

function excess(quota: JsonObject, { requested, used, hard, sum }: Balance): string | undefined {
  const exceeded = new Set(
    [...requested.keys()].filter((name) => compareQuantities(sum.get(name)!, hard.get(name)!) > 0),
  );
  if (exceeded.size === 0) return undefined;
  const shown = (amounts: Amounts) =>
    Object.entries(printAmounts(only(amounts, exceeded)))
      .map(([name, amount]) => `${name}=${amount}`)
      .join(',');
  const name = textAt(quota, 'metadata.name');
  return `exceeded quota: ${name}, requested: ${shown(requested)}, used: ${shown(used)}, limited: ${shown(hard)}`;
}
