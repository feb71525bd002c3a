import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fluidForms, parseFluid, printFluid } from './fluid.ts';
import { FluidGenerator, fluidTimeMs } from './fluid-generator.ts';
import { FormatError } from './format-error.ts';

const id = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

describe('FLUIDs', () => {
  it.each([
    [0n, 'ƒ1'],
    [57n, 'ƒz'],
    [1234n, 'ƒNH'],
    [65535n, 'ƒLUv'],
    [4294967295n, 'ƒ7YXq9G'],
    [633528662n, 'ƒxyzzy'],
    [6731191091817518n, 'ƒuZZybuNNy'],
    [2n ** 64n - 1n, 'ƒjpXCZedGfVQ'],
  ])('%s is %s', (number, f58) => {
    expect(printFluid(number)).toBe(f58);
    expect(printFluid(number, 'f58plain')).toBe(f58.replace('ƒ', 'f'));
    expect(parseFluid(f58)).toBe(number);
  });

  it.each([
    ['f111', 0n],
    ['0x25c2e156', 633528662n],
    ['0.0.0.0039', 57n],
    ['a.b.c.d', 2814797012533261n],
    ['job.0000.ffff.0000.0000', 281470681743360n],
    ['ffff.0000.0000.0000', 18446462598732840960n],
    [' 0xffff   ', 65535n],
    ['18446744073709551615', 18446744073709551615n],
    ['😃', 0n],
    ['😁👌', 1234n],
    ['😳🏪🍖🍸', 4294967295n],
    ['🚹💗💧👗😷📷📚', 18446744073709551615n],
    ['academy-academy-academy--academy-academy-academy', 0n],
    ['REFORM remote-galileo--heart-package-academy', 6731191091817518n],
  ])('%s is %s', (text, number) => {
    expect(parseFluid(text)).toBe(number);
  });

  it.each([
    '',
    'f',
    'boo',
    '-1',
    'flux',
    'f1230',
    'fO',
    'fl',
    'x1',
    '0.0.0',
    '0.0.0.0.0',
    '0.0.0.g',
    '0.0.0.',
    '.0.0.0',
    'invalid-words-test',
    'academy-academy-academy',
    'amen-amen-amen--academy-academy-academy',
    '18446744073709551616',
    'fzzzzzzzzzzzz',
    '🦄',
    '0x10000000000000000',
  ])('%j is none', (text) => {
    expect(() => parseFluid(text)).toThrow(FormatError);
  });

  it('is what it prints, in every form', () => {
    fc.assert(
      fc.property(id, fc.constantFrom(...fluidForms), (number, form) => {
        expect(parseFluid(printFluid(number, form))).toBe(number);
      }),
      { numRuns: 1000 },
    );
    expect(() => printFluid(2n ** 64n)).toThrow(RangeError);
    expect(() => printFluid(-1n)).toThrow(RangeError);
  });
});

describe('the generator', () => {
  it('never gives an id twice or a smaller one, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 50 }), (times) => {
        let now = 0;
        const generator = new FluidGenerator(5, () => now);
        let last = -1n;
        for (const time of times) {
          now = time;
          for (let i = 0; i < 400; i++) {
            const next = generator.next();
            expect(next > last).toBe(true);
            last = next;
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it('holds time, generator and sequence', () => {
    const generator = new FluidGenerator(3, () => 1000.9);
    expect([generator.next(), generator.next()]).toEqual([
      (1000n << 24n) | (3n << 10n),
      (1000n << 24n) | (3n << 10n) | 1n,
    ]);
    expect(fluidTimeMs(generator.next())).toBe(1000);
    expect(() => new FluidGenerator(16384, () => 0)).toThrow(RangeError);
  });
});
