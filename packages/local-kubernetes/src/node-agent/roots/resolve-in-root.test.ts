import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { resolveInRoot } from './resolve-in-root.ts';

const root = mkdtempSync(join(tmpdir(), 'ebb-root-'));
mkdirSync(join(root, 'run/deep'), { recursive: true });
mkdirSync(join(root, 'var'));
symlinkSync('/run', join(root, 'var/run'));
symlinkSync('../run/deep', join(root, 'var/near'));
symlinkSync('../../../../run', join(root, 'var/above'));
symlinkSync('loop', join(root, 'loop'));
afterAll(() => rmSync(root, { recursive: true }));

it.each([
  ['/plain/path', '/plain/path'],
  ['/var/run/secrets/x', '/run/secrets/x'],
  ['/var/near/x', '/run/deep/x'],
  ['/var/above', '/run'],
  ['/var/run/../etc', '/etc'],
  ['/', '/'],
  ['/var/run/', '/run'],
])('%s lies at %s', (path, place) => {
  expect(resolveInRoot(root, path)).toBe(place);
});

it('goes in no circle', () => {
  expect(() => resolveInRoot(root, '/loop/x')).toThrow('too many levels of symbolic links');
});
