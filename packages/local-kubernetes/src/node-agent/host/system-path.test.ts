import { expect, test } from 'vitest';
import { withSystemFolders } from './system-path.ts';

test.each([
  [undefined, '/usr/local/sbin:/usr/sbin:/sbin'],
  ['/usr/local/bin:/usr/bin:/bin', '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin'],
  ['/sbin:/home/ada/bin:/usr/sbin', '/sbin:/home/ada/bin:/usr/sbin:/usr/local/sbin'],
])('%s', (path, whole) => {
  expect(withSystemFolders(path)).toBe(whole);
});
