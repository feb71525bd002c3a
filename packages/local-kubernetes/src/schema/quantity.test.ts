import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareQuantities,
  inThousandths,
  parseQuantity,
  printQuantity,
  quantityToInteger,
  readQuantity,
} from './quantity.ts';

const canonical = (text: string) => printQuantity(parseQuantity(text));

describe('quantities', () => {
  it.each([
    ['0.5', '500m'],
    ['1000m', '1'],
    ['1024Mi', '1Gi'],
    ['1536Mi', '1536Mi'],
    ['1.5Gi', '1536Mi'],
    ['0.5Ki', '512'],
    ['100k', '100k'],
    ['1000k', '1M'],
    ['1e3', '1e3'],
    ['1E3', '1E3'],
    ['12e2', '1200'],
    ['-1', '-1'],
    ['+2', '+2'],
    ['05', '05'],
    ['1.500', '1.500'],
    ['1.50', '1500m'],
    ['0.500', '500m'],
    ['1000', '1k'],
    ['+0', '0'],
    ['8Ki', '8Ki'],
    ['+7Ki', '+7Ki'],
    ['0016Ki', '16Ki'],
    ['0Gi', '0'],
    ['.5', '500m'],
    ['5.', '5.'],
    ['0.0000000001', '1n'],
    ['2E', '2E'],
    // Nothing before a suffix is nothing.
    ['Gi', '0'],
    ['.', '0'],
    ['-', '0'],
    ['e3', '0'],
    // Only binary numbers have a largest one.
    ['8Ei', '9223372036854775807'],
    ['100E', '100E'],
  ])('writes %s as %s', (text, wanted) => expect(canonical(text)).toBe(wanted));

  it.each(['', 'abc', '1.2.3', '1KiB', '--1', '1 Gi', '1e99999', 'xGi'])('refuses %j', (text) => {
    expect(typeof readQuantity(text)).toBe('string');
  });

  it.each([
    ['1n', '1m'],
    ['1.0001Ki', '1024103m'],
    ['1e-10', '1e-3'],
    ['-1.5m', '-1m'],
    ['1Gi', '1Gi'],
  ])('keeps %s in thousandths as %s', (text, wanted) =>
    expect(printQuantity(inThousandths(parseQuantity(text)))).toBe(wanted),
  );

  it('rounds whole numbers up', () => expect(quantityToInteger(parseQuantity('1.1'))).toBe(2n));

  it('keeps its value through its canonical text', () => {
    const suffix = fc.constantFrom('', 'm', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'Ti', 'n', 'u');
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), suffix, (number, unit) => {
        const quantity = parseQuantity(`${number}${unit}`);
        const again = parseQuantity(printQuantity(quantity));
        expect(compareQuantities(again, quantity)).toBe(0);
        expect(printQuantity(again)).toBe(printQuantity(quantity));
      }),
    );
  });

  it('never throws on any text', () => {
    fc.assert(fc.property(fc.string(), (text) => ['string', 'object'].includes(typeof readQuantity(text))));
  });
});
