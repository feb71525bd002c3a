import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fluxImages, fluxProgram, layFluxView, quote } from './flux-view.ts';

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

test('the view runs wherever pods have it, whose user may not enter the folder it was laid in', () => {
  const view = layFluxView(join(folder, 'closed'));
  const moved = join(folder, 'in the pod');
  renameSync(view, moved);
  expect(execFileSync(join(moved, 'bin', 'flux'), ['version'], { encoding: 'utf8' })).toContain('commands');
  const modules = readlinkSync(join(moved, 'flux-cli', 'node_modules'));
  const overlays = fluxImages(moved).map((image) => image.overlays?.[modules]);
  expect(overlays.some((path) => path && existsSync(join(path, 'zeromq')) && existsSync(join(path, 'lmdb')))).toBe(
    true,
  );
});
