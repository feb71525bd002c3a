/** `flux proxy` and `flux relay` at a broker of this workspace: ssh, lost connections, exit statuses, jobs as targets. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Instance, startInstance } from '@ebb/flux-broker';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { builtFlux, type FluxCommand, type FluxResult, runFlux } from '../compare/run-flux.ts';

describe('the proxy', () => {
  let instance: Instance;
  let built: { command: FluxCommand; remove(): void };
  let folder: string;
  let overSsh: string;
  const ours = () => built.command.join(' ');
  const flux = (...words: string[]): Promise<FluxResult> => runFlux(built.command, words, { uri: instance.uri(0) });

  beforeAll(async () => {
    instance = startInstance({ size: 1, cores: 2, socketRanks: [0] });
    [built] = await Promise.all([builtFlux(), instance.ready()]);
    folder = mkdtempSync(join(tmpdir(), 'flux-proxy-test-'));
    // Stands for ssh: notes its process, and runs what it was to run elsewhere.
    const ssh = `#!/bin/sh\necho $$ > ${folder}/pid\nshift 2\nexec ${ours()} "$@"\n`;
    writeFileSync(join(folder, 'ssh'), ssh);
    chmodSync(join(folder, 'ssh'), 0o755);
    overSsh = instance.uri(0).replace('local://', 'ssh://me@there');
    vi.stubEnv('FLUX_SSH', join(folder, 'ssh'));
    vi.stubEnv('FLUX_SSH_RCMD', 'flux');
    vi.stubEnv('LD_LIBRARY_PATH', '');
    vi.stubEnv('SHELL', '/bin/sh');
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    built?.remove();
    rmSync(folder, { recursive: true, force: true });
    await instance.stop();
  });

  /** Runs a shell in a proxy over ssh that waits for a line once it talked to the broker. */
  async function waiting(
    ...options: string[]
  ): Promise<{ child: ChildProcess; output: () => string; loseSsh(): void }> {
    const [program, ...before] = built.command as [string, ...string[]];
    const script = `${ours()} getattr rank; read line; ${ours()} getattr size; echo $FLUX_PROXY_REMOTE`;
    const child = spawn(program, [...before, 'proxy', ...options, overSsh, script], { stdio: 'pipe' });
    onTestFinished(() => void child.kill('SIGKILL'));
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (more) => (text += more));
    await expect.poll(() => text, { timeout: 20_000 }).toBe('0\n');
    const loseSsh = () => process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGKILL');
    return { child, output: () => text, loseSsh };
  }

  const exitOf = (child: ChildProcess) => new Promise((resolve) => child.once('close', resolve));

  it('ends as the command did', async () => {
    const uri = instance.uri(0);
    expect((await flux('proxy', uri, ours(), 'getattr', 'size')).stdout).toBe('1\n');
    expect((await flux('proxy', uri, 'exit', '3')).exitCode).toBe(3);
    expect((await flux('proxy', uri, 'kill -TERM $$')).exitCode).toBe(143);
  });

  it('says what it cannot reach', async () => {
    const nosuch = await flux('proxy', 'ƒ23', 'true');
    expect(nosuch.stderr).toBe('flux-uri: ERROR: jobid ƒ23 not found\nflux-proxy: Unable to resolve ƒ23 to a URI\n');
    expect(nosuch.exitCode).toBe(1);
    expect((await flux('proxy', 'ssh://nopath', 'true')).stderr).toBe('flux-proxy: ssh://nopath: Invalid argument\n');
    expect((await flux('relay', `${folder}/none`)).stderr).toMatch(/^\S+: local:\/\/\S+\/none: No such file or dir/);
    expect((await flux('proxy')).stderr).toMatch(
      /^flux proxy: URI argument is required\nUsage: flux proxy \[OPTIONS\]/,
    );
  });

  it('finds the instance that a job says it is', async () => {
    const id = (await flux('submit', 'sleep', '600')).stdout.trim();
    await flux('job', 'wait-event', '-q', id, 'start');
    expect((await flux('proxy', id, 'true')).stderr).toContain(`URI not found for job ${id}\n`);
    expect((await flux('job', 'memo', '--volatile', id, `uri=${overSsh}`)).exitCode).toBe(0);
    const words = `echo $FLUX_PROXY_REMOTE; ${ours()} getattr rank`;
    await expect.poll(async () => (await flux('proxy', id, words)).stdout, { timeout: 20_000 }).toBe('me@there\n0\n');
    expect((await flux('cancel', id)).exitCode).toBe(0);
  });

  it('goes on over a new connection when it is told to', async () => {
    const { child, output, loseSsh } = await waiting('--reconnect');
    const exit = exitOf(child);
    loseSsh();
    await expect.poll(output, { timeout: 20_000 }).toMatch(/flux-proxy: reconnecting\nflux-proxy: reconnected\n$/);
    child.stdin!.write('on\n');
    expect(await exit).toBe(0);
    expect(output()).toMatch(/\n1\nme@there\n$/);
  });

  it('hangs up when the broker is lost, or leaves the command alone', async () => {
    const first = await waiting();
    const firstExit = exitOf(first.child);
    first.loseSsh();
    expect(await firstExit).toBe(129);
    const lost = '0\nflux-proxy: Lost connection to Flux\n';
    expect(first.output()).toBe(`${lost}flux-proxy: Sending SIGHUP to child processes\n`);
    const second = await waiting('--nohup');
    const secondExit = exitOf(second.child);
    second.loseSsh();
    await expect.poll(second.output).toBe(lost);
    second.child.stdin!.write('on\n');
    expect(await secondExit).toBe(0);
    expect(second.output()).toMatch(/me@there\n$/);
  });
});
