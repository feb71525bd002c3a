import { describe, expect, it } from 'vitest';
import { pullPolicyOf } from './image-reference.ts';

const hash = 'a'.repeat(64);

describe('an image', () => {
  it.each([
    'a',
    'a/b',
    'a:latest',
    'localhost/a',
    'x.y/a',
    'X/a',
    'x:5000/a',
    '[::1]:5000/a',
    'a--b__c.d',
    `a:latest@sha256:${hash}`,
  ])('%s is always pulled', (image) => expect(pullPolicyOf(image)).toBe('Always'));

  it.each(['a:1', `a@sha256:${hash}`, 'x:5000/a:1'])('%s is pulled where it is not there', (image) =>
    expect(pullPolicyOf(image)).toBe('IfNotPresent'),
  );

  it.each([
    '',
    '/',
    'A',
    'a/B',
    'a/..b',
    '../b',
    'a/./b',
    'a//b',
    'a/.b',
    'a..b',
    'a/',
    '/a',
    ' a',
    'a:',
    'a:b:c',
    hash,
  ])('that is none, "%s", is as well', (image) => expect(pullPolicyOf(image)).toBe('IfNotPresent'));
});
