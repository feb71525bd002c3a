import { expect, it } from 'vitest';
import { Warnings } from './warnings.ts';

const headers = (...texts: string[]) => {
  const warnings = new Warnings();
  for (const text of texts) warnings.add(text);
  return warnings.headers();
};

it('tells each warning once, and none that no header may have', () => {
  expect(headers('a "b"', 'c', 'a "b"', '', 'd\ne')).toEqual(['299 - "a \\"b\\""', '299 - "c"']);
});

it('tells as many as there are while they are short together', () => {
  const texts = Array.from({ length: 70 }, (_, index) => `warning ${index}`);
  expect(headers(...texts)).toHaveLength(70);
});

it('cuts them once they are too long together, and leaves out what is beyond', () => {
  const long = (index: number) => `${String(index).padStart(2, '0')}${'ä'.repeat(998)}`;
  expect(headers(long(0), long(1))[1]).toHaveLength('299 - ""'.length + 2 + 2 * 998);
  const cut = headers(...Array.from({ length: 30 }, (_, index) => long(index)));
  expect(cut).toHaveLength(16);
  expect(cut[0]).toHaveLength('299 - ""'.length + 2 + 2 * 254);
});
