import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fluxProgram, layFluxView, quote } from './flux-view.ts';

const folder = mkdtempSync(join(tmpdir(), 'ebb view '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(['plain', '/a/b.js', 'two words', "it's", '$HOME `x` "y"', ''])('%j is one word to a shell', (word) => {
  expect(execFileSync('sh', ['-c', `printf %s ${quote(word)}`], { encoding: 'utf8' })).toBe(word);
});

test('the view is a copy whose command runs, also where the path has a space, and replaces the one before', () => {
  const view = join(folder, 'view');
  mkdirSync(view);
  writeFileSync(join(view, 'old'), '');
  layFluxView(view);
  expect(execFileSync('ls', [view], { encoding: 'utf8' }).trim().split('\n')).toEqual(['bin', 'flux-cli']);
  const said = execFileSync(join(view, 'bin', 'flux'), ['hostlist', '-c', 'a[0-3]'], { encoding: 'utf8' });
  expect(said.trim()).toBe('4');
  expect(fluxProgram()).not.toContain(folder);
});
