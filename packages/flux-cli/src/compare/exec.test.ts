/** `flux exec`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { atBothBrokers, type Line } from './both-brokers.ts';

/** Without pids and times, whichever order brokers answer in. */
const exec = (...words: string[]): Line => ({
  words: ['exec', ...words],
  anyOrder: true,
  normalize: (text) => text.replaceAll(/^(\d+): \d{2,}$/gm, '$1: PID').replaceAll(/^\d+\.\d{6}ms/gm, 'Tms'),
});

const commandLines: readonly Line[] = [
  exec('--help'),
  exec('--nosuch'),
  exec(),
  exec('true'),
  exec('echo', 'hello', '-l'),
  exec('-l', 'echo', 'hello'),
  exec('-r1', 'false'),
  exec('-r', '0,2-3', '-x2', '-l', 'printf', 'a\nb\n'),
  exec('-x', '0', '-l', 'sh', '-c', 'echo $(flux getattr rank) to stderr >&2'),
  exec('sh', '-c', 'exit $(flux getattr rank)'),
  exec('sh', '-c', 'exit $(( $(flux getattr rank) / 2 ))'),
  exec('sh', '-c', 'kill -$(( $(flux getattr rank) + 1 )) $$'),
  exec('-q', 'sh', '-c', 'exit 5'),
  exec('nosuchcommand'),
  exec('/etc/passwd'),
  exec('-d', '/tmp', '-r0', 'pwd'),
  exec('-d', '/nonexistent', '-r2', 'pwd'),
  exec('--dir=none', '-r1', 'true'),
  exec('-r9', 'true'),
  exec('-r', 'x', 'true'),
  exec('-x', 'x', 'true'),
  exec('-x', '0-9', 'true'),
  exec('-v', '-r0-1', 'true'),
  exec('--verbose', '-r3', 'sh', '-c', 'exit 2'),
  exec('-r0-2', 'env', 'true'),
  exec('-n', 'cat'),
  { ...exec('cat'), input: 'some input\n' },
  { ...exec('-r3', '-l', 'cat'), input: 'first\nsecond\nno newline' },
  { ...exec('-r0-1', 'wc', '-c'), input: 'x'.repeat(10_000_000) },
  { ...exec('-r0-1', 'head', '-c5'), input: 'x'.repeat(10_000_000) },
  { ...exec('--stdin-flow=off', '-r1', 'wc', '-c'), input: 'x'.repeat(1_000_000) },
  exec('--stdin-flow=maybe', 'true'),
  exec('--setopt=stdin_BUFSIZE', 'true'),
  { ...exec('--setopt=stdin_BUFSIZE=10', '-r0', 'cat'), input: 'more than ten bytes of input\n' },
  exec('--with-imp', 'true'),
  exec('--service=nosuch', '-r0', 'true'),
  exec('-j', 'f1', 'true'),
  exec('-j', '!', 'true'),
  exec('--bg', 'true'),
  exec('--bg', 'nosuchcommand'),
  exec('--waitable', 'true'),
  exec('--attach'),
  exec('--attach', '1', '2'),
  exec('--attach', '4'),
  exec('--attach', '-r0', '2147480000'),
  exec('--attach', '--bg', 'x'),
  exec('--attach', 'nosuchlabel'),
];

atBothBrokers('programs on brokers', commandLines, ({ run, same }) => {
  it('passes signals on', async () => {
    const script = 'trap "exit 4" TERM; echo ready >&2; while :; do sleep 0.1; done';
    const until = /(ready\n[\s\S]*){3}/;
    // What the shell says of its own child depends on the moment.
    const normalize = (text: string) => text.replaceAll(/^(Terminated|\d+\.\d{6}ms.*|)\n/gm, '');
    await same({ ...exec('-v', '-r1-3', 'sh', '-c', script), until, signal: 'SIGTERM', normalize });
  }, 30_000);

  it('runs in a job', async () => {
    const { stdout } = await run('ours', { words: ['submit', '-N2', 'sleep', 'inf'] });
    const id = stdout.trim();
    await run('theirs', { words: ['job', 'wait-event', '-p', 'exec', id, 'shell.start'] });
    await same(exec('-j', id, '-l', 'sh', '-c', 'echo $FLUX_JOB_ID'));
    await same(exec('-j', id, '-l', '-r1', 'echo', 'one'));
    await same(exec('-j', id, '-l', '-x', '1', 'echo', 'zero'));
    await same(exec('-j', id, '-r2', 'true'));
    await same(exec('-j', id, 'nosuchcommand'));
    await run('ours', { words: ['cancel', id] });
    await run('ours', { words: ['job', 'wait-event', id, 'clean'] });
    await same(exec('-j', id, 'true'));
  }, 60_000);

  it('attaches to what the other left in the background', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'flux-exec-'));
    try {
      for (const whose of ['ours', 'theirs'] as const) {
        // More than a buffer of the C library: it shows nothing before.
        const script = `until [ -e ${folder}/${whose} ]; do printf '%05000d\\n' 0; sleep 0.05; done`;
        const words = ['exec', '--bg', '-r1', `--label=${whose}`, 'sh', '-c', script];
        expect((await run(whose, { words })).exitCode).toBe(0);
        await same(exec('--bg', '-r1', `--label=${whose}`, 'true'));
        const other = whose === 'ours' ? 'theirs' : 'ours';
        const read = await run(other, { words: ['exec', '-l', '--attach', '-r1', whose], until: /0{4000}/ });
        expect(read).toMatchObject({ stdout: expect.stringMatching(/^1: 0{4000}/), stderr: '' });
        writeFileSync(join(folder, whose), '');
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});
