// Programs that are started really, and what they find open.

import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onlyStreams, openedByNativeCode } from './inherited-descriptors.ts';

const isLinux = existsSync('/proc/self/fdinfo');
const module = join(import.meta.dirname, 'inherited-descriptors.ts');
const tsx = import.meta.resolve('tsx');

describe.skipIf(!isLinux)('descriptors that are open to a program', () => {
  it('are closed when it asks, but for its streams', () => {
    const file = openSync('/etc/hostname', 'r');
    const script = `
      const { readlinkSync, readdirSync } = await import('node:fs');
      const { closeInherited } = await import(${JSON.stringify(module)});
      const open = () => readdirSync('/proc/self/fd').filter((each) => {
        try { return readlinkSync('/proc/self/fd/' + each) === '/etc/hostname'; } catch { return false; }
      });
      const before = open();
      closeInherited();
      console.log(JSON.stringify([before, open()]));`;
    const stdio = ['ignore', 'pipe', 'inherit', ...Array.from({ length: 57 }, () => 'ignore'), file] as never[];
    const words = ['--import', tsx, '--input-type=module', '-e', script];
    const { stdout } = spawnSync(process.execPath, words, { stdio, encoding: 'utf8' });
    closeSync(file);
    expect(JSON.parse(stdout)).toEqual([['60'], []]);
  });

  it('are none that native code has opened, as long as they are open', () => {
    const file = openSync('/etc/hostname', 'r');
    const isClosed = openedByNativeCode(file);
    const stdio = onlyStreams(['ignore', 'pipe', 'inherit']) as never[];
    const { stdout } = spawnSync('readlink', [`/proc/self/fd/${file}`], { stdio, encoding: 'utf8' });
    expect(stdout.trim()).toBe('/dev/null');
    isClosed();
    expect(onlyStreams(['ignore', 'pipe', 'inherit'])).toEqual(['ignore', 'pipe', 'inherit']);
    closeSync(file);
  });
});
