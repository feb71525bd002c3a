import { JobState } from '@ebb/flux-client';
import { describe, expect, it } from 'vitest';
import { type TopView, topLines } from './screen.ts';

const view: TopView = {
  title: 'ƒ1/ƒ2',
  nodes: { total: 4, down: 1, used: 2 },
  cores: { total: 8, down: 0, used: 4 },
  gpus: { total: 0, down: 0, used: 0 },
  pending: 3,
  running: 1,
  inactive: 2,
  complete: 1,
  failed: 1,
  showDetails: true,
  size: 4,
  level: 1,
  version: '0.88.0',
  startTime: 1000,
  expiration: 0,
  heart: true,
  jobs: [{ id: 1n, userid: 4_000_000_000, state: JobState.Run, t_run: 1060, ntasks: 2, nnodes: 1, name: 'sleep' }],
  current: undefined,
  showQueue: false,
  color: false,
};

const plain = (lines: readonly string[]) => lines.map((line) => line.replaceAll(/\x1b\[[\d;]*m/g, '').trimEnd());

describe('the screen of top', () => {
  it('shows counts, graphs and jobs', () => {
    const lines = plain(topLines(view, 1120, 80, 24));
    expect(lines[0]).toMatch(/^ƒ {20,}ƒ1\/ƒ2 +∞$/);
    expect(lines[1]).toBe('    nodes [||||||||||||      ||||||2/4]                         3 pending');
    expect(lines[3]).toBe('     gpus [                        0/0]        1 complete,      1 failed     ♡');
    expect(lines[5]).toMatch(/^ size: 4 +depth: 1 +uptime: 2m +0\.88\.0$/);
    expect(lines[6]).toBe('       JOBID     USER ST NTASKS NNODES RUNTIME NAME');
    expect(lines[7]).toBe('          ƒ2 40000000  R      2      1      1m sleep');
  });

  it('shows the queue, the job that is chosen and the time left, and no more rows than there are', () => {
    const more = { ...view, showQueue: true, current: 1n, expiration: 1180, showDetails: false };
    const lines = topLines(more, 1120, 80, 8);
    expect(lines).toHaveLength(8);
    expect(plain(lines)[0]).toMatch(/1m⌚$/);
    expect(plain(lines)[3]).toContain('2 inactive');
    expect(lines[7]).toMatch(/^\x1b\[7m/);
    const none = topLines({ ...view, jobs: [], showQueue: true, queue: 'batch' }, 1120, 80, 24);
    expect(plain(none)[11]).toContain('No jobs to display in queue batch');
  });
});
