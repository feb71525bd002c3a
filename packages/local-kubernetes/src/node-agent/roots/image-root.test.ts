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
import { AgentCluster, canRunPods } from '../agent-process.fixture.ts';

const timeout = 30_000;
const programs = ['sh', 'env', 'id', 'sleep', 'ls', 'cat'];
/** Of an image that is made for one program alone: no shell, no env(1). */
const fewPrograms = ['cat', 'id', 'sleep'];

/** Programs of this machine and the libraries that they need, as a root of their own. */
function makeImage(folder: string, programs: readonly string[]): void {
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
  const bare = mkdtempSync(join(tmpdir(), 'image-root-bare-'));
  let cluster: AgentCluster;
  beforeAll(async () => {
    makeImage(folder, programs);
    makeImage(bare, fewPrograms);
    mkdirSync(join(bare, 'etc'));
    writeFileSync(join(bare, 'etc', 'passwd'), 'root:x:0:0::/root:\nsam:x:4000:5000::/home/sam:\n');
    writeFileSync(join(bare, 'etc', 'group'), 'crew:x:6000:\n');
    cluster = await AgentCluster.start({}, [
      { image: 'small', root: folder, workingDir: '/srv' },
      { image: 'bare', root: bare, env: { PATH: '/bin' } },
      { image: 'of-sam', root: bare, env: { PATH: '/bin' }, user: 'sam:crew', command: ['id'] },
      { image: 'of-none', root: bare, user: 'tom' },
    ]);
  });
  afterAll(async () => {
    await cluster?.stop();
    for (const each of [folder, bare]) rmSync(each, { recursive: true, force: true });
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

  it('runs the one program of an image without a shell, with no rights at all where none are left to it', async () => {
    const securityContext = {
      runAsUser: 65532,
      runAsGroup: 65532,
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    };
    const command = ['cat', '/proc/self/status'];
    await cluster.createPod('bare', '', { container: { image: 'bare', command, securityContext } });
    await cluster.createPod('bare-root', '', {
      container: { image: 'bare', command, securityContext: { capabilities: { drop: ['ALL'] } } },
    });
    const readinessProbe = { exec: { command: ['id', '-u'] }, periodSeconds: 1 };
    await cluster.createPod('bare-asked', '', {
      container: { image: 'bare', command: ['sleep', '1000'], securityContext, readinessProbe },
    });
    const status = async (name: string) => {
      await expect.poll(() => cluster.log(name), { timeout }).toContainEqual(expect.stringMatching(/^CapBnd:/));
      const lines = (await cluster.log(name)).map((line) => line.split(/:\s+/, 2));
      return Object.fromEntries(lines) as Record<string, string>;
    };
    const none = '0000000000000000';
    expect(await status('bare')).toMatchObject({
      Uid: Array(4).fill('65532').join('\t'),
      CapPrm: none,
      CapEff: none,
      CapBnd: none,
      CapAmb: none,
      NoNewPrivs: '1',
    });
    // Who is root in a folder keeps what brought it there.
    expect(await status('bare-root')).toMatchObject({ Uid: Array(4).fill('0').join('\t'), CapEff: '0000000000040000' });
    const isReady = async () => (await cluster.pod('bare-asked'))?.status?.containerStatuses?.[0]?.ready;
    await expect.poll(isReady, { timeout }).toBe(true);
  });

  it('is whom the image names where the pod says nothing, and refuses whom neither knows', async () => {
    await cluster.createPod('sam', '', { container: { image: 'of-sam', command: undefined } });
    await expect
      .poll(() => cluster.log('sam'), { timeout })
      .toEqual(['uid=4000(sam) gid=6000(crew) groups=6000(crew)']);
    const why = async (name: string) => {
      const waiting = async () => (await cluster.pod(name))?.status?.containerStatuses?.[0]?.state?.waiting;
      await expect.poll(waiting, { timeout }).toMatchObject({ reason: 'CreateContainerConfigError' });
      return (await waiting())?.message;
    };
    await cluster.createPod('tom', '', { container: { image: 'of-none', command: ['id'] } });
    expect(await why('tom')).toBe('unable to find user tom: no matching entries in passwd file');
    const runAsNonRoot = { securityContext: { runAsNonRoot: true } };
    await cluster.createPod('non-root', '', { container: { image: 'of-sam', command: ['id'], ...runAsNonRoot } });
    expect(await why('non-root')).toContain('image has non-numeric user (sam), cannot verify user is non-root');
    await cluster.createPod('as-root', '', {
      container: { image: 'of-sam', command: ['id'], securityContext: { runAsNonRoot: true, runAsUser: 0 } },
    });
    expect(await why('as-root')).toContain("container's runAsUser breaks non-root policy");
  });
});
