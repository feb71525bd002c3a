/** What a LimitRange refuses, in the words of the plugin LimitRanger. */
import { listAt, mapAt, textAt } from '../kinds/columns/read.ts';
import { podAmounts } from '../kinds/pod-amounts.ts';
import { type Amounts, amountsOf, none } from '../schema/amounts.ts';
import { printQuantity, type Quantity, quantityToInteger, quantityToThousandths } from '../schema/quantity.ts';
import type { JsonObject } from '../schema/schema.ts';

/** What something asks for, and may use. */
interface Asked {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

/** What is wrong with a pod: containers one by one and then init containers, or the pod as a whole, in the order of the items. */
export function podProblems(pod: JsonObject, range: JsonObject): string[] {
  const spec = mapAt(pod, 'spec');
  return listAt(range, 'spec.limits').flatMap((item) => {
    if (item['type'] === 'Pod') {
      return problems(item, { requests: podAmounts(spec, 'requests'), limits: podAmounts(spec, 'limits') });
    }
    if (item['type'] !== 'Container') return [];
    return [...listAt(spec, 'containers'), ...listAt(spec, 'initContainers')].flatMap((container) =>
      problems(item, {
        requests: amountsOf(mapAt(container, 'resources.requests')),
        limits: amountsOf(mapAt(container, 'resources.limits')),
      }),
    );
  });
}

/** What is wrong with a claim for storage, whose limits nobody looks at. */
export function claimProblems(claim: JsonObject, range: JsonObject): string[] {
  const requests = amountsOf(mapAt(claim, 'spec.resources.requests'));
  return listAt(range, 'spec.limits').flatMap((item) => {
    if (item['type'] !== 'PersistentVolumeClaim') return [];
    const least = check(item, 'min', (rule) => tooLittle(rule, { requests, limits: new Map() }));
    return [...least, ...check(item, 'max', (rule) => tooMuchStorage(rule, requests))];
  });
}

interface Rule {
  readonly type: string;
  readonly name: string;
  readonly amount: Quantity;
}

function problems(item: JsonObject, asked: Asked): string[] {
  return [
    ...check(item, 'min', (rule) => tooLittle(rule, asked)),
    ...check(item, 'max', (rule) => tooMuch(rule, asked)),
    ...check(item, 'maxLimitRequestRatio', (rule) => tooFarApart(rule, asked)),
  ];
}

function check(item: JsonObject, field: string, problem: (rule: Rule) => string | undefined): string[] {
  const type = textAt(item, 'type');
  return [...amountsOf(mapAt(item, field))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, amount]) => problem({ type, name, amount }) ?? []);
}

function tooLittle({ type, name, amount }: Rule, { requests, limits }: Asked): string | undefined {
  const must = `minimum ${name} usage per ${type} is ${printQuantity(amount)}`;
  const [request, limit] = [requests.get(name), limits.get(name)];
  const [asked, most, least] = comparable(request, limit, amount);
  if (!request) return `${must}.  No request is specified`;
  if (asked < least) return `${must}, but request is ${printQuantity(request)}`;
  return limit && most < least ? `${must}, but limit is ${printQuantity(limit)}` : undefined;
}

function tooMuch({ type, name, amount }: Rule, { requests, limits }: Asked): string | undefined {
  const must = `maximum ${name} usage per ${type} is ${printQuantity(amount)}`;
  const [request, limit] = [requests.get(name), limits.get(name)];
  const [asked, most, allowed] = comparable(request, limit, amount);
  if (!limit) return `${must}.  No limit is specified`;
  if (most > allowed) return `${must}, but limit is ${printQuantity(limit)}`;
  return request && asked > allowed ? `${must}, but request is ${printQuantity(request)}` : undefined;
}

function tooMuchStorage({ type, name, amount }: Rule, requests: Amounts): string | undefined {
  const must = `maximum ${name} usage per ${type} is ${printQuantity(amount)}`;
  const request = requests.get(name);
  const [asked, , allowed] = comparable(request, undefined, amount);
  if (!request) return `${must}.  No request is specified`;
  return asked > allowed ? `${must}, but request is ${printQuantity(request)}` : undefined;
}

function tooFarApart({ type, name, amount }: Rule, { requests, limits }: Asked): string | undefined {
  const must = `${name} max limit to request ratio per ${type} is ${printQuantity(amount)}`;
  const [asked, most] = comparable(requests.get(name), limits.get(name), amount);
  if (asked === 0n) return `${must}, but no request is specified or request is 0`;
  if (most === 0n) return `${must}, but no limit is specified or limit is 0`;
  const ratio = Number(most) / Number(asked);
  const isFine = areSmall([amount])
    ? ratio * 1000 <= Number(quantityToThousandths(amount))
    : ratio <= Number(quantityToInteger(amount));
  return isFine ? undefined : `${must}, but provided ratio is ${ratio.toFixed(6)}`;
}

const mostInThousandths = (2n ** 63n - 1n) / 1000n;

/** Numbers that can be compared: thousandths, or wholes where one of them is too large for that. Both are rounded up. */
function comparable(
  request: Quantity | undefined,
  limit: Quantity | undefined,
  amount: Quantity,
): [request: bigint, limit: bigint, amount: bigint] {
  const all = [request ?? none, limit ?? none, amount] as const;
  const [first, second, third] = all.map(areSmall(all) ? quantityToThousandths : quantityToInteger);
  return [first!, second!, third!];
}

function areSmall(amounts: readonly Quantity[]): boolean {
  return amounts.every((each) => quantityToInteger(each) <= mostInThousandths);
}
