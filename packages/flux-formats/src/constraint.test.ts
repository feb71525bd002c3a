import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConstraintObject, matchConstraint, parseConstraint } from './constraint.ts';
import { parseConstraintSyntax } from './constraint-syntax.ts';
import { FormatError } from './format-error.ts';

const node = { rank: 0, hostname: 'foo0', properties: new Set(['xx', 'yy']) };

describe('constraints', () => {
  it.each<[ConstraintObject, boolean]>([
    [{}, true],
    [{ and: [] }, true],
    [{ or: [] }, true],
    [{ not: [] }, false],
    [{ properties: [] }, true],
    [{ properties: ['foo0'] }, true],
    [{ properties: ['xx', 'yy'] }, true],
    [{ properties: ['xx', 'zz'] }, false],
    [{ properties: ['^xx'] }, false],
    [{ properties: ['^zz'] }, true],
    [{ and: [{ properties: ['xx'] }, { properties: ['zz'] }] }, false],
    [{ or: [{ properties: ['zz'] }, { properties: ['yy'] }] }, true],
    [{ or: [{ properties: ['zz'] }, { properties: ['aa'] }] }, false],
    [{ not: [{ properties: ['xx'] }, { properties: ['zz'] }] }, true],
    [{ hostlist: ['foo[0-2]'] }, true],
    [{ hostlist: ['foo[1-3]'] }, false],
    [{ ranks: ['0,2', '1'] }, true],
    [{ ranks: ['1-3'] }, false],
  ])('%j on foo0 with xx and yy: %s', (constraint, fits) => {
    expect(matchConstraint(parseConstraint(constraint), node)).toBe(fits);
  });

  it.each<[unknown, string]>([
    [[], 'constraint'],
    [{ foo: [] }, 'constraint'],
    [{ and: [], or: [] }, 'constraint'],
    [{ and: 'foo' }, 'constraint.and'],
    [{ properties: 'foo' }, 'constraint.properties'],
    [{ properties: ['foo', 42] }, 'constraint.properties[1]'],
    [{ or: [{ properties: ['bar&'] }] }, 'constraint.or[0].properties[0]'],
    [{ hostlist: ['foo0-10]'] }, 'constraint.hostlist[0]'],
    [{ ranks: ['5,1-3'] }, 'constraint.ranks[0]'],
  ])('%j is none', (constraint, path) => {
    expect(() => parseConstraint(constraint)).toThrow(expect.objectContaining({ path, format: 'constraint' }));
  });

  it('do not nest without end', () => {
    let constraint: ConstraintObject = {};
    for (let i = 0; i < 10_000; i++) constraint = { not: [constraint] };
    expect(() => parseConstraint(constraint)).toThrow(FormatError);
  });
});

describe('the constraint syntax', () => {
  const t = (...values: string[]) => ({ t: values });
  it.each<[string, ConstraintObject]>([
    ['a', t('a')],
    ['( a )', t('a')],
    ["'a'", t('a')],
    ['a|b', { or: [t('a'), t('b')] }],
    ['a or b || c', { or: [t('a'), t('b'), t('c')] }],
    ['a b c', { and: [t('a'), t('b'), t('c')] }],
    ['a && b and c', { and: [t('a'), t('b'), t('c')] }],
    ['a&b|c', { or: [{ and: [t('a'), t('b')] }, t('c')] }],
    ['a|b c', { or: [t('a'), { and: [t('b'), t('c')] }] }],
    ['(a&(b|-c))', { and: [t('a'), { or: [t('b'), { not: [t('c')] }] }] }],
    ['a or -host:foo', { or: [t('a'), { not: [{ host: ['foo'] }] }] }],
    ['not (a b)', { not: [{ and: [t('a'), t('b')] }] }],
    ['not a b', { and: [{ not: [t('a')] }, t('b')] }],
    ['a or time:11:00am', { or: [t('a'), { time: ['11:00am'] }] }],
    ["a or test:'a quoted string'", { or: [t('a'), { test: ['a quoted string'] }] }],
    ["a or name:'/foo|(bar)|baz.*/'", { or: [t('a'), { name: ['/foo|(bar)|baz.*/'] }] }],
    ['android', t('android')],
    ['note or order', { or: [t('note'), t('order')] }],
  ])('%s', (text, constraint) => {
    expect(parseConstraintSyntax(text, { defaultOperator: 't' })).toEqual(constraint);
  });

  it.each<[string, number | undefined]>([
    ['a|', 2],
    ["a:' ", 2],
    ['(a', 0],
    ['(a))', 3],
    ['-(a|b)', 0],
    ['4g,host:foo', 0],
    ['foo and a:', 8],
    ['', 0],
    ['|a', 0],
  ])('%s is none: it goes wrong at %i', (text, position) => {
    expect(() => parseConstraintSyntax(text, { defaultOperator: 't' })).toThrow(
      expect.objectContaining({ format: 'constraint', position }),
    );
  });

  it('splits, names and joins what --requires asks for', () => {
    expect(parseConstraintSyntax('xx,yy and zz host:foo[0-1]')).toEqual({
      and: [{ properties: ['xx', 'yy', 'zz'] }, { hostlist: ['foo[0-1]'] }],
    });
    expect(parseConstraintSyntax('not (xx and yy)')).toEqual({ not: [{ properties: ['xx', 'yy'] }] });
    expect(parseConstraintSyntax('xx|yy')).toEqual({ or: [{ properties: ['xx'] }, { properties: ['yy'] }] });
    expect(parseConstraintSyntax('rank:0-3')).toEqual({ ranks: ['0-3'] });
    expect(() => parseConstraintSyntax('a', {})).toThrow(FormatError);
  });

  it('ends on any text with a constraint or a FormatError', () => {
    const piece = fc.constantFrom('a', 'b:c', '(', ')', '|', '&', ' ', 'not ', 'or ', "'", '"', '-', ':', 'and');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          parseConstraintSyntax(pieces.join(''), { defaultOperator: 't' });
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
      { numRuns: 3000 },
    );
    expect(() => parseConstraintSyntax('('.repeat(100_000))).toThrow(FormatError);
    expect(() => parseConstraintSyntax('not '.repeat(100_000))).toThrow(FormatError);
  });
});
