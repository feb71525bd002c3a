/** What a person types at a MiniCluster that runs, and what comes back: good words and bad ones. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, configFrom } from '@ebb/ebb/internal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { embedded } from '../clusters/embedded.ts';
import { seen } from '../clusters/seen.ts';
import type { TestCluster } from '../clusters/test-cluster.ts';
import { ebb, ebbProgram, startEbb } from './ebb-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'ebb-running-'));
const namespace = 'work';
let running: TestCluster;
let environment: NodeJS.ProcessEnv;
const type = (...words: string[]) => ebb(words, { environment });

beforeAll(async () => {
  running = await embedded.start();
  environment = { KUBECONFIG: running.kubeconfigPath, EBB_HOME: join(folder, 'home'), HOME: folder };
  const cluster = new Cluster(configFrom(running.kubeconfigPath));
  const apply = (name: string, spec: object) =>
    cluster.apply({
      apiVersion: 'flux-framework.org/v1alpha2',
      kind: 'MiniCluster',
      metadata: { name, namespace },
      spec: { size: 1, ...spec },
    });
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await apply('sample', { maxSize: 2, interactive: true, containers: [{ image: 'rockylinux:9' }] });
  await apply('ended', { containers: [{ image: 'rockylinux:9', launcher: true, command: 'true' }] });
  const status = async (name: string) =>
    (await cluster.miniCluster({ namespace, name }))['status'] as { ranks?: { up?: number }; phase?: string };
  await seen(async () => (await status('sample'))?.ranks?.up === 1);
  await seen(async () => (await status('ended'))?.phase === 'Succeeded');
});
afterAll(async () => {
  await running?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('get', () => {
  test('as YAML and JSON, as kubectl prints them', async () => {
    const readers: Record<string, (text: string) => unknown> = { yaml: (text) => parse(text), json: JSON.parse };
    for (const [format, read] of Object.entries(readers)) {
      const object = read((await type('get', 'sample', '-o', format)).stdout) as { metadata: Record<string, string> };
      expect(object).toMatchObject({ kind: 'MiniCluster', metadata: { name: 'sample' }, spec: { maxSize: 2 } });
      expect(object.metadata).not.toHaveProperty('managedFields');
      expect(object.metadata['creationTimestamp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(read((await type('get', '-A', '-o', format)).stdout)).toMatchObject({ kind: 'List' });
    }
  });
  test('of a namespace without any', async () => {
    expect((await type('get', '-n', 'empty')).stderr).toMatch(/^No MiniClusters found in namespace empty;/);
  });
});

describe('exec', () => {
  test('options before -- are its own, what follows is the command’s', async () => {
    expect(await type('exec', 'sample', '-i', '-c', 'sample', '--', 'sh', '-c', 'exit 7')).toMatchObject({ code: 7 });
    const { stdout } = await ebb(['exec', 'sample', '--', 'cat', '-'], { environment, input: 'hello\n' });
    expect(stdout).toBe('hello\n');
  });
  test('flux without words says what it can do', async () => {
    expect((await type('flux', 'sample')).stderr).toMatch(/^Usage: flux /);
  });

  test('on a terminal it has the terminal’s size', async () => {
    const typed = `stty rows 31 cols 99; ${process.execPath} ${ebbProgram} exec sample -it -- sh`;
    const child = spawn('script', ['-qec', typed, '/dev/null'], {
      env: { ...process.env, ...environment },
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    child.stdin.write('until [ "$(stty size)" = "31 99" ]; do sleep 0.1; done; echo as" "large; exit 9\n');
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(text).toContain('as large');
    expect(code).toBe(9);
  });
});

describe('logs', () => {
  test('of a container, to its end', async () => {
    expect((await type('logs', 'sample', '--tail', '1')).stdout.trim().split('\n')).toHaveLength(1);
    expect((await type('logs', 'ended')).code).toBe(0);
  });

  test('Ctrl-C ends the log that goes on', async () => {
    const child = startEbb(['logs', '-f', 'sample'], { environment });
    let stderr = '';
    child.stderr!.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    await new Promise((resolve) => child.stdout!.once('data', resolve));
    child.kill('SIGINT');
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(130);
    expect(stderr).toBe('');
  });

  test('a reader that has enough ends it without a word', async () => {
    const words = ['-o', 'pipefail', '-c', `"$0" "${ebbProgram}" logs sample | true`, process.execPath];
    // As programs end on SIGPIPE.
    expect(await ebb(words, { environment, program: 'bash' })).toEqual({ code: 141, stdout: '', stderr: '' });
  });
});

describe('refused', () => {
  test.each<[string[], RegExp]>([
    [['get', 'nobody'], /^ebb: there is no MiniCluster nobody; see: ebb get\n$/],
    [['get', 'nowhere/sample'], /^ebb: there is no MiniCluster sample in namespace nowhere; see: ebb get\n$/],
    [['get', 'work/'], /^ebb: NAME "work\/": use NAME or NAMESPACE\/NAME\n$/],
    [['scale', 'sample', '1', '-n', 'nowhere'], /in namespace nowhere; see: ebb get\n$/],
    [['logs', 'sample', '--rank', '9'], /no pod of rank 9 now; see: ebb get sample -n work\n$/],
    [['logs', 'sample', '-c', 'nothing'], /^ebb: --container nothing: pod sample-0-\w{5} has sample, flux-view\n$/],
    [['logs', 'sample', '-p'], /^ebb: previous terminated container "sample" in pod "sample-0-\w{5}" not found\n$/],
    [['exec', 'sample', '-c', 'nothing', '--', 'ls'], /^ebb: --container nothing: pod .* has sample, flux-view\n$/],
    [
      ['exec', 'ended', '--', 'ls'],
      /^ebb: pod ended-0-\w{5} is Succeeded: nothing can be run in it; .*ebb logs ended\n$/,
    ],
    [['flux', 'ended', 'resource', 'list'], /^ebb: pod ended-0-\w{5} is Succeeded/],
    [['scale', 'sample', '3', '--wait'], /✘ 3 brokers up: size 3 is above the maximum of 2/],
    [['demo', '--name', 'other'], /^ebb: no instance other runs here/],
  ])('%j', async (words, says) => {
    const { code, stderr } = await type(...words);
    expect(stderr).toMatch(says);
    expect(code).toBe(1);
  });

  test('a size above the maximum is said at once, though the operator decides', async () => {
    expect(await type('scale', 'sample', '3')).toEqual({
      code: 0,
      stdout: 'minicluster.flux-framework.org/sample scaled\n',
      stderr: 'ebb: 3 is above the maximum of 2: the operator puts it back\n',
    });
  });

  test('the walkthrough takes over no MiniCluster of somebody’s', async () => {
    const cluster = new Cluster(configFrom(running.kubeconfigPath));
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'flux-operator' } });
    const metadata = { name: 'flux-sample', namespace: 'flux-operator' };
    const spec = { size: 1, containers: [{ image: 'i' }] };
    await cluster.apply({ apiVersion: 'flux-framework.org/v1alpha2', kind: 'MiniCluster', metadata, spec });
    const { code, stderr } = await type('demo', 'basic', '--kubeconfig', running.kubeconfigPath);
    expect(stderr).toBe(
      'ebb: the walkthrough makes and deletes MiniCluster flux-operator/flux-sample, and there is one: delete it first\n',
    );
    expect(code).toBe(1);
  });
});
