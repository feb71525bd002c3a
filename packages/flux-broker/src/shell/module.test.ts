import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Flux } from '@ebb/flux-client';
import {
  buildJobspec,
  decodeIo,
  Idset,
  type JobspecOptions,
  parseEvent,
  ResourceSet,
  toFluid,
} from '@ebb/flux-formats';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Instance, startInstance } from '../instance/instance.ts';
import { shellService } from './shell-job.ts';
import type { ShellReport, ShellStart } from './shell-messages.ts';

let instance: Instance;

beforeAll(async () => {
  const modules = [{ name: 'job-shell', ranks: 'all' as const, load: () => import('./module.ts') }];
  instance = startInstance({ size: 3, modules, socketRanks: [0, 1, 2] });
  await instance.ready();
});

afterAll(() => instance.stop());

let lastId = 0;

function startOf(options: Partial<JobspecOptions>, nodes = 1, cores = 4): ShellStart {
  const jobspec = buildJobspec({
    command: ['true'],
    cwd: '/tmp',
    environment: { PATH: process.env['PATH']! },
    ...options,
  });
  const hosts = instance.hostnames.slice(0, nodes);
  const R = ResourceSet.ofHosts(hosts, Idset.of(Array.from({ length: cores }, (_, core) => core))).toJSON();
  lastId += 1;
  return { id: lastId, userid: 7, jobspec, R };
}

interface Outcome {
  reports: ShellReport[];
  status: number | undefined;
  /** `exec.eventlog init`, in order. */
  names: string[];
  /** By stream and task. */
  text: Record<string, string>;
  contexts(name: string): unknown[];
}

/** Runs the shells of all ranks to their end. */
async function run(start: ShellStart, flux: Flux = instance.flux(0)): Promise<Outcome> {
  const reports: ShellReport[] = [];
  const ranks = [...ResourceSet.parse(start.R).ranks];
  await Promise.all(
    ranks.map(async (rank) => {
      for await (const report of flux.stream<ShellReport>('job-shell.start', start, { nodeid: rank })) {
        reports.push(report);
      }
    }),
  );
  const entries = reports.flatMap((report) => (report.type === 'entries' ? report.entries : []));
  const events = entries.map(([log, line]) => ({ log, ...parseEvent(line) }));
  const text: Record<string, string> = {};
  for (const { log, name, context } of events) {
    if (log !== 'output' || name !== 'data') continue;
    const { stream, rank, data } = decodeIo(context);
    text[`${stream} ${rank}`] = (text[`${stream} ${rank}`] ?? '') + data;
  }
  const statuses = reports.flatMap((report) => (report.type === 'exit' ? [report.status] : []));
  return {
    reports,
    status: statuses.length === ranks.length ? Math.max(...statuses) : undefined,
    names: events.map(({ log, name }) => `${log} ${name}`),
    text,
    contexts: (name) => events.filter((event) => event.name === name).map(({ context }) => context),
  };
}

describe('the shell of a job', () => {
  it('runs a task and records its output, start and end', async () => {
    const { names, text, contexts, status } = await run(startOf({ command: ['sh', '-c', 'echo out; echo err >&2'] }));
    expect(text).toEqual({ 'stdout 0': 'out\n', 'stderr 0': 'err\n' });
    expect(status).toBe(0);
    expect(contexts('shell.init')).toEqual([
      { 'leader-rank': 0, size: 1, service: expect.stringMatching(/^7-shell-f/) },
    ]);
    expect(contexts('shell.start')).toEqual([{ taskmap: { version: 1, map: [[0, 1, 1, 1]] } }]);
    expect(contexts('shell.task-exit')).toEqual([
      { localid: 0, rank: 0, state: 'Exited', pid: expect.any(Number), wait_status: 0, signaled: 0, exitcode: 0 },
    ]);
    expect(names.indexOf('output header')).toBeLessThan(names.indexOf('output data'));
  });

  it('brings the output of all ranks to the first one, and the highest exit code', async () => {
    const command = ['sh', '-c', 'echo $FLUX_TASK_RANK of $FLUX_JOB_SIZE; exit $FLUX_TASK_RANK'];
    const { text, contexts, status } = await run(startOf({ command, tasks: 6, nodes: 3 }, 3));
    expect(Object.keys(text).length).toBe(12);
    for (let task = 0; task < 6; task++) expect(text[`stdout ${task}`]).toBe(`${task} of 6\n`);
    expect(status).toBe(5 << 8);
    expect(contexts('shell.task-exit').length).toBe(1);
  });

  it('says why a task could not be started', async () => {
    const { reports, status, contexts } = await run(startOf({ command: ['/no/such/program'] }));
    const note = 'task 0 (host node0): start failed: /no/such/program: No such file or directory';
    expect(reports).toContainEqual({ type: 'exception', exception: 'exec', severity: 0, note });
    expect(contexts('log')).toEqual([{ rank: 0, level: 0, message: note }]);
    expect(status).toBe(127 << 8);
    const denied = await run(startOf({ command: ['/etc/passwd'] }));
    expect(denied.status).toBe(126 << 8);
  });

  it('gives input to the tasks and ends when they do', async () => {
    const flux = instance.flux(1);
    const start = startOf({ command: ['cat'], tasks: 2 });
    const running = run(start);
    const io = { stream: 'stdin', rank: 'all', data: 'hello', eof: true };
    const service = shellService(7, toFluid(start.id));
    await flux.rpc(`${service}.stdin`, io, { nodeid: 0 });
    expect((await running).text).toEqual({ 'stdout 0': 'hello', 'stdout 1': 'hello', 'stderr 0': '', 'stderr 1': '' });
  });

  it('takes input that comes when the tasks have ended', async () => {
    const start = startOf({ command: ['true'] });
    await run(start);
    const io = { stream: 'stdin', rank: 'all', data: 'late' };
    await instance.flux(1).rpc(`${shellService(7, toFluid(start.id))}.stdin`, io, { nodeid: 0 });
  });

  it('signals tasks by event, and shows the signal in the status', async () => {
    const flux = instance.flux(0);
    const start = startOf({ command: ['sleep', '100'], tasks: 2, nodes: 2 }, 2);
    const streams = run(start);
    await flux.publish(`shell-${start.id}.kill`, { signum: 15 });
    expect((await streams).status).toBe((128 + 15) << 8);
  });

  it('carries PMI from task to task over ranks, so that a Flux instance can boot in a job', async () => {
    // Each task puts its rank, and reads that of its neighbour behind the barrier.
    const script = `
      const socket = new (require('node:net').Socket)({ fd: Number(process.env.PMI_FD) });
      const { PMI_RANK: rank, PMI_SIZE: size } = process.env;
      const steps = [
        'cmd=init pmi_version=1 pmi_subversion=1', 'cmd=put kvsname=x key=k' + rank + ' value=from ' + rank,
        'cmd=barrier_in', 'cmd=get kvsname=x key=k' + (Number(rank) + 1) % size,
        'cmd=get kvsname=x key=flux.taskmap', 'cmd=finalize',
      ];
      const next = () => socket.write(steps.shift() + '\\n');
      socket.on('data', (data) => {
        if (data.includes('value=')) process.stdout.write(/value=(.*)/.exec(data)[1] + '\\n');
        if (steps.length > 0) next(); else process.exit(0);
      });
      next();`;
    const { text, status } = await run(startOf({ command: [process.execPath, '-e', script], tasks: 3, nodes: 3 }, 3));
    expect(status).toBe(0);
    for (let task = 0; task < 3; task++) {
      expect(text[`stdout ${task}`]).toBe(`from ${(task + 1) % 3}\n{"version":1,"map":[[0,3,1,1]]}\n`);
    }
  });

  it('brings files of the job along and fills in templates', async () => {
    const files = {
      'bin/hello': { mode: 0o100700, encoding: 'utf-8' as const, data: '#!/bin/sh\necho hello $1 $X\n' },
    };
    const environment = { PATH: process.env['PATH']! };
    const shellOptions = { 'env-expand': { X: '{{id.dec}}-{{task.id}}' } };
    const start = startOf({
      command: ['{{tmpdir}}/bin/hello', '{{ntasks}}'],
      tasks: 2,
      files,
      environment,
      shellOptions,
    });
    const { text, status } = await run(start);
    expect(status).toBe(0);
    expect(text['stdout 1']).toBe(`hello 2 ${start.id}-1\n`);
  });

  it('writes output to files, one for all or one for each task, and says so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shell-'));
    try {
      const command = ['sh', '-c', 'echo out $FLUX_TASK_RANK; echo err >&2'];
      const path = join(folder, 'out-{{id.dec}}');
      const start = startOf(
        { command, tasks: 4, nodes: 2, output: path, error: `${path}-{{task.id}}`, labelIo: true },
        2,
      );
      const { text, contexts, status } = await run(start);
      expect(status).toBe(0);
      expect(text).toEqual({});
      expect(contexts('redirect')).toEqual([
        { stream: 'stdout', rank: '[0-3]', path: join(folder, `out-${start.id}`) },
        { stream: 'stderr', rank: '[0-3]', path: join(folder, `out-${start.id}-{{task.id}}`) },
      ]);
      const lines = readFileSync(join(folder, `out-${start.id}`), 'utf8')
        .trimEnd()
        .split('\n');
      expect(lines.sort()).toEqual(['0: out 0', '1: out 1', '2: out 2', '3: out 3']);
      expect(readFileSync(join(folder, `out-${start.id}-3`), 'utf8')).toBe('3: err\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('writes to and reads from paths in the directory of the job', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shell-'));
    try {
      writeFileSync(join(folder, 'in'), 'text');
      await run(startOf({ command: ['cat'], cwd: folder, input: 'in', output: 'out' }));
      expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('text');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('names the processes of all its shells', async () => {
    const flux = instance.flux(0);
    const start = startOf({ command: ['sleep', '100'], tasks: 3, nodes: 3 }, 3);
    const running = run(start);
    const topic = `${shellService(7, toFluid(start.id))}.proctable`;
    await vi.waitFor(async () => {
      const table = await flux.rpc<{ hosts: string[]; ranks: number[] }>(topic, {}, { nodeid: 0 });
      expect(table).toMatchObject({ hosts: ['node0', 'node1', 'node2'], ids: [0, 1, 1], ranks: [0, 1, 1] });
    });
    await flux.publish(`shell-${start.id}.kill`, { signum: 15 });
    await running;
  });

  it('reads input from a file', async () => {
    const { text } = await run(startOf({ command: ['wc', '-l'], input: '/etc/passwd', tasks: 2 }));
    expect(Number(text['stdout 0'])).toBe(readFileSync('/etc/passwd', 'utf8').split('\n').length - 1);
    expect(text['stdout 1']).toBe(text['stdout 0']);
    const missing = await run(startOf({ command: ['cat'], input: '/no/such/file' }));
    expect(missing.reports).toContainEqual(
      expect.objectContaining({ note: "error opening input file '/no/such/file': No such file or directory" }),
    );
    expect(missing.status).toBe(1 << 8);
  });

  it('drops output beyond the limit, with a warning', async () => {
    const options = { command: ['sh', '-c', 'echo 12345; echo 67890; exit 0'], shellOptions: { 'output.limit': 8 } };
    const { text, contexts } = await run(startOf(options));
    expect(text['stdout 0']).toBe('12345\n');
    const messages = contexts('log').map((context) => (context as { message: string }).message);
    expect(messages).toEqual(['stdout will be truncated, 8 limit exceeded', 'stdout: 4 of 12 bytes truncated']);
  });

  it('ends the job for one task that fails, with exit-on-error', async () => {
    const command = ['sh', '-c', 'test $FLUX_TASK_RANK = 1 && exit 3; exec sleep 100'];
    const start = startOf({ command, tasks: 2, shellOptions: { 'exit-on-error': 1 } });
    const note = 'sh: task rank 1 on host node0 failed (Exit 3) and exit-on-error is set';
    let seen: ShellReport | undefined;
    for await (const report of instance.flux(0).stream<ShellReport>('job-shell.start', start, { nodeid: 0 })) {
      if (report.type !== 'exception') continue;
      seen = report;
      await instance.flux(0).publish(`shell-${start.id}.kill`, { signum: 15 });
    }
    expect(seen).toEqual({ type: 'exception', exception: 'exec', severity: 0, note, status: 3 << 8 });
  });

  it('sets soft limits that differ from its own, and names options that it does not know', async () => {
    const command = ['sh', '-c', 'ulimit -c; ulimit -n'];
    const { text, contexts, status } = await run(
      startOf({ command, rlimits: { core: 0, nofile: 77 }, shellOptions: { gadget: 1 } }),
    );
    expect({ status, text: text['stdout 0'] }).toEqual({ status: 0, text: '0\n77\n' });
    expect(contexts('log')).toEqual([
      { rank: 0, level: 4, message: 'shell option gadget is not supported and has no effect' },
    ]);
    const missing = await run(startOf({ command: ['no-such-program'], rlimits: { nofile: 77 } }));
    expect(missing.status).toBe(127 << 8);
  });

  it('runs tasks on terminals of their own', async () => {
    const start = startOf({ command: ['sh', '-c', 'test -t 0 && tty && exit 3'], tasks: 2, shellOptions: { pty: 1 } });
    const { text, status, names } = await run(start);
    expect(text['stdout 1']).toMatch(/^\/dev\/pts\/\d+\r\n$/);
    expect(text['stdout 1']).not.toBe(text['stdout 0']);
    expect({ status, ends: names.filter((name) => name === 'output data').length }).toEqual({
      status: 3 << 8,
      ends: 6,
    });
    const missing = await run(startOf({ command: ['no-such-program'], shellOptions: { pty: 1 } }));
    expect(missing.status).toBe(127 << 8);
  });

  it('lets a client take over the terminal of an interactive job', async () => {
    const flux = instance.flux(2);
    const command = ['sh', '-c', 'stty size; read line; echo got $line; stty size'];
    const start = startOf({ command, shellOptions: { pty: { interactive: 1 } } });
    const running = run(start);
    const topic = `${shellService(7, toFluid(start.id))}.terminus.0`;
    const send = (message: object) => flux.rpc(topic, message, { nodeid: 0 });
    const winsize = { rows: 30, cols: 100 };
    const seen: { type: string; data?: string; status?: number }[] = [];
    const hello = { type: 'attach', mode: 'rw', winsize };
    for await (const message of flux.stream<(typeof seen)[0]>(topic, hello, { nodeid: 0 })) {
      seen.push(message);
      if (message.type !== 'attach') continue;
      await send({ type: 'resize', winsize: { rows: 20, cols: 50 } });
      await send({ type: 'data', data: 'hello\n' });
    }
    const shown = seen.map(({ data = '' }) => data).join('');
    expect(shown).toContain('hello\r\n');
    expect(shown).toMatch(/got hello\r\n20 50\r\n$/);
    expect(seen.at(-1)).toEqual({ type: 'exit', message: 'session exiting', status: 0 });
    const { text, contexts } = await running;
    expect(contexts('shell.init')).toEqual([expect.objectContaining({ pty: 'terminus.0' })]);
    expect(text['stdout 0']).toBe('');
  });

  it('does not keep an interactive job that nobody attaches to when it is killed', async () => {
    const start = startOf({ command: ['sleep', '100'], shellOptions: { pty: { interactive: 1 } } });
    const running = run(start);
    await instance.flux(0).publish(`shell-${start.id}.kill`, { signum: 15 });
    expect((await running).status).toBe((128 + 15) << 8);
  });
});
