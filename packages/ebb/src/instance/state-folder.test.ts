import { expect, test } from 'vitest';
import { stateFolder } from './state-folder.ts';

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
