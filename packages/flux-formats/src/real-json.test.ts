import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonReal, parseJsonReals, printJsonReals, withReals } from './real-json.ts';

describe('JSON with reals', () => {
  it.each([
    ['{"a":1000.0}', '1e3'],
    ['{"a":1.5000000000000001e300}', '1.5e300'],
    ['{"a":0.10000000000000001}', '0.1'],
    ['{"a":1e20}', '100000000000000000000.0'],
    ['{"a":1.0000000000000001e-5}', '1e-5'],
    ['{"a":600.0}', '600.0'],
    ['{"a":-0.5}', '-0.5'],
    ['{"a":0.0}', '0.0'],
    ['{"a":18446744073709551615}', '18446744073709551615'],
    ['{"a":1795453254.206239}', '1795453254.206239'],
  ])('writes %s for %s, as jansson does', (expected, text) => {
    expect(printJsonReals(parseJsonReals(`{ "a": ${text} }`), false)).toBe(expected);
  });

  it('puts blanks as jansson does', () => {
    const text = '{"a": [1, 2.0, {"b": "x, y: 1.0"}], "c": {}, "d": [], "e": null, "f": true}';
    expect(printJsonReals(parseJsonReals(text), true)).toBe(text);
  });

  it('writes what reads as the same value', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const again = JSON.parse(printJsonReals(parseJsonReals(text), true));
        expect(JSON.stringify(again)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(Number(String(new JsonReal(number)))).toBe(number === 0 ? 0 : number);
      }),
    );
  });

  it('takes reals over to what was made of a text', () => {
    const source = parseJsonReals('{"a": 1.0, "b": [2.0, 3], "c": 4.0, "d": 5}');
    const made = { b: [2, 3], a: 1, c: 40, d: 5, e: 6 };
    expect(printJsonReals(withReals(made, source), false)).toBe('{"b":[2.0,3],"a":1.0,"c":40,"d":5,"e":6}');
  });
});
