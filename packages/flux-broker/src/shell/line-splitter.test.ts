import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.ts';

const chunks = fc.array(fc.stringMatching(/^[ab\n]{0,8}$/));

describe('LineSplitter', () => {
  it('gives whole lines, whatever the pieces in which they come', () => {
    fc.assert(
      fc.property(chunks, (pieces) => {
        const splitter = new LineSplitter();
        const lines = pieces.flatMap((piece) => splitter.push(Buffer.from(piece))).map(String);
        for (const line of lines) expect(line).toMatch(/^[ab]*\n$/);
        expect(lines.join('') + splitter.end()).toBe(pieces.join(''));
      }),
    );
  });

  it('keeps nothing back when it is not to wait for the end of a line', () => {
    fc.assert(
      fc.property(chunks, (pieces) => {
        const splitter = new LineSplitter(true);
        for (const piece of pieces) expect(splitter.push(Buffer.from(piece)).join('')).toBe(piece);
        expect(splitter.end().length).toBe(0);
      }),
    );
  });

  it('passes on a line that is too long to wait for', () => {
    const splitter = new LineSplitter();
    expect(splitter.push(Buffer.alloc(5 * 1024 * 1024, 'x')).length).toBe(1);
  });
});
