/** Amounts of named resources, as Go's quota library calculates with them: exact, each in the form it was written in. */
import { compareQuantities, parseQuantity, printQuantity, type Quantity } from './quantity.ts';

/** By the name of the resource. */
export type Amounts = ReadonlyMap<string, Quantity>;

export const none: Quantity = { nanos: 0n, format: 'decimal' };
export const one: Quantity = { nanos: 1_000_000_000n, format: 'decimal' };

/** A whole number of things. */
export function count(number: number): Quantity {
  return { nanos: BigInt(number) * one.nanos, format: 'decimal' };
}

/** Reads the quantities of an object that was validated. */
export function amountsOf(quantities: object | undefined): Amounts {
  return new Map(Object.entries(quantities ?? {}).map(([name, text]) => [name, parseQuantity(String(text))]));
}

/** What the API shows, by name. */
export function printAmounts(amounts: Amounts): Record<string, string> {
  return Object.fromEntries([...amounts].sort(byName).map(([name, amount]) => [name, printQuantity(amount)]));
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : a > b ? 1 : 0);

/** A sum with nothing takes the other's form. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return { nanos: a.nanos + b.nanos, format: a.nanos === 0n ? b.format : a.format };
}

export function add(a: Amounts, b: Amounts): Amounts {
  const sum = new Map(a);
  for (const [name, amount] of b) {
    const before = sum.get(name);
    sum.set(name, before ? addQuantities(before, amount) : amount);
  }
  return sum;
}

/** The larger of both for each name. */
export function larger(a: Amounts, b: Amounts): Amounts {
  const most = new Map(a);
  for (const [name, amount] of b) {
    const before = most.get(name);
    if (!before || compareQuantities(amount, before) > 0) most.set(name, amount);
  }
  return most;
}

/** What `a` has more than `b`; what it has less of is none. */
export function growth(a: Amounts, b: Amounts): Amounts {
  const more = new Map<string, Quantity>();
  for (const [name, amount] of a) {
    const before = b.get(name) ?? none;
    const nanos = amount.nanos - before.nanos;
    more.set(name, nanos > 0n ? { nanos, format: amount.nanos === 0n ? before.format : amount.format } : none);
  }
  return more;
}

/** Those of the names alone. */
export function only(amounts: Amounts, names: { has(name: string): boolean }): Amounts {
  return new Map([...amounts].filter(([name]) => names.has(name)));
}

export function withoutZeros(amounts: Amounts): Amounts {
  return new Map([...amounts].filter(([, { nanos }]) => nanos !== 0n));
}

/** Whether both name the same and as much, in whatever form. */
export function areEqual(a: Amounts, b: Amounts): boolean {
  return a.size === b.size && [...a].every(([name, { nanos }]) => b.get(name)?.nanos === nanos);
}
