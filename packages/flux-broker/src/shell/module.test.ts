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
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

  it('signals tasks by event, and shows the signal in the status', async () => {
    const flux = instance.flux(0);
    const start = startOf({ command: ['sleep', '100'], tasks: 2, nodes: 2 }, 2);
    const streams = run(start);
    await flux.publish(`shell-${start.id}.kill`, { signum: 15 });
    expect((await streams).status).toBe((128 + 15) << 8);
  });
});
