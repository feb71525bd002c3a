import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressRange, blocksOf, everywhere, includes, rangeOf, united, without } from './address-ranges.ts';

const blocks = (...texts: string[]) => united(texts.map(rangeOf)).flatMap(blocksOf);

describe('ranges of addresses', () => {
  it.each([
    [['10.0.0.7/8'], ['10.0.0.0/8']],
    [['10.64.0.2/32', '10.64.0.3/32'], ['10.64.0.2/31']],
    [['10.0.0.0/25', '10.0.0.128/25', '10.0.0.5/32'], ['10.0.0.0/24']],
    [['0.0.0.0/0'], ['0.0.0.0/0']],
    [['2001:db8::1/64'], ['2001:db8:0:0:0:0:0:0/64']],
    [['::ffff:1.2.3.4/128'], ['0:0:0:0:0:ffff:102:304/128']],
    [
      ['::/0', '10.0.0.0/8'],
      ['10.0.0.0/8', '0:0:0:0:0:0:0:0/0'],
    ],
  ])('%j is %j', (given, made) => {
    expect(blocks(...given)).toEqual(made);
  });

  it('of a block without others has holes', () => {
    const left = without([rangeOf('10.0.0.0/30')], [rangeOf('10.0.0.1/32'), rangeOf('10.1.0.0/16'), rangeOf('::/0')]);
    expect(left.flatMap(blocksOf)).toEqual(['10.0.0.0/32', '10.0.0.2/31']);
    expect(without([rangeOf('10.0.0.0/30')], [rangeOf('10.0.0.0/29')])).toEqual([]);
  });

  it('of an address of a link count the number alone', () => {
    expect(addressRange('fe80::1%eth0')).toEqual(addressRange('fe80:0::1'));
  });

  it('refuse what is no block', () => {
    for (const text of ['10.0.0.0', '10.0.0.0/33', '10.0.0/8', '::/129', '10.0.0.0/x', ''])
      expect(() => rangeOf(text)).toThrow();
  });

  it('hold, in as few blocks as there are, just the addresses that were put in', () => {
    const address = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.nat(40).map((last) => `10.0.0.${last}`),
    );
    const block = fc
      .tuple(address, fc.nat(128))
      .map(([each, prefix]) => `${each}/${each.includes(':') ? prefix : prefix % 33}`);
    fc.assert(
      fc.property(
        fc.array(block, { maxLength: 8 }),
        fc.array(block, { maxLength: 4 }),
        address,
        (put, taken, asked) => {
          const left = without(united(put.map(rangeOf)), taken.map(rangeOf));
          const isIn = (all: readonly string[]) => all.some((each) => includes([rangeOf(each)], asked));
          expect(includes(left, asked)).toBe(isIn(put) && !isIn(taken));
          const written = united(left).flatMap(blocksOf);
          expect(isIn(written)).toBe(includes(left, asked));
          expect(united(written.map(rangeOf))).toEqual(united(left));
        },
      ),
    );
  });

  it('everywhere is everywhere', () => {
    fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => includes(everywhere, address)));
    expect(includes(everywhere, 'localhost')).toBe(false);
  });
});
