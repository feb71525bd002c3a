import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, printJson, toFluid } from './json.ts';

describe('JSON of the wire', () => {
  it('keeps the digits of large integers', () => {
    const text = '{"id":26924764367270072,"ids":[18446744073709551615,-9223372036854775808],"small":5}';
    expect(parseJson(text)).toEqual({ id: 26924764367270072n, ids: [2n ** 64n - 1n, -(2n ** 63n)], small: 5 });
    expect(printJson(parseJson(text))).toBe(text);
    expect(parseJson(' 18446744073709551615 ')).toBe(2n ** 64n - 1n);
    expect(parseJson(Buffer.from('{"a":9007199254740991}'))).toEqual({ a: Number.MAX_SAFE_INTEGER });
  });

  it('leaves strings, fractions and exponents alone', () => {
    const text = '{"a":"x\\",:12345678901234567890,","b":0.12345678901234567,"c":12345678901234567890.5,"d":1e30}';
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it('keeps members of any name', () => {
    const value = parseJson('{"__proto__":99999999999999999999,"constructor":1}') as object;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it.each(['', '{', '{"a":}', '[1,]', '012345678901234567890', 'nul'])('%j is none', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  it('is what it prints, with bigints anywhere', () => {
    const large = fc.oneof(
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }),
      fc.bigInt({ min: -(2n ** 64n), max: -(2n ** 53n) }),
    );
    const { value } = fc.letrec<{ value: unknown; leaf: unknown }>((tie) => ({
      leaf: fc.oneof(
        large,
        fc.integer(),
        fc
          .double({ noNaN: true, noDefaultInfinity: true })
          .filter((n) => !Object.is(n, -0) && (Math.abs(n) < 1e15 || !Number.isInteger(n))),
        fc.string({ unit: 'binary' }),
        fc.stringMatching(/^[:,"\\0-9]{0,40}$/),
        fc.boolean(),
        fc.constant(null),
      ),
      value: fc.oneof(
        { depthSize: 'small' },
        tie('leaf'),
        fc.array(tie('value')),
        fc.dictionary(fc.string(), tie('value'), { noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, (each) => {
        expect(parseJson(printJson(each))).toEqual(each);
      }),
      { numRuns: 2000 },
    );
  });

  it('prints as JSON.stringify does', () => {
    const value = { a: undefined, b: [undefined, () => 0, 1], c: new Date(0), d: { toJSON: () => 5 } };
    expect(printJson(value)).toBe(JSON.stringify(value));
    expect(printJson({ ...value, e: 1n })).toBe(JSON.stringify({ ...value, e: 1 }));
  });

  it('gives ids, and nothing else', () => {
    expect([toFluid(5), toFluid(2n ** 63n)]).toEqual([5n, 2n ** 63n]);
    for (const value of [-1, 1.5, '5', null, -1n, undefined]) expect(() => toFluid(value)).toThrow(TypeError);
  });
});
