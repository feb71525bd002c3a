// A pod whose image is a folder: it has the programs of that folder and no others.

import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentCluster, canRunPods } from './agent-process.fixture.ts';

const timeout = 30_000;
const programs = ['sh', 'env', 'id', 'sleep', 'ls', 'cat'];

/** Programs of this machine and the libraries that they need, as a root of their own. */
function makeImage(folder: string): void {
  for (const program of programs) {
    const path = realpathSync(execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim());
    const libraries = execFileSync('ldd', [path], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
    for (const [source, target] of [[path, `/bin/${program}`], ...libraries.map((each) => [each, each])] as const) {
      const place = join(folder, target!);
      mkdirSync(dirname(place), { recursive: true });
      if (!existsSync(place)) copyFileSync(realpathSync(source!), place);
    }
  }
  mkdirSync(join(folder, 'srv', 'work'), { recursive: true });
  writeFileSync(join(folder, 'srv', 'work', 'mark'), 'of the image\n');
  symlinkSync('srv/work', join(folder, 'work'));
}

describe.skipIf(!canRunPods)('a pod whose image is a folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'image-root-'));
  let cluster: AgentCluster;
  beforeAll(async () => {
    makeImage(folder);
    cluster = await AgentCluster.start({}, [{ image: 'small', root: folder, workingDir: '/srv' }]);
  });
  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const running = async (name: string) => {
    await expect.poll(async () => (await cluster.pod(name))?.status?.phase, { timeout }).toBe('Running');
  };

  it('runs in it, where it is told to, as whom it is told to, and writes to none of it', async () => {
    const script = 'pwd; id -u; id -G; ls /; cat work/mark; echo mine > work/mark; sleep 1000';
    const securityContext = { runAsUser: 0, runAsGroup: 7 };
    const command = ['/bin/sh', '-c', script];
    await cluster.createPod('folder', '', {
      pod: { securityContext: { supplementalGroups: [44] } },
      container: { image: 'small', command, securityContext, workingDir: '/' },
    });
    await cluster.createPod('elsewhere', '', {
      container: { image: 'small', command: ['/bin/sh', '-c', 'pwd; exec sleep 1000'] },
    });
    for (const name of ['folder', 'elsewhere']) await running(name);
    await expect.poll(() => cluster.log('elsewhere'), { timeout }).toEqual(['/srv']);
    await expect.poll(() => cluster.log('folder'), { timeout }).toContain('of the image');
    const lines = await cluster.log('folder');
    expect(lines.slice(0, 3)).toEqual(['/', '0', '7 44']);
    expect(lines).not.toContain('home');
    expect(execFileSync('cat', [join(folder, 'srv', 'work', 'mark')], { encoding: 'utf8' })).toBe('of the image\n');
  });

  it('is well by a probe that runs in it, without programs of this machine', async () => {
    const readinessProbe = {
      exec: { command: ['/bin/sh', '-c', '[ "$(pwd)" = /srv ] && ! [ -e /usr/bin/setpriv ]'] },
      periodSeconds: 1,
    };
    await cluster.createPod('asked', '', {
      container: { image: 'small', command: ['/bin/sleep', '1000'], readinessProbe },
    });
    const isReady = async () => (await cluster.pod('asked'))?.status?.containerStatuses?.[0]?.ready;
    await expect.poll(isReady, { timeout }).toBe(true);
  });
});
