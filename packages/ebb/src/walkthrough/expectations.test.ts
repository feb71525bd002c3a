import { describe, expect, test } from 'vitest';
import { podsRunning, refused, resourceRows, resources } from './expectations.ts';

const list = `     STATE NNODES NCORES NGPUS NODELIST
      free      3     12     0 flux-sample-[0-2]
 allocated      0      0     0 
      down      1      4     0 flux-sample-3
`;
const output = (stdout: string, exitCode = 0, stderr = '') => ({ stdout, stderr, exitCode });

describe('flux resource list', () => {
  test('is read by state', () => {
    expect(resourceRows(list).get('down')).toEqual({ nodes: 1, nodelist: 'flux-sample-3' });
    expect(resourceRows(list).get('allocated')).toEqual({ nodes: 0, nodelist: '' });
  });

  test('is held against what is expected', () => {
    const memory = new Map<string, string>();
    expect(resources({ free: [3, 'flux-sample-[0-2]'] }).check(output(list), memory)).toBeUndefined();
    expect(resources({ free: [4, 'flux-sample-[0-3]'] }).check(output(list), memory)).toContain('free 3');
    expect(resources({ free: [4, 'x'] }).check(output('', 1, 'no broker'), memory)).toContain('no broker');
  });
});

describe('kubectl get pods', () => {
  const row = (index: number, status = 'Running', ready = '1/1') =>
    `flux-sample-${index}-abcde   ${ready}   ${status}   0   5s\n`;
  const memory = new Map<string, string>();

  test.each([
    ['all there', row(0) + row(1), true],
    ['one too many', row(0) + row(1) + row(2), false],
    ['one not ready', row(0) + row(1, 'Running', '0/1'), false],
    ['one ending', row(0) + row(1, 'Terminating'), false],
    ['an index twice', row(0) + row(0), false],
  ])('%s', (_, text, holds) => {
    expect(podsRunning('flux-sample', 2).check(output(text), memory) === undefined).toBe(holds);
  });
});

test('a refusal needs a failing command and the words', () => {
  const memory = new Map<string, string>();
  expect(refused(/at least 1/).check(output('', 1, 'size: at least 1'), memory)).toBeUndefined();
  expect(refused(/at least 1/).check(output('configured'), memory)).toBe('it was accepted');
  expect(refused(/at least 1/).check(output('', 1, 'no server'), memory)).toBe('no server');
});
