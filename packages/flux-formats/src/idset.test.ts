import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from './format-error.ts';
import { Idset } from './idset.ts';

const ids = fc.uniqueArray(fc.nat(300), { maxLength: 60 });
const sets = ids.map((each) => Idset.of(each));

describe('idsets', () => {
  it.each([
    ['', ''],
    ['[]', ''],
    ['7', '7'],
    ['[7]', '7'],
    ['0-3,7', '0-3,7'],
    ['[0-3,7]', '0-3,7'],
    ['1,2', '1-2'],
    ['1,,2', '1-2'],
    ['1-2,3', '1-3'],
    ['0-4294967294', '0-4294967294'],
  ])('%s is %s', (text, printed) => {
    expect(Idset.parse(text).toString()).toBe(printed);
  });

  it.each([
    ['3-1', 0],
    ['1,1', 2],
    ['5,2', 2],
    ['1-3,2-4', 4],
    ['2-2', 0],
    ['01', 0],
    ['1-01', 0],
    ['1-', 0],
    ['a', 0],
    ['[1', 2],
    ['1]', 2],
    ['-1', 0],
    ['1, 2', 2],
    ['4294967295', 0],
    ['99999999999999999999', 0],
  ])('%s is none: it goes wrong at %i', (text, position) => {
    expect(() => Idset.parse(text)).toThrow(FormatError);
    try {
      Idset.parse(text);
    } catch (error) {
      expect(error).toMatchObject({ format: 'idset', input: text, position });
    }
  });

  it('print with brackets around more than one id', () => {
    expect(Idset.parse('7').toBracketString()).toBe('7');
    expect(Idset.parse('1-3').toBracketString()).toBe('[1-3]');
    expect(Idset.empty.toBracketString()).toBe('');
  });

  it('are what they print', () => {
    fc.assert(
      fc.property(sets, (set) => {
        expect(Idset.parse(set.toString()).equals(set)).toBe(true);
        expect(Idset.parse(set.toBracketString()).toString()).toBe(set.toString());
      }),
    );
  });

  it('are sets', () => {
    fc.assert(
      fc.property(ids, ids, fc.nat(300), (a, b, id) => {
        const [x, y] = [Idset.of(a), Idset.of(b)];
        const sorted = (list: number[]) => list.toSorted((p, q) => p - q);
        expect([...x]).toEqual(sorted(a));
        expect(x.size).toBe(a.length);
        expect([x.first(), x.last()]).toEqual([sorted(a)[0], sorted(a).at(-1)]);
        expect([...x.union(y)]).toEqual(sorted([...new Set([...a, ...b])]));
        expect([...x.intersect(y)]).toEqual(sorted(a.filter((each) => b.includes(each))));
        expect([...x.subtract(y)]).toEqual(sorted(a.filter((each) => !b.includes(each))));
        expect(x.has(id)).toBe(a.includes(id));
        expect(x.with(id).has(id)).toBe(true);
        expect(x.without(id).has(id)).toBe(false);
        expect(x.with(id).without(id).equals(x.without(id))).toBe(true);
      }),
    );
  });

  it('of many ids cost what their ranges cost', () => {
    const all = Idset.parse('0-4294967294');
    expect(all.size).toBe(4294967295);
    expect(all.subtract(Idset.of([5])).toString()).toBe('0-4,6-4294967294');
  });

  it('refuse what is no id', () => {
    for (const id of [-1, 0.5, Number.NaN, 2 ** 32]) expect(() => Idset.of([id])).toThrow(RangeError);
  });
});
