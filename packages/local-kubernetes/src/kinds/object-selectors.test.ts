import { describe, expect, it } from 'vitest';
import { matchesLabelSelector, matchesNodeSelectorTerms } from './object-selectors.ts';

const named = (operator: string, key = 'constructor') => ({ matchExpressions: [{ key, operator, values: ['a'] }] });

describe('names that every object of JavaScript has', () => {
  it('are labels only where they are given', () => {
    expect(matchesLabelSelector(named('Exists'), {})).toBe(false);
    expect(matchesLabelSelector(named('DoesNotExist'), {})).toBe(true);
    expect(matchesLabelSelector(named('NotIn', 'toString'), {})).toBe(true);
    expect(matchesLabelSelector(named('Exists'), { constructor: 'a' } as never)).toBe(true);
    expect(matchesLabelSelector({ matchLabels: { valueOf: 'a' } as never }, {})).toBe(false);
  });

  it('are labels of nodes only where they are given', () => {
    const node = (labels?: object) => ({ metadata: { name: 'a', labels } }) as never;
    expect(matchesNodeSelectorTerms([named('Exists')], node({}))).toBe(false);
    expect(matchesNodeSelectorTerms([named('Exists')], node())).toBe(false);
    expect(matchesNodeSelectorTerms([named('In')], node({ constructor: 'a' }))).toBe(true);
  });
});
