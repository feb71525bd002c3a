import { expect, test } from 'vitest';
import { drawRecording } from './recording.ts';
import type { StepRecord } from './run-scenario.ts';

const record = (change: Partial<StepRecord>): StepRecord => ({
  scenario: 'trial',
  title: 'A title',
  typed: 'kubectl get pods',
  lines: [],
  stdout: 'NAME\n',
  stderr: '',
  exitCode: 0,
  expected: [{ what: 'the command succeeds', seen: null }],
  ok: true,
  tookMs: 1,
  ...change,
});
const texts = (svg: string) =>
  [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map((match) => match[1]!.replaceAll('\u00a0', ' '));

test('a step is its title, what was typed, what came back, and what was checked', () => {
  const svg = drawRecording([
    record({
      beside: 'kubectl get pods --watch',
      lines: ['flux resource list'],
      stdout: 'free 4 <b>\n\n',
      stderr: 'Defaulted container "a" out of: a, b\n',
      expected: [
        { what: 'the command succeeds', seen: null },
        { what: '4 free', seen: null },
      ],
    }),
  ]);
  expect(texts(svg)).toEqual([
    'A title',
    '$ kubectl get pods --watch &amp;',
    '$ kubectl get pods',
    '&gt; flux resource list',
    'free 4 &lt;b&gt;',
    '✔ 4 free',
  ]);
});

test('where some steps are meant for a picture the others are left out, but not what failed', () => {
  const failed = { title: 'failed', ok: false, expected: [{ what: 'x', seen: 'y' }] };
  const svg = drawRecording([record({}), record({ title: 'shown', inPicture: true }), record(failed)]);
  expect(texts(svg)).toEqual([
    'shown',
    '$ kubectl get pods',
    'NAME',
    '',
    'failed',
    '$ kubectl get pods',
    'NAME',
    '✘ x: y',
  ]);
});

test('columns stay where they are: no renderer folds the spaces', () => {
  expect(drawRecording([record({ stdout: 'NAME    SIZE\n' })])).toContain('NAME\u00a0\u00a0\u00a0\u00a0SIZE');
});

test('long lines go on in the next, long outputs are cut with a mark', () => {
  const svg = drawRecording([record({ typed: 'x'.repeat(120), stdout: 'line\n'.repeat(40) })]);
  expect(texts(svg).slice(1, 3)).toEqual([`$ ${'x'.repeat(98)}`, `  ${'x'.repeat(22)}`]);
  expect(texts(svg).at(-1)).toBe('…');
});
