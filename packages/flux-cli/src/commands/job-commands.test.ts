/** The job commands at brokers of this workspace, as a person runs them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Instance, startInstance } from '@ebb/flux-broker';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { builtFlux, type FluxCommand, type FluxResult, runFlux } from '../compare/run-flux.ts';

describe('jobs at an instance of two brokers', () => {
  let instance: Instance;
  let built: { command: FluxCommand; remove(): void };
  const flux = (words: readonly string[], input?: string): Promise<FluxResult> =>
    runFlux(built.command, words, { uri: instance.uri(0), ...(input === undefined ? {} : { input }) });

  beforeAll(async () => {
    instance = startInstance({ size: 2, cores: 2, socketRanks: [0] });
    [built] = await Promise.all([builtFlux(), instance.ready()]);
  });

  afterAll(async () => {
    built.remove();
    await instance.stop();
  });

  it('runs tasks with labels, input and the exit status of the worst', async () => {
    const labeled = await flux(['run', '-n2', '-l', 'sh', '-c', 'echo $FLUX_TASK_RANK']);
    expect(labeled.stdout.split('\n').sort()).toEqual(['', '0: 0', '1: 1']);
    expect((await flux(['run', 'cat'], 'hello\n')).stdout).toBe('hello\n');
    const failed = await flux(['run', '-n2', 'sh', '-c', 'exit $((FLUX_TASK_RANK + 2))']);
    expect([failed.exitCode, failed.stderr]).toEqual([3, 'flux-job: task(s) exited with exit code 3\n']);
  });

  it('lists, cancels and tells how jobs ended', async () => {
    const id = (await flux(['submit', '--job-name=long', 'sleep', '600'])).stdout.trim();
    expect(id).toMatch(/^ƒ\w+$/);
    expect((await flux(['job', 'wait-event', '-q', id, 'start'])).exitCode).toBe(0);
    const columns = '{id.f58} {name} {status_abbrev} {nnodes}';
    expect((await flux(['jobs', '-no', columns, id])).stdout).toBe(`${id} long R 1\n`);
    expect((await flux(['cancel', '-m', 'enough', id])).exitCode).toBe(0);
    const attached = await flux(['job', 'attach', id]);
    expect(attached.stderr).toContain(`job.exception ${id} type=cancel severity=0 enough`);
    expect(attached.exitCode).toBe(143);
    expect((await flux(['jobs', '-no', '{inactive_reason}', id])).stdout).toBe('Canceled: enough\n');
  });

  it('submits copies and watches them', async () => {
    const all = await flux(['submit', '--quiet', '--watch', '--cc=1-3', 'sh', '-c', 'echo copy $FLUX_JOB_CC']);
    expect(all.stdout.trim().split('\n').sort()).toEqual(['copy 1', 'copy 2', 'copy 3']);
  });

  it('writes the log where it is told', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'flux-cli-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'inputs'), 'a\nb\n');
    const words = [
      'bulksubmit',
      '--wait',
      `--log=${join(folder, 'log')}`,
      'true',
      '{}',
      '::::',
      join(folder, 'inputs'),
    ];
    expect(await flux(words)).toEqual({ stdout: '', stderr: '', exitCode: 0 });
    expect((await flux(['job', 'last', '2'])).stdout.trim().split('\n')).toHaveLength(2);
  });

  it('says what is wrong in the words of flux', async () => {
    expect(await flux(['run', '-N9', 'true'])).toMatchObject({ exitCode: 1 });
    expect(await flux(['cancel', 'f1'])).toEqual({
      stdout: '',
      stderr: 'flux-cancel: ERROR: ƒ1: unknown job id\n',
      exitCode: 1,
    });
    expect((await flux(['submit', '--foo'])).stderr).toContain('error: unrecognized arguments: --foo');
  });
});
