import { expect, test } from 'vitest';
import { commandName } from './command-name.ts';

test.each([
  ['/usr/local/bin/ebb', {}, 'ebb'],
  ['/usr/local/bin/kubectl-ebb', {}, 'kubectl ebb'],
  ['/home/ada/ebb/node_modules/.bin/ebb', { npm_execpath: '/usr/bin/npm' }, 'npx ebb'],
  // Somebody has the folder on the PATH.
  ['/home/ada/ebb/node_modules/.bin/ebb', {}, 'ebb'],
  // A global one, started from a script of npm.
  ['/usr/local/bin/ebb', { npm_execpath: '/usr/bin/npm' }, 'ebb'],
])('%s %j is typed as %s', (program, environment, name) => {
  expect(commandName(program, environment)).toBe(name);
});
