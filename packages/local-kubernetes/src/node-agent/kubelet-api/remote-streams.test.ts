import { expect, test } from 'vitest';
import { terminalSize } from './remote-streams.ts';

test.each([
  ['{"Width":120,"Height":40}', { columns: 120, rows: 40 }],
  ['{"height":40,"width":120}', { columns: 120, rows: 40 }],
  ['{"Width":0,"Height":40}', undefined],
  ['{"Width":120}', undefined],
  ['{"Width":70000,"Height":40}', undefined],
  ['null', undefined],
  ['[', undefined],
])('%s', (text, size) => {
  expect(terminalSize(text)).toEqual(size);
});
