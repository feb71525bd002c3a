/** The shell code, really run as process 1 of a PID namespace. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { supervised } from './supervised.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebb-supervised-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const canUnshare = spawnSync('unshare', ['-pf', '--mount-proc', 'true']).status === 0;

describe.skipIf(!canUnshare).each(['sh', 'bash'])('a program beside %s as process 1', (shell) => {
  const start = (program: string) => {
    const text = `status=0\n${supervised('command', program)}\nexit "\${status}"`;
    return spawn('unshare', ['-pf', '--mount-proc', '--kill-child', shell, '-c', text], { cwd: folder });
  };

  it.each([0, 7])('leaves its exit status %i', async (status) => {
    const [code] = await once(start(`sh -c 'exit ${status}'`), 'exit');
    expect(code).toBe(status);
  });

  it.each([
    ['one program', ''],
    ['a program after others', 'cd . && true; '],
  ])('%s is told to stop, and waited for', async (_, first) => {
    const graceful = `node -e 'process.on("SIGTERM", () => setTimeout(() => { require("fs").writeFileSync("end", "well"); process.exit(0) }, 300)); setInterval(() => {}, 1000); console.log("up")'`;
    const running = start(`${first}${graceful}`);
    await once(running.stdout, 'data');
    const ended = once(running, 'exit');
    const { stdout } = spawnSync('pgrep', ['-P', `${running.pid}`], { encoding: 'utf8' });
    process.kill(Number(stdout), 'SIGTERM');
    expect((await ended)[0]).toBe(143);
    expect(readFileSync(join(folder, 'end'), 'utf8')).toBe('well');
  });
});
