/** The generated scripts, really run, with a real Flux. Set EBB_TEST_FLUX to the flux to use. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { MiniClusterSpec } from '../schema/minicluster.ts';
import { canRunPods, type ScriptPod, ScriptPods } from './script-pods.fixture.ts';

let pods: ScriptPods | undefined;

afterEach(() => {
  pods?.stop();
  pods = undefined;
});

function run(spec: MiniClusterSpec): { pods: ScriptPods; all: ScriptPod[] } {
  pods = new ScriptPods(spec);
  return { pods, all: Array.from({ length: spec.size ?? 1 }, (_, rank) => (pods as ScriptPods).start(rank)) };
}

const program = (
  container: Partial<MiniClusterSpec['containers'][0]>,
  more: Partial<MiniClusterSpec> = {},
): MiniClusterSpec => ({
  size: 2,
  tasks: 2,
  logging: { quiet: true },
  containers: [{ image: 'x', ...container }],
  ...more,
});

async function ends(all: ScriptPod[]): Promise<number[]> {
  return Promise.all(all.map((pod) => pod.ended));
}

describe.skipIf(!canRunPods())('the scripts with a real Flux', { timeout: 60_000 }, () => {
  it('submit: each task runs once, quotes and dollars mean what they say, all pods end with 0', async () => {
    const { pods, all } = run(program({ command: `sh -c 'echo "task  $FLUX_TASK_RANK" "it'"'"'s;|&"'` }));
    expect(await ends(all)).toEqual([0, 0]);
    const lines = all[0]
      ?.output()
      .split('\n')
      .filter((line) => line.includes('task'))
      .sort();
    expect(lines).toEqual(["task  0 it's;|&", "task  1 it's;|&"]);
    expect(pods.lastWords(all[0] as ScriptPod)).toBe('{"program":{"exitCode":0}}');
  });

  it.each([
    ['submit', program({ command: 'sh -c "exit 7"' }), 7],
    ['launcher', program({ launcher: true, command: 'sh -c "exit 7"' }), 7],
    [
      'launcher in strict mode',
      program({ launcher: true, command: 'sh -c "exit 7"' }, { logging: { strict: true } }),
      7,
    ],
    ['batch', program({ batch: true, command: 'true\nfalse\ntrue' }), 1],
    ['batch that succeeds', program({ batch: true, command: 'true\nhostname' }), 0],
    ['raw batch', program({ batch: true, batchRaw: true, command: 'flux run -n1 true\nexit 3' }), 3],
    ['script', program({ commands: { script: '#!/bin/bash\nexit \\${FLUX_TASK_RANK}\n' } }), 1],
    ['timed', program({ command: 'sh -c "exit 5"' }, { logging: { timed: true } }), 5],
  ])('%s: the exit status of the program is the pod’s', async (_name, spec, status) => {
    const { pods, all } = run(spec);
    const [leader, ...workers] = await ends(all);
    expect(leader, all[0]?.output()).toBe(status);
    expect(workers).toEqual([0]);
    expect(pods.lastWords(all[0] as ScriptPod)).toBe(`{"program":{"exitCode":${status}}}`);
  });

  it('never prints the certificate and keeps it to its owner', async () => {
    const { all } = run(program({ command: 'true' }, { logging: {} }));
    await ends(all);
    for (const pod of all) expect(pod.output()).not.toMatch(/secret-key|public-key/);
  });

  it('runs the user’s code at its stations, in one shell', async () => {
    const commands = {
      init: 'a=1',
      pre: 'echo "pre $a"; cd /tmp',
      brokerPre: 'echo broker-only',
      workerPre: 'echo worker-only',
      post: 'pwd; echo "post it\'s"',
    };
    const { all } = run(program({ command: 'true', commands }, { logging: {} }));
    await ends(all);
    const [leader = '', worker = ''] = all.map((pod) => pod.output());
    expect(leader).toMatch(/pre 1[\s\S]*broker-only[\s\S]*\/tmp\npost it's/);
    expect(leader).not.toContain('worker-only');
    expect(worker).toMatch(/pre 1[\s\S]*worker-only[\s\S]*post it's/);
  });

  it('a failing set-up ends with a status that is tried again', async () => {
    const commands = { pre: 'false' };
    const { pods, all } = run(program({ command: 'true', commands }, { logging: { strict: true }, size: 1 }));
    expect(await ends(all)).toEqual([111]);
    expect(pods.lastWords(all[0] as ScriptPod)).toBe('The set-up failed with status 1\n');
  });

  it.each([
    ['has none', 'PATH=/usr/bin:/bin', /^flux is not on the PATH of this image/],
    ['has one that does not run', 'flux() { return 5; }', /^flux of this image does not run/],
  ])('an image that is to have flux and %s says so last', async (_what, init, words) => {
    const { pods, all } = run(program({ command: 'true', commands: { init } }, { size: 1 }));
    expect(await ends(all)).toEqual([111]);
    const said = pods.lastWords(all[0] as ScriptPod);
    expect(said).toMatch(words);
    expect(all[0]?.output().replaceAll('\r', '').endsWith(said)).toBe(true);
  });

  it('interactive: a worker that is told to stop is soon gone, is not complete, and comes back', async () => {
    const { pods, all } = run({ size: 2, maxSize: 3, interactive: true, containers: [{ image: 'x' }] });
    const [leader, worker] = all as [ScriptPod, ScriptPod];
    const states = () => leader.exec('flux resource list -no "{state} {nnodes}"').text.replaceAll('\n', ' ').trim();
    await vi.waitFor(() => expect(states()).toContain('free 2'), { timeout: 20_000, interval: 200 });
    expect(leader.exec('flux proxy local:///var/run/flux/local flux getattr size').text.trim()).toBe('3');
    worker.kill('SIGTERM');
    expect(await worker.ended).toBe(143);
    await vi.waitFor(() => expect(states()).toMatch(/free 1.*down 2/), { timeout: 10_000, interval: 200 });
    const again = pods.start(1);
    await vi.waitFor(() => expect(states()).toContain('free 2'), { timeout: 20_000, interval: 200 });
    const third = pods.start(2);
    await vi.waitFor(() => expect(states()).toContain('free 3'), { timeout: 20_000, interval: 200 });
    // A broker that is killed, or that ends politely by itself, comes back in its pod.
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      again.killBroker(signal);
      await vi.waitFor(() => expect(states()).toMatch(/free 2.*down 1/), { timeout: 20_000, interval: 50 });
      await vi.waitFor(() => expect(states()).toContain('free 3'), { timeout: 20_000, interval: 200 });
    }
    leader.kill('SIGTERM');
    expect(await leader.ended).toBe(143);
    expect(existsSync(join(third.folder, 'mnt/flux/flux-operator-complete.txt'))).toBe(false);
    const back = pods.start(0);
    await vi.waitFor(() => expect(back.exec('flux resource list -no "{state} {nnodes}"').text).toContain('free 3'), {
      timeout: 30_000,
      interval: 300,
    });
  });
});
