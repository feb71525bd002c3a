import { connect, type Flux, type Request, Role } from '@ebb/flux-client';
import { buildJobspec, type EventlogEntry, Idset, ResourceSet } from '@ebb/flux-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Instance, startInstance } from '../instance/instance.ts';
import type { BrokerModule } from '../module.ts';

// The journal of job-manager as far as job-list can see it: what the test writes goes to every reader.
class Journal implements BrokerModule {
  readonly name = 'job-manager';
  readonly services = ['kvs'];
  readonly backlog: object[] = [];
  readonly #readers: Request[] = [];
  readonly known = new Set<string>();

  async start({ flux }: { flux: Flux }): Promise<void> {
    flux.handle('job-manager.events-journal', (request) => {
      for (const message of this.backlog) request.respond(message);
      request.respond({ id: -1, events: [] });
      this.#readers.push(request);
    });
    flux.handle('kvs.lookup', (request) => {
      if (!this.known.has(request.json<{ key: string }>().key)) return request.respondError('ENOENT');
      request.respond({ val: {} });
    });
  }

  write(id: bigint, events: EventlogEntry[], more: object = {}): void {
    const message = { id, events, ...more };
    this.backlog.push(message);
    for (const reader of this.#readers) reader.respond(message);
  }
}

const journal = new Journal();
const jobspec = buildJobspec({
  command: ['/bin/hostname', 'x'],
  cwd: '/home/a',
  environment: { HOME: '/home/a' },
  nodes: 2,
  duration: 60,
  queue: 'batch',
});
const R = ResourceSet.ofHosts(['n0', 'n1'], Idset.parse('0-3')).withDetails({ startTime: 5, expiration: 65 }).toJSON();

let instance: Instance;
let flux: Flux;

const event = (timestamp: number, name: string, context?: Record<string, unknown>): EventlogEntry => ({
  timestamp,
  name,
  ...(context ? { context } : {}),
});

/** The events of a job up to one of them. */
function story(id: bigint, until: string, { userid = 10, at = 100, status = 0, priority = 16 } = {}): void {
  const events = [
    event(at, 'submit', { userid, urgency: 16, flags: 0, version: 1 }),
    event(at + 1, 'validate'),
    event(at + 2, 'depend'),
    event(at + 3, 'priority', { priority }),
    event(at + 4, 'alloc'),
    event(at + 5, 'start'),
    event(at + 6, 'finish', { status }),
    event(at + 7, 'release', { ranks: 'all', final: true }),
    event(at + 8, 'free'),
    event(at + 9, 'clean'),
  ];
  for (const each of events) {
    journal.write(id, [each], {
      ...(each.name === 'submit' ? { jobspec } : {}),
      ...(each.name === 'alloc' ? { R } : {}),
    });
    if (each.name === until) return;
  }
}

const list = async (request: object = {}) =>
  (await flux.rpc<{ jobs: Record<string, unknown>[] }>('job-list.list', { max_entries: 0, attrs: [], ...request }))
    .jobs;
const ids = async (request: object = {}) => (await list(request)).map(({ id }) => id);
const listId = (id: number, more: object = {}) =>
  flux.rpc<{ job: Record<string, unknown> }>('job-list.list-id', { id, attrs: ['all'], ...more });
const until = async (id: number, state: number) => void (await listId(id, { state }));

const guestOf = (of: Instance, userid: number) =>
  connect(of.uri(0), { environment: { FLUX_HANDLE_USERID: `${userid}`, FLUX_HANDLE_ROLEMASK: `${Role.User}` } });

beforeAll(async () => {
  story(1n, 'clean', { at: 100 });
  story(2n, 'clean', { at: 50, status: 256, userid: 11 });
  story(3n, 'alloc', { at: 200 });
  story(4n, 'priority', { at: 300 });
  story(5n, 'priority', { at: 310, priority: 20 });
  const modules = [
    { name: 'job-manager', ranks: 'leader' as const, load: async () => ({ create: () => journal }) },
    { name: 'job-list', ranks: 'leader' as const, load: () => import('./module.ts') },
  ];
  instance = startInstance({ size: 1, modules });
  await instance.ready();
  flux = instance.flux(0);
});

afterAll(() => instance.stop());

describe('job-list.list', () => {
  it('lists pending jobs by priority, then running, then inactive ones, the latest first', async () => {
    expect(await ids()).toEqual([5, 4, 3, 1, 2]);
    expect(await ids({ max_entries: 2 })).toEqual([5, 4]);
    expect(await ids({ since: 60 })).toEqual([5, 4, 3, 1]);
  });

  it('shows what is known of a job, times as reals', async () => {
    const raw = await flux.rpcRaw('job-list.list-id', Buffer.from('{"id":1,"attrs":["all"]}\0'));
    const text = Buffer.from(raw!).toString().replace('\0', '');
    expect(text).toContain('"t_submit":100.0');
    expect(text).toContain('"duration":60.0');
    expect(JSON.parse(text).job).toEqual({
      id: 1,
      userid: 10,
      urgency: 16,
      priority: 16,
      t_submit: 100,
      t_depend: 101,
      t_priority: 102,
      t_sched: 103,
      t_run: 104,
      t_cleanup: 106,
      t_inactive: 109,
      state: 64,
      name: 'hostname',
      cwd: '/home/a',
      queue: 'batch',
      ntasks: 2,
      ncores: 8,
      duration: 60,
      nnodes: 2,
      ranks: '[0-1]',
      nodelist: 'n[0-1]',
      success: true,
      exception_occurred: false,
      result: 1,
      expiration: 65,
      waitstatus: 0,
    });
    expect((await list({ attrs: ['ranks', 'result', 't_run'] }))[0]).toEqual({ id: 5 });
  });

  it('streams a job a message', async () => {
    const found = [];
    for await (const message of flux.stream('job-list.list', { max_entries: 2, attrs: ['name'] })) found.push(message);
    expect(found).toEqual([
      { jobs: [{ id: 5, name: 'hostname' }], version: 1 },
      { jobs: [{ id: 4, name: 'hostname' }] },
    ]);
  });

  it.each([
    [{ userid: [11] }, [2]],
    [{ and: [{ userid: [10] }, { states: [62] }] }, [5, 4, 3]],
    [{ or: [{ states: ['running', 'I'].slice(1) }, { results: [2] }] }, [1, 2]],
    [{ results: ['failed'] }, [2]],
    [{ not: [{ states: ['SCHED'] }] }, [3, 1, 2]],
    [{ name: ['hostname'] }, [5, 4, 3, 1, 2]],
    [{ queue: ['debug'] }, []],
    [{ hostlist: ['n1'] }, [3, 1, 2]],
    [{ ranks: ['7'] }, []],
    [{ t_run: ['>=104'] }, [3, 1]],
    [{ t_inactive: ['<100.5'] }, [2]],
    [{ or: [] }, [5, 4, 3, 1, 2]],
    [{}, [5, 4, 3, 1, 2]],
  ])('finds %j', async (constraint, found) => {
    expect(await ids({ constraint })).toEqual(found);
  });

  it.each([
    [{ constraint: { color: [] } }, 'unknown constraint operator: color'],
    [{ constraint: { t_run: ['5'] } }, 'timestamp comparison operator not specified'],
    [{ constraint: { states: ['odd'] } }, "invalid states value 'odd' specified"],
    [{ max_entries: -1 }, 'max_entries < 0 not allowed'],
    [{ attrs: ['odd'] }, 'odd is not a valid attribute'],
  ])('refuses %j', async (request, text) => {
    await expect(list(request)).rejects.toThrow(text);
  });
});

describe('a job', () => {
  it('is waited for until it is known and in the state', async () => {
    journal.known.add('job.0000.0000.0000.0014.eventlog');
    const waiting = listId(20, { state: 16 });
    story(20n, 'depend');
    journal.write(20n, [event(1, 'annotations', { annotations: { sched: { reason: 'busy' } } })]);
    journal.write(20n, [event(1, 'memo', { uri: 'x' }), event(2, 'priority', { priority: 3 })]);
    await until(20, 8);
    expect((await listId(20)).job['annotations']).toEqual({ sched: { reason: 'busy' }, user: { uri: 'x' } });
    journal.write(20n, [event(3, 'urgency', { urgency: 31, userid: 10 })]);
    journal.write(20n, [event(4, 'priority', { priority: 4294967295 }), event(5, 'alloc')], { R });
    expect((await waiting).job).toMatchObject({ state: 16, urgency: 31, priority: 4294967295, t_sched: 2 });
    expect(await flux.rpc('job-list.stats-get')).toMatchObject({ idsync: { lookups: 0, waits: 0 } });
  });

  it('that does not exist is not found', async () => {
    await expect(listId(999)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is cancelled with what became of it, and forgotten when it is purged', async () => {
    story(21n, 'priority');
    const fatal = { type: 'cancel', severity: 0, userid: 10, note: 'no' };
    journal.write(21n, [event(5, 'exception', { ...fatal, type: 'note', severity: 3 }), event(6, 'exception', fatal)]);
    journal.write(21n, [event(7, 'clean')]);
    journal.known.add('job.0000.0000.0000.0015.eventlog');
    await until(21, 64);
    const { job } = await listId(21);
    expect(job).toMatchObject({ result: 4, success: false, exception_type: 'cancel', exception_note: 'no' });
    expect(job).not.toHaveProperty('ranks');
    journal.known.clear();
    await instance.flux(0).publish('job-purge-inactive', { jobs: [21] });
    await expect.poll(() => listId(21).catch((error) => error.code)).toBe('ENOENT');
  });

  it('follows updates of its jobspec and resources', async () => {
    story(22n, 'priority');
    journal.write(22n, [
      event(6, 'jobspec-update', { 'attributes.system.duration': 90.5, 'attributes.system.queue': 'q' }),
    ]);
    journal.write(22n, [event(7, 'priority', { priority: 1 }), event(8, 'alloc')], { R });
    journal.write(22n, [event(9, 'resource-update', { expiration: 99 })]);
    journal.write(22n, [event(9, 'dependency-add', { description: 'd' })]);
    await expect.poll(async () => (await listId(22)).job).toMatchObject({ dependencies: ['d'] });
    expect((await listId(22)).job).toMatchObject({ duration: 90.5, queue: 'q', expiration: 99, state: 16 });
  });
});

describe('job-list.job-stats', () => {
  it('counts and tells changes', async () => {
    const stream = flux.stream<{ job_states: Record<string, number>; queues: unknown[] }>('job-list.job-stats', {});
    const { value: first } = await stream.next();
    expect(first).toMatchObject({ successful: 1, failed: 1, canceled: 0, inactive_purged: 1 });
    expect(first!.queues).toContainEqual(expect.objectContaining({ name: 'batch' }));
    story(30n, 'submit');
    journal.write(30n, [event(1, 'validate')]);
    const { value: next } = await stream.next();
    expect(next!.job_states['depend']).toBe(1);
    expect(next!.job_states['total']).toBe(first!.job_states['total']! + 1);
    await stream.return?.();
  });
});

describe('private mode', () => {
  it('shows guests their own jobs only', async () => {
    const quiet = startInstance({
      size: 1,
      socketRanks: [0],
      config: { access: { 'private-mode': true } },
      modules: [
        { name: 'job-manager', ranks: 'leader', load: async () => ({ create: () => journal }) },
        { name: 'job-list', ranks: 'leader', load: () => import('./module.ts') },
      ],
    });
    await quiet.ready();
    const guest = await guestOf(quiet, 11);
    const { jobs } = await guest.rpc<{ jobs: unknown[] }>('job-list.list', { max_entries: 0, attrs: ['userid'] });
    expect(jobs).toEqual([{ id: 2, userid: 11 }]);
    await expect(guest.rpc('job-list.list-id', { id: 1, attrs: [] })).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(guest.rpc('job-list.job-stats', {})).rejects.toMatchObject({ code: 'EPERM' });
    await quiet.stop();
  });
});
