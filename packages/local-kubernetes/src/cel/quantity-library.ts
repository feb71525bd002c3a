/** Quantities in CEL: `quantity('1Gi').isGreaterThan(quantity('500Mi'))`. */
import type { Environment } from '@marcbachmann/cel-js';
import {
  compareQuantities,
  isWholeQuantity,
  parseQuantity,
  type Quantity,
  quantityToInteger,
  readQuantity,
} from '../schema/quantity.ts';
import type { AddFunction } from './add-function.ts';

class CelQuantity {
  readonly quantity: Quantity;
  constructor(quantity: Quantity) {
    this.quantity = quantity;
  }
}

const billion = 1_000_000_000n;

export function registerQuantities(environment: Environment, add: AddFunction): void {
  environment.registerType('Quantity', { ctor: CelQuantity, fields: {} } as never);
  add('isQuantity(string): bool', (text: string) => typeof readQuantity(text) !== 'string');
  add('quantity(string): Quantity', (text: string) => new CelQuantity(parseQuantity(text)));
  add('Quantity.sign(): int', ({ quantity: { nanos } }: CelQuantity) => (nanos > 0n ? 1n : nanos < 0n ? -1n : 0n));
  add('Quantity.isInteger(): bool', ({ quantity }: CelQuantity) => isWholeQuantity(quantity));
  add('Quantity.asInteger(): int', ({ quantity }: CelQuantity) => {
    if (!isWholeQuantity(quantity)) throw new Error('cannot convert value to integer');
    return quantityToInteger(quantity);
  });
  add('Quantity.asApproximateFloat(): double', ({ quantity }: CelQuantity) => Number(quantity.nanos) / 1e9);
  add('Quantity.isGreaterThan(Quantity): bool', (a: CelQuantity, b: CelQuantity) => order(a, b) > 0);
  add('Quantity.isLessThan(Quantity): bool', (a: CelQuantity, b: CelQuantity) => order(a, b) < 0);
  add('Quantity.compareTo(Quantity): int', (a: CelQuantity, b: CelQuantity) => BigInt(order(a, b)));
  add('Quantity.add(Quantity): Quantity', (a: CelQuantity, b: CelQuantity) => plus(a, b.quantity.nanos));
  add('Quantity.add(int): Quantity', (a: CelQuantity, b: bigint) => plus(a, b * billion));
  add('Quantity.sub(Quantity): Quantity', (a: CelQuantity, b: CelQuantity) => plus(a, -b.quantity.nanos));
  add('Quantity.sub(int): Quantity', (a: CelQuantity, b: bigint) => plus(a, -b * billion));
  environment.registerOperator(
    'Quantity == Quantity',
    ((a: CelQuantity, b: CelQuantity) => order(a, b) === 0) as never,
  );
}

const order = (a: CelQuantity, b: CelQuantity) => compareQuantities(a.quantity, b.quantity);

function plus({ quantity }: CelQuantity, nanos: bigint): CelQuantity {
  return new CelQuantity({ format: quantity.format, nanos: quantity.nanos + nanos });
}
