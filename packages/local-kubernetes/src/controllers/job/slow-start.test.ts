import { describe, expect, it } from 'vitest';
import { inSlowStart } from './slow-start.ts';

const items = Array.from({ length: 12 }, (_, index) => index);

describe('a slow start', () => {
  it.each<[string, readonly number[], number[], number]>([
    ['does all where nothing fails', [], items, 0],
    ['ends at once when the first fails', [0], [0], 1],
    ['ends with the batch that failed, and says of each what failed', [4, 5], [0, 1, 2, 3, 4, 5, 6], 2],
    ['ends after the last', [11], items, 1],
  ])('%s', async (_name, failing, done, failed) => {
    const seen: number[] = [];
    const failures = await inSlowStart(items, async (item) => {
      seen.push(item);
      if (failing.includes(item)) throw new Error(`no ${item}`);
    });
    expect(seen).toEqual(done);
    expect(failures).toHaveLength(failed);
  });
});
