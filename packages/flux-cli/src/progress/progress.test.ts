import { expect, it } from 'vitest';
import { CompletionProgress, SubmissionProgress } from './job-progress.ts';
import { printElapsed, progressLine } from './progress-line.ts';
import { withoutCursorCodes } from './status-bar.ts';

const screen = () => {
  const written: string[] = [];
  return { columns: 60, rows: 10, write: (text: string) => written.push(text), written };
};

it.each([
  [0, '          '],
  [0.5, '█████     '],
  [0.51, '█████     '],
  [0.54, '█████▍    '],
  [1, '██████████'],
])('draws %d of a bar', (fraction, bar) => {
  expect(progressLine({ before: 'a ', after: ' b', fraction }, 16)).toBe(`a │${bar}│ b`);
});

it('writes times as Python does', () => {
  expect([0, 65.4, 3600, 90_000, 180_000].map(printElapsed)).toEqual([
    '0:00:00',
    '0:01:05',
    '1:00:00',
    '1 day, 1:00:00',
    '2 days, 2:00:00',
  ]);
});

it('counts jobs by state, and those that are through', () => {
  let time = 0;
  const progress = new CompletionProgress(screen(), { jobsPerSecond: false, now: () => time });
  const event = (name: string, context = {}) => ({ timestamp: 0, name, context });
  for (const id of [1n, 2n, 3n, 4n]) progress.add(id);
  progress.take(1n, event('alloc'));
  progress.take(1n, event('finish', { status: 0 }));
  progress.take(2n, event('alloc'));
  progress.take(2n, event('exception', { severity: 0 }));
  progress.take(3n, event('exception', { severity: 0 }));
  progress.take(1n, undefined);
  progress.take(1n, undefined);
  time = 2000;
  expect(progress.line(60)).toMatch(/^PD:1 {3}R:1 {3}CD:1 {3}F:1 {3}│█+.? +│ 25\.0% 0:00:02$/);
});

it('keeps its line at the bottom, and leaves it when it stops', () => {
  const terminal = screen();
  let time = 0;
  const progress = new SubmissionProgress(terminal, 2, { jobsPerSecond: true, now: () => time });
  progress.start();
  expect(terminal.written.join('')).toContain('\u001b[1;9r');
  expect(terminal.written.join('')).toContain('\u001b[10;1H\u001b[2K\u001b[?7l\u001b[0mSubmitting 2 jobs: │');
  time = 1000;
  progress.submitted();
  progress.submitted();
  progress.stop();
  expect(terminal.written.at(-1)).toMatch(/\u001b\[r\u001b8Submitting 2 jobs: │█+│100\.0% {2}2\.0 job\/s\n$/);
});

it('takes what moves the cursor out of output, not colors', () => {
  expect(withoutCursorCodes('\u001b[31mred\u001b[0m\u001b[2J\u001b[?25l\u001b7x')).toBe('\u001b[31mred\u001b[0mx');
});
