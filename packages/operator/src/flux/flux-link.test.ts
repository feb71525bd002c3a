/** The link to a Flux instance, against a real one. Set EBB_TEST_FLUX to the flux to use, or have one on the PATH (not npm's). */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { Idset } from '@ebb/flux-formats';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KubernetesApi } from '../kubernetes/kubernetes-api.ts';
import { FluxLink } from './flux-link.ts';
import { relayCommand } from './relay.ts';

const folders = (process.env['PATH'] ?? '').split(':').filter((each) => !each.includes('node_modules'));
const found = folders.find((each) => existsSync(join(each, 'flux')));
const flux = process.env['EBB_TEST_FLUX'] ?? (found ? join(found, 'flux') : '');
const soon = { timeout: 20_000, interval: 50 };

describe.skipIf(!flux)('a link to a real instance of four brokers', { timeout: 60_000 }, () => {
  let folder: string;
  let instance: ChildProcess;
  let link: FluxLink;
  const relays: ChildProcess[] = [];
  let changes = 0;
  const errors: Error[] = [];

  const run = (...words: string[]) =>
    spawnSync(flux, words, {
      encoding: 'utf8',
      env: { ...process.env, FLUX_URI: `local://${folder}/config/run/flux/local-0` },
    });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ebb-link-'));
    mkdirSync(join(folder, 'config/run/flux'), { recursive: true });
    mkdirSync(join(folder, 'etc'));
    const hosts = 'fake[0-3]';
    writeFileSync(
      join(folder, 'R'),
      spawnSync(flux, ['R', 'encode', `--hosts=${hosts}`, '--cores=0-1'], { encoding: 'utf8' }).stdout,
    );
    writeFileSync(join(folder, 'etc/flux.toml'), `[resource]\npath = "${folder}/R"\nnoverify = true\nexclude = "3"\n`);
    instance = spawn(
      flux,
      [
        'start',
        '--test-size=4',
        `--config-path=${folder}/etc`,
        `--test-rundir=${folder}/config/run/flux`,
        '-Sbroker.rc2_none',
      ],
      { stdio: 'ignore', detached: true },
    );
    await vi.waitFor(() => expect(run('resource', 'list', '-no', '{state} {nnodes}').stdout).toContain('free 3'), soon);
    const api = {
      exec: async ({ command }: { command: readonly string[] }) => {
        const [program = '', ...words] = command;
        const child = spawn(program, words, {
          env: { ...process.env, PATH: `${flux.slice(0, flux.lastIndexOf('/'))}:${process.env['PATH']}` },
          stdio: ['pipe', 'pipe', 'ignore'],
        });
        relays.push(child);
        return Duplex.from({ writable: child.stdin, readable: child.stdout });
      },
    } as unknown as KubernetesApi;
    link = new FluxLink({
      api,
      target: {
        namespace: 'ns',
        pod: 'flux-sample-0-x',
        container: 'flux-sample',
        command: relayCommand(folder, true),
      },
      onChange: () => (changes += 1),
      onError: (error) => errors.push(error),
      watchesQueue: true,
    });
    await vi.waitFor(() => expect(link.view?.online.size, `${errors}`).toBe(4), soon);
  });

  afterEach(() => {
    link?.close();
    if (instance.pid && instance.exitCode === null) process.kill(-instance.pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('hears of jobs without asking, drains and undrains its own ranks only', async () => {
    expect(link.view).toMatchObject({ pendingNodes: 0 });
    expect(link.view?.excluded.toString()).toBe('3');
    const id = run('submit', '-N2', '--exclusive', 'sleep', '100').stdout.trim();
    await vi.waitFor(() => expect(link.view?.allocated.size, `${errors}`).toBe(2), soon);
    run('submit', '-N3', 'true');
    await vi.waitFor(() => expect(link.view?.pendingNodes).toBe(3), soon);
    expect(link.view?.firstJob).toMatch(/^ƒ|^f/);
    expect(run('resource', 'drain', '1', 'bad disk').status).toBe(0);
    await vi.waitFor(() => expect(link.view?.drained.get(1)).toBe('bad disk'), soon);
    await link.drain(Idset.parse('1-2'), 1);
    const drained = (await link.refresh()).drained;
    expect([...drained]).toEqual([
      [1, 'bad disk'],
      [2, 'ebb: scale down to 1'],
    ]);
    await link.undrain(Idset.parse('2'));
    expect([...(await link.refresh()).drained.keys()]).toEqual([1]);
    run('cancel', id);
    await vi.waitFor(() => expect(link.view?.allocated.size).toBe(0), soon);
  });

  it('opens hidden ranks while a job runs on', async () => {
    run('submit', '-N1', 'sleep', '100');
    await vi.waitFor(() => expect(link.view?.allocated.size).toBe(1), soon);
    await link.setExcluded('');
    await vi.waitFor(() => expect(link.view?.excluded.size, `${errors}`).toBe(0), soon);
    expect((await link.refresh()).allocated.size).toBe(1);
    expect(run('resource', 'list', '-no', '{state} {nnodes}').stdout).toMatch(/free 3\nallocated 1\ndown 0/);
    expect(run('run', '-N3', 'true').status).toBe(0);
  });

  it('comes back when its relay is killed', async () => {
    const seen = relays.length;
    relays.at(-1)?.kill('SIGKILL');
    await vi.waitFor(() => expect(link.view).toBeUndefined(), soon);
    await vi.waitFor(() => expect(relays.length).toBeGreaterThan(seen), soon);
    await vi.waitFor(() => expect(link.view?.online.size).toBe(4), soon);
  });

  it('says nothing while nothing happens', async () => {
    run('run', 'true');
    await vi.waitFor(() => expect(link.view?.allocated.size).toBe(0), soon);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const before = changes;
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(changes).toBe(before);
  });
});
