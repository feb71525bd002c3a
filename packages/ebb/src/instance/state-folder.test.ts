import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeStateFolder, stateFolder } from './state-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'ebb-state-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  [{ HOME: '/home/ada' }, '/home/ada/.local/state/ebb/ebb'],
  [{ HOME: '/home/ada', XDG_STATE_HOME: '/var/ada' }, '/var/ada/ebb/ebb'],
  [{ HOME: '/home/ada', XDG_STATE_HOME: '/var/ada', EBB_HOME: '/srv/ebb' }, '/srv/ebb/ebb'],
])('%j puts the default instance at %s', (environment, path) => {
  expect(stateFolder(undefined, environment).path).toBe(path);
});

test.each(['', 'Ebb', '../up', 'a/b', '-a', 'a'.repeat(41)])('refuses the name %j', (name) => {
  expect(() => stateFolder(name)).toThrow('lower-case letters');
});

test('the folder is made for its owner alone, with all above it', () => {
  const made = stateFolder('one', { EBB_HOME: join(folder, 'a', 'b') });
  makeStateFolder(made);
  makeStateFolder(made);
  expect(statSync(made.path).mode & 0o777).toBe(0o700);
});

test.each([
  ['a file', () => writeFileSync(join(folder, 'file'), ''), join(folder, 'file')],
  // Where making a folder fails as if the one above it were missing.
  ['a file system without new folders', () => {}, '/proc/nowhere'],
])('in %s it cannot be made', (_, prepare, home) => {
  prepare();
  expect(() => makeStateFolder(stateFolder('one', { EBB_HOME: home }))).toThrow(
    `the state folder ${home}/one cannot be written: set EBB_HOME to a folder of yours`,
  );
});
