import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonText } from './json-text.ts';

const read = (text: string) => readJsonText(Buffer.from(text));

describe('why a text is no JSON', () => {
  it.each([
    ['', 'unexpected end of JSON input'],
    ['{', 'unexpected end of JSON input'],
    ['{a', "invalid character 'a' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', `invalid character '"' after object key:value pair`],
    ['[1 2]', "invalid character '2' after array element"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['{} x', "invalid character 'x' after top-level value"],
    ['01', "invalid character '1' after top-level value"],
    ['-x', "invalid character 'x' in numeric literal"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['1ex', "invalid character 'x' in exponent of numeric literal"],
    ['trap', "invalid character 'a' in literal true (expecting 'u')"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ["'a'", "invalid character '\\'' looking for beginning of value"],
    ['\u009e', "invalid character 'Â' looking for beginning of value"],
  ])('%j', (text, problem) => expect(read(text).problem).toBe(problem));

  it('stops at a depth', () => {
    expect(read(`${'['.repeat(1000)}${']'.repeat(1000)}`).problem).toBeUndefined();
    expect(read('['.repeat(1_000_000)).problem).toBe("invalid character '[' exceeded max depth");
  });

  it('agrees with JSON.parse on what is JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom('', '{', '"', ',', ']', '0', '\\', 'e'), (text, at, put) => {
        const place = at % (text.length + 1);
        const changed = text.slice(0, place) + put + text.slice(place + 1);
        let isJson = true;
        try {
          JSON.parse(changed);
        } catch {
          isJson = false;
        }
        expect(read(changed).problem === undefined).toBe(isJson);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('members that stand twice', () => {
  it('are found by path', () => {
    const text = '{"a":1,"a":2,"b":{"c":[{"d":1,"d":{}},{"d":1}]},"b":3}';
    expect(read(text).duplicates).toEqual(['a', 'b.c[0].d', 'b']);
    expect(read('{"a\\"b":1, "a\\u0022b" : 2}').duplicates).toEqual(['a"b']);
    expect(read(' [ ] ').duplicates).toEqual([]);
  });

  it('are none in what a printer made, however it is laid out', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        expect(read(JSON.stringify(value, null, indent)).duplicates).toEqual([]);
      }),
    );
  });
});
