import { expect, test } from 'vitest';
import { terminalProgress } from './progress.ts';

function recorded(isTTY: boolean) {
  const written: string[] = [];
  let clock = 0;
  const progress = terminalProgress({ isTTY, write: (text) => written.push(text) }, () => (clock += 500));
  return { progress, text: () => written.join('') };
}

test('without a terminal a stage prints exactly one line, when it ends', () => {
  const { progress, text } = recorded(false);
  const stage = progress.stage('Kubernetes');
  stage.waitingFor('the API server');
  stage.done('on https://127.0.0.1:6443');
  expect(text().replaceAll(/\u001b\[\d+m/g, '')).toBe('  ✔ Kubernetes on https://127.0.0.1:6443 0.5 s\n');
});

test('what a stage waits for is cut to the width of the terminal, so that its line can be replaced', () => {
  const written: string[] = [];
  const progress = terminalProgress({ isTTY: true, columns: 40, write: (text) => written.push(text) }, () => 0);
  progress.stage('MiniCluster').waitingFor('pod flux-sample-0-v2jzt: container flux-view ended with status 128');
  const line = written.at(-1)!.replaceAll(/\u001b\[[\d;]*[mK]|\r/g, '');
  expect(line.length).toBeLessThan(40);
  expect(line).toMatch(/^ {2}… MiniCluster \(pod flux-sample-0.*…$/);
});

test('on a terminal the line is replaced by what the stage waits for, then by its end', () => {
  const { progress, text } = recorded(true);
  const stage = progress.stage('Flux');
  stage.waitingFor('4 brokers');
  stage.failed('no answer');
  const lines = text().split('\r\u001b[2K');
  expect(lines.at(-2)).toContain('4 brokers');
  expect(lines.at(-1)).toMatch(/Flux: no answer\n$/);
});
