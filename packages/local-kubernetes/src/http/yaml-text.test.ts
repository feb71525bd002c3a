import { describe, expect, it } from 'vitest';
import { readYaml } from './yaml-text.ts';

describe('a YAML text', () => {
  it('is that of 1.1, in which times are texts', () => {
    expect(readYaml('a: yes\nb: 0644\nc: 2026-01-01T00:00:00Z\n').value).toEqual({
      a: true,
      b: 0o644,
      c: '2026-01-01T00:00:00Z',
    });
  });

  it('ends with its first document', () => {
    expect(readYaml('a: 1\n---\nb: [\n').value).toEqual({ a: 1 });
  });

  // The answers of kube-apiserver 1.35.4.
  it.each([
    ['a: 1\nb: 2\na: 3\n', { a: 3, b: 2 }, ['line 3: key "a" already set in map']],
    ['{"a": {"b": 1, "b": 2}}', { a: { b: 2 } }, ['line 1: key "b" already set in map']],
    [
      '- a: 1\n  a:\n    b: 1\n    b: 2\n',
      [{ a: { b: 2 } }],
      ['line 4: key "b" already set in map', 'line 3: key "a" already set in map'],
    ],
    ['true: 1\nyes: 2\n"true": 3\n', { true: 3 }, ['line 2: key true already set in map']],
    ['a: 1\nb: 1\n', { a: 1, b: 1 }, []],
  ])('takes the last of keys that stand twice, and tells: %j', (text, value, twice) => {
    const read = readYaml(text);
    expect(read.value).toEqual(value);
    expect(read.twice).toEqual(twice);
  });

  it.each(['a: [\n', 'a: *x\n', 'a:\n\tb: c\n'])('is refused where it is none: %j', (text) => {
    expect(() => readYaml(text)).toThrow();
  });
});
