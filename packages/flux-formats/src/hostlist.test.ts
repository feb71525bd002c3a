import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from './format-error.ts';
import { parseHostlist, printHostlist } from './hostlist.ts';

describe('hostlists', () => {
  it.each([
    ['', ''],
    ['foo1,foo2,foo3', 'foo[1-3]'],
    ['foo1,foo3', 'foo[1,3]'],
    ['foo9,foo10', 'foo[9-10]'],
    ['foo09,foo10', 'foo[09-10]'],
    ['foo009,foo10', 'foo[009,10]'],
    ['foo[1,1,2,1]', 'foo[1,1-2,1]'],
    ['foo[5,4,11-13]', 'foo[5,4,11-13]'],
    ['[00-2]', '[00-02]'],
    ['0,1,2', '[0-2]'],
    ['foo1,bar,foo2', 'foo1,bar,foo2'],
    ['a[1-2]b[3-4]', 'a1b[3-4],a2b[3-4]'],
    ['foo[0-1]-eth2', 'foo0-eth2,foo1-eth2'],
    ['foo[1-]', 'foo1'],
    [' a1  a2,,a3\n', 'a[1-3]'],
    ['foo[98-101]', 'foo[98-101]'],
  ])('%j prints as %s', (text, printed) => {
    expect(printHostlist(parseHostlist(text))).toBe(printed);
  });

  it.each([
    ['foo[3-1]', 4],
    ['foo[', 0],
    ['foo]', 3],
    ['foo[1,x]', 6],
    ['foo[[1]]', 4],
    ['foo[]', 4],
    ['foo[1-9999999]', undefined],
    ['foo[12345678901234567890-12345678901234567899]', 4],
  ])('%s is none', (text, position) => {
    expect(() => parseHostlist(text)).toThrow(FormatError);
    try {
      parseHostlist(text);
    } catch (error) {
      expect(error).toMatchObject({ format: 'hostlist', position });
    }
  });

  it('keeps names whose numbers are longer than numbers can be', () => {
    const hosts = ['n12345678901234567890', 'n12345678901234567891'];
    expect(parseHostlist(printHostlist(hosts))).toEqual(hosts);
  });

  it('gives back the hosts in their order', () => {
    const host = fc.stringMatching(/^[a-z]{1,3}(-?[0-9]{1,4}){0,3}$/);
    fc.assert(
      fc.property(fc.array(host, { maxLength: 40 }), (hosts) => {
        const printed = printHostlist(hosts);
        expect(parseHostlist(printed)).toEqual(hosts);
        expect(printHostlist(parseHostlist(printed))).toBe(printed);
      }),
      { numRuns: 500 },
    );
  });
});
