import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatusError } from '../client/status-error.ts';
import { matchesFields, matchesLabels, parseFieldSelector, parseLabelSelector } from './selectors.ts';

describe('label selectors', () => {
  it.each([
    ['a=b', { a: 'b' }, true],
    ['a==b,c!=d', { a: 'b' }, true],
    ['a!=b', { a: 'b' }, false],
    ['a in (b, c)', { a: 'c' }, true],
    ['a in (b,)', { a: '' }, true],
    ['a notin (b)', {}, true],
    ['a', { a: '' }, true],
    ['!a', { a: '' }, false],
    ['a>3', { a: '5' }, true],
    ['a<3', { a: '5' }, false],
    ['example.com/a=b', { 'example.com/a': 'b' }, true],
    ['a=', { a: '' }, true],
    ['', {}, true],
  ])('%s', (text, labels, expected) => {
    expect(matchesLabels(parseLabelSelector(text), labels)).toBe(expected);
  });

  it.each(['a b', 'a in (b', 'a=b,', '-a=b', 'a=-b', 'a>b', '(', '=', 'a in b', 'a==b==c'])('refuses %s', (text) => {
    expect(() => parseLabelSelector(text)).toThrow(StatusError);
  });

  it('answers any text with requirements or a refusal', () => {
    const piece = fc.constantFrom(
      'a',
      'in',
      'notin',
      '(',
      ')',
      ',',
      '=',
      '==',
      '!=',
      '!',
      '>',
      '<',
      ' ',
      '1',
      'x/y',
      '-',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          matchesLabels(parseLabelSelector(pieces.join('')), { a: '1' });
        } catch (error) {
          expect(error).toBeInstanceOf(StatusError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('field selectors', () => {
  it('compares texts, and lets a backslash escape', () => {
    const of = (field: string) => ({ 'metadata.name': 'a,b', x: '1' })[field] ?? '';
    expect(matchesFields(parseFieldSelector('metadata.name=a\\,b,x==1,y!=2'), of)).toBe(true);
    expect(matchesFields(parseFieldSelector('x!=1'), of)).toBe(false);
    expect(() => parseFieldSelector('nothing')).toThrow(`invalid selector: 'nothing'; can't understand 'nothing'`);
  });
});
