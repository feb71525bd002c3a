import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duplicateMembers } from './json-text.ts';

describe('duplicateMembers', () => {
  it('finds members that stand twice, by path', () => {
    expect(duplicateMembers('{"a":1,"a":2,"b":{"c":[{"d":1,"d":{}},{"d":1}]},"b":3}')).toEqual(['a', 'b.c[0].d', 'b']);
    expect(duplicateMembers('{"a\\"b":1, "a\\u0022b" : 2}')).toEqual(['a"b']);
    expect(duplicateMembers(' [ ] ')).toEqual([]);
  });

  it('finds none in what a printer made, however it is laid out', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        expect(duplicateMembers(JSON.stringify(value, null, indent))).toEqual([]);
      }),
    );
  });
});
