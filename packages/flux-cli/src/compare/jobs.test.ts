/** The job commands against those of flux-core, at one and the same broker of this workspace. */
import { type Instance, startInstance } from '@ebb/flux-broker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtFlux, type FluxCommand, normalized, realFlux, runFlux } from './run-flux.ts';

const real = realFlux();

/** Command lines whose standard output and exit status are to be the same. */
const commandLines: readonly (readonly string[])[] = [
  ['run', 'true'],
  ['run', '-n4', '-l', 'true'],
  ['run', '-n2', 'sh', '-c', 'exit 3'],
  ['run', 'sh', '-c', 'kill -9 $$'],
  ['run', 'nosuchcommand'],
  ['run', '-N100', 'true'],
  ['run', '-n', 'x', 'true'],
  ['run', 'sh', '-c', 'echo out; echo err >&2'],
  ['submit', 'true'],
  ['submit', '--cc=1-3', 'true'],
  ['submit', '--watch', '-l', 'echo', 'hello'],
  ['submit', '--wait', 'false'],
  ['submit', '--foo', 'true'],
  ['submit', '--help'],
  ['run', '--help'],
  ['batch', '--help'],
  ['alloc', '--help'],
  ['bulksubmit', '--help'],
  ['bulksubmit', '--dry-run', '-n', '{1}', 'echo', '{0.%}', '{seq}', ':::', 'a.b', 'c', ':::', '1', '2'],
  ['bulksubmit', '--dry-run', '--cc=0-1', 'echo', '{}', '{cc}', ':::', 'a', 'b'],
  ['jobs', '-a'],
  ['jobs', '-a', '-n', '-o', '{id.dec} {name} {status} {returncode} {ntasks} {inactive_reason}'],
  ['jobs', '-a', '-o', 'endreason', '-n', '--name=false'],
  ['jobs', '-o', 'help'],
  ['jobs', '-o', '{foo}'],
  ['jobs', '--help'],
  ['jobs', 'f1'],
  ['jobs', '--stats-only'],
  ['job', 'last'],
  ['job', 'id', '--to=words', '1234567'],
  ['job', 'namespace', 'ƒ123'],
  ['job', 'eventlog', 'f1'],
  ['job', 'taskmap', '--to=multiline', '[[0,4,2,1]]'],
  ['job', 'stats'],
  ['cancel'],
  ['cancel', '--all', '-n'],
  ['cancel', '--help'],
  ['queue', 'status', '-v'],
  ['queue', 'list'],
  ['queue', 'idle'],
  ['update', '--help'],
];

describe.skipIf(!real)('job commands beside those of flux-core', () => {
  let instance: Instance;
  let built: { command: FluxCommand; remove(): void };

  beforeAll(async () => {
    instance = startInstance({ size: 4, socketRanks: [0] });
    [built] = await Promise.all([builtFlux(), instance.ready()]);
  });

  afterAll(async () => {
    built.remove();
    await instance.stop();
  });

  it.each(commandLines.map((words) => [words.join(' '), words] as const))('flux %s', async (_, words) => {
    const uri = instance.uri(0);
    const theirs = await runFlux(real!, words, { uri });
    const ours = await runFlux(built.command, words, { uri });
    expect({ stdout: normalized(ours.stdout), exitCode: ours.exitCode }).toEqual({
      stdout: normalized(theirs.stdout),
      exitCode: theirs.exitCode,
    });
  });

  it('tells of the end of a job after what it printed, however short it was', async () => {
    const together = ['/bin/sh', '-c', 'exec "$@" 2>&1', 'sh', ...built.command];
    for (let turn = 0; turn < 5; turn++) {
      const words = ['run', 'sh', '-c', 'echo out; exit 1'];
      const { stdout } = await runFlux(together, words, { uri: instance.uri(0) });
      expect(stdout).toBe('out\nflux-job: task(s) exited with exit code 1\n');
    }
  }, 30_000);

  it('gives the same jobspec for the same options', async () => {
    const options = ['-N2', '-n3', '-t5', '-o', 'a.b=1', '--setattr=user.x=y', '--requires=host:foo|-bar', '-l'];
    const more = ['--dependency=afterok:123', '--signal=TERM@30', '--env=-*', '--rlimit=-*,core', '--output=o'];
    const words = ['submit', '--dry-run', ...options, ...more, 'true'];
    const theirs = await runFlux(real!, words);
    const ours = await runFlux(built.command, words);
    expect(JSON.parse(ours.stdout)).toEqual(JSON.parse(theirs.stdout));
  });
});
