import { type Flux, KvsTransaction, kvsGet } from '@ebb/flux-client';
import {
  buildJobspec,
  type EventlogEntry,
  Idset,
  type Jobspec,
  type JobspecOptions,
  parseEventlog,
  printFluid,
  printJson,
  ResourceSet,
  wrapSigned,
} from '@ebb/flux-formats';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Instance, startInstance } from '../instance/instance.ts';
import type { ModuleEntry } from '../module.ts';

// The test is the job manager: it asks for jobs and tells of exceptions as the manager does.

let instance: Instance;
let flux: Flux;

const modules: ModuleEntry[] = [
  { name: 'content', ranks: 'leader', load: () => import('../content/module.ts') },
  { name: 'kvs', ranks: 'leader', load: () => import('../kvs/module.ts') },
  { name: 'job-shell', ranks: 'all', load: () => import('../shell/module.ts') },
  { name: 'job-exec', ranks: 'none', args: ['kill-timeout=0.2s'], load: () => import('./module.ts') },
];

beforeAll(async () => {
  instance = startInstance({ size: 4, modules, socketRanks: [0, 1, 2, 3] });
  await instance.ready();
  flux = instance.flux(0);
  await flux.addService('job-manager');
  flux.handle('job-manager.exec-hello', (request) => {
    expect(request.json()).toEqual({ service: 'job-exec' });
    request.respond();
  });
  await flux.rpc('module.load', { path: 'job-exec', args: ['kill-timeout=0.2s'] });
});

afterAll(() => instance.stop());

interface Answer {
  id: number;
  type: string;
  data: Record<string, unknown>;
}

let lastId = 0;

function job(options: Partial<JobspecOptions>, nodes = 1): Job {
  lastId += 1;
  const environment = { PATH: process.env['PATH']! };
  const jobspec = buildJobspec({ command: ['true'], cwd: '/tmp', environment, ...options });
  return new Job(lastId, jobspec, nodes);
}

class Job {
  readonly id: number;
  readonly key: string;
  readonly request: Record<string, unknown>;
  readonly answers: Answer[] = [];
  readonly #jobspec: Jobspec;

  constructor(id: number, jobspec: Jobspec, nodes: number) {
    this.id = id;
    this.key = printFluid(BigInt(id), 'kvs');
    this.#jobspec = jobspec;
    const R = ResourceSet.ofHosts(instance.hostnames.slice(0, nodes), Idset.parse('0-3')).toJSON();
    const { environment: _, ...system } = jobspec.attributes.system;
    this.request = { id, userid: 7, jobspec: { ...jobspec, attributes: { system } }, reattach: false, R };
  }

  /** Runs it until its resources are released. */
  async run(onAnswer: (answer: Answer) => void = () => {}): Promise<this> {
    await new KvsTransaction().put(`${this.key}.J`, wrapSigned(printJson(this.#jobspec), 7)).commit(flux);
    for await (const answer of flux.stream<Answer>('job-exec.start', this.request)) {
      this.answers.push(answer);
      onAnswer(answer);
      if (answer.type === 'exception') await this.raise(String(answer.data['type']));
      if (answer.type === 'release') break;
    }
    return this;
  }

  async raise(type: string): Promise<void> {
    await flux.publish('job-exception', { id: this.id, type, severity: 0 });
  }

  get summary(): string[] {
    return this.answers.map(({ type, data }) => [type, ...Object.values(data)].join(' '));
  }

  async events(log: string): Promise<EventlogEntry[]> {
    return parseEventlog((await kvsGet(flux, `${this.key}.guest.${log}`)).toString());
  }

  async names(log: string): Promise<string[]> {
    return (await this.events(log)).map(({ name }) => name);
  }
}

describe('job execution', () => {
  it('runs a job and leaves its eventlogs behind', async () => {
    const done = await job({ command: ['sh', '-c', 'echo hello'] }).run();
    expect(done.summary).toEqual(['start', 'finish 0', 'release all true']);
    expect(await done.names('exec.eventlog')).toEqual([
      'init',
      'starting',
      'shell.init',
      'shell.start',
      'shell.task-exit',
      'shell-exit',
      'complete',
      'done',
    ]);
    const output = await done.events('output');
    expect(output[1]!.context).toEqual({ stream: 'stdout', rank: '0', data: 'hello\n' });
    const { namespaces } = await flux.rpc<{ namespaces: { namespace: string }[] }>('kvs.namespace-list');
    expect(namespaces.map(({ namespace }) => namespace)).not.toContain(`job-${done.id}`);
  });

  it('gives a task on another node its namespace and the instance to talk to', async () => {
    const script = 'echo $FLUX_KVS_NAMESPACE $FLUX_URI $FLUX_JOB_ID';
    const done = await job({ command: ['sh', '-c', script], nodes: 3, tasks: 3 }, 3).run();
    const lines = (await done.events('output')).flatMap(({ context }) => (context?.['data'] as string) ?? []);
    const expected = [0, 1, 2].map((rank) => `job-${done.id} ${instance.uri(rank)} ${printFluid(BigInt(done.id))}\n`);
    expect(lines.sort()).toEqual(expected.sort());
  });

  it('ends with the exit code of a command that is not there', async () => {
    const done = await job({ command: ['/no/such/program'] }).run();
    const note = 'task 0 (host node0): start failed: /no/such/program: No such file or directory';
    expect(done.summary).toEqual(['start', `exception 0 exec ${note}`, `finish ${127 << 8}`, 'release all true']);
  });

  it('ends a job by exception, with SIGKILL where SIGTERM is not enough', async () => {
    const script = 'trap "" TERM; echo ready; while :; do sleep 0.1; done';
    const stubborn = job({ command: ['sh', '-c', script] });
    // The trap must be set before the signal comes.
    const ready = new Promise<void>((resolve) => {
      const timer = setInterval(async () => {
        const text = await kvsGet(flux, 'output', { namespace: `job-${stubborn.id}` }).catch(() => '');
        if (!text.toString().includes('ready')) return;
        clearInterval(timer);
        resolve();
      }, 10);
    });
    const running = stubborn.run();
    await ready;
    await stubborn.raise('cancel');
    expect((await running).summary).toEqual(['start', `finish ${(128 + 9) << 8}`, 'release all true']);
  });

  it('ends a job whose time is over', async () => {
    const late = job({ command: ['sleep', '100'] });
    const R = late.request['R'] as { execution: { starttime: number; expiration: number } };
    R.execution.starttime = Date.now() / 1000;
    R.execution.expiration = R.execution.starttime + 0.05;
    const done = await late.run();
    const exception = 'exception 0 timeout resource allocation expired';
    expect(done.summary).toEqual(['start', exception, `finish ${(128 + 14) << 8}`, 'release all true']);
  });

  it('takes a new time limit', async () => {
    const done = await job({ command: ['sleep', '100'] }).run(({ type, id }) => {
      if (type === 'start') void flux.rpc('job-exec.expiration', { id, expiration: 1 });
    });
    expect(done.summary).toContain('exception 0 timeout resource allocation expired');
    await expect(flux.rpc('job-exec.expiration', { id: done.id, expiration: 1 })).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it('only seems to run a job that is to be simulated', async () => {
    const test = (fields: object) => job({ attributes: { 'exec.test': fields } });
    const done = await test({ run_duration: '1ms', wait_status: 256 }).run();
    expect(done.summary).toEqual(['start', 'finish 256', 'release all true']);
    expect(await done.names('exec.eventlog')).toEqual(['init', 'starting', 'recoverable', 'complete', 'done']);
    const failed = await test({ mock_exception: 'init' }).run();
    expect(failed.summary).toEqual(['exception 0 exec mock initialization exception generated', 'release all true']);
  });

  it('lets a simulated job begin and end on request', async () => {
    const held = job({ attributes: { 'exec.test': { override: 1 } } });
    const override = (event: string) => flux.rpc('job-exec.override', { event, jobid: held.id, status: 9 });
    await expect(override('start')).rejects.toThrow('Job not found');
    held.request['userid'] = process.getuid?.() ?? 0;
    const running = held.run(({ type }) => {
      if (type === 'start') void override('finish');
    });
    await vi.waitFor(() => override('start'));
    expect((await running).summary).toEqual(['start', 'finish 9', 'release all true']);
    expect(held.answers.length).toBe(3);
  });

  it('names what runs, and what may be lost', async () => {
    const two = job({ command: ['sleep', '100'], nodes: 2, tasks: 2 }, 2);
    let stats: { jobs: Record<string, Record<string, unknown>> } | undefined;
    await two.run(async ({ type, id }) => {
      if (type !== 'start') return;
      stats = await flux.rpc('job-exec.stats-get');
      await flux.publish(`shell-${id}.kill`, { signum: 15 });
    });
    expect(stats?.jobs[printFluid(BigInt(two.id))]).toMatchObject({
      implementation: 'bulk-exec',
      ns: `job-${two.id}`,
      critical_ranks: '0-1',
      running: 1,
    });
  });

  it('ends a job that loses a node, and all its other tasks', async () => {
    const wide = job({ command: ['sleep', '100'], nodes: 4, tasks: 4 }, 4);
    const done = await wide.run(({ type }) => {
      if (type === 'start') instance.kill(3);
    });
    expect(done.summary).toEqual([
      'start',
      'exception 0 exec node failure on node3 (rank 3)',
      `finish ${(128 + 15) << 8}`,
      'release all true',
    ]);
  });

  it('finds jobs again after it was away, and lets those go on that can', async () => {
    const reload = async () => {
      await flux.rpc('module.remove', { name: 'job-exec' });
      for (const { namespace } of (await flux.rpc<{ namespaces: { namespace: string }[] }>('kvs.namespace-list'))
        .namespaces) {
        if (namespace.startsWith('job-')) await flux.rpc('kvs.namespace-remove', { namespace });
      }
      await flux.rpc('module.load', { path: 'job-exec', args: [] });
    };
    const started = async (options: Partial<JobspecOptions>) => {
      const begun = job(options);
      await new Promise<void>((resolve) => {
        begun.run(({ type }) => type === 'start' && resolve()).catch(() => {});
      });
      return begun;
    };
    const real = await started({ command: ['sleep', '100'] });
    const simulated = await started({ attributes: { 'exec.test': { run_duration: '0.2s' } } });
    const now = Date.now() / 1000;
    const eventlog = `${printJson({ timestamp: now, name: 'start' })}\n`;
    await new KvsTransaction().put(`${simulated.key}.eventlog`, eventlog).commit(flux);
    await reload();
    for (const each of [real, simulated]) {
      each.answers.length = 0;
      each.request['reattach'] = true;
      await each.run();
    }
    expect(real.summary).toEqual([
      'exception 0 exec reattach to running job is not implemented: Function not implemented',
      'release all true',
    ]);
    expect(await real.names('exec.eventlog')).toEqual(expect.arrayContaining(['init', 'reattach', 'done']));
    expect(simulated.summary).toEqual(['reattached', 'finish 0', 'release all true']);
  });
});
