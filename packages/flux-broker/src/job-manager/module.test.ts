import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Flux, KvsTransaction, kvsGet, type Request } from '@ebb/flux-client';
import {
  buildJobspec,
  type EventlogEntry,
  Idset,
  type JobspecOptions,
  parseEventlog,
  printFluid,
  printJson,
  ResourceSet,
  toFluid,
  wrapSigned,
} from '@ebb/flux-formats';
import { afterEach, describe, expect, it } from 'vitest';
import { type Instance, startInstance } from '../instance/instance.ts';
import type { ConfigObject, ModuleEntry } from '../module.ts';

// The test is the scheduler and the execution service: it answers as they do, and when it wants to.

const modules: ModuleEntry[] = [
  { name: 'content', ranks: 'leader', load: () => import('../content/module.ts') },
  { name: 'kvs', ranks: 'leader', load: () => import('../kvs/module.ts') },
  { name: 'job-manager', ranks: 'leader', load: () => import('./module.ts') },
  { name: 'job-ingest', ranks: 'all', load: () => import('../job-ingest/module.ts') },
];
const userid = process.getuid?.() ?? 0;

let running: Instance | undefined;
const folders: string[] = [];

afterEach(async () => {
  // The jobs that the test runs would keep a stop in order waiting.
  if (running?.isRunning(0)) running.kill(0);
  await running?.stop();
  running = undefined;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

interface Peers {
  flux: Flux;
  instance: Instance;
  /** Requests for resources that were not answered yet, by job id. */
  allocations: Map<bigint, Request>;
  starts: Map<bigint, Request>;
  freed: bigint[];
  /** What the hello of the scheduler told of jobs that hold resources. */
  holding: bigint[];
}

async function start(options: { config?: ConfigObject; statedir?: string; size?: number } = {}): Promise<Peers> {
  const { size = 1, ...rest } = options;
  const instance = startInstance({ size, modules, ...rest });
  running = instance;
  await instance.ready();
  const flux = instance.flux(0);
  const peers: Peers = { flux, instance, allocations: new Map(), starts: new Map(), freed: [], holding: [] };
  for (const service of ['sched', 'job-exec']) await flux.addService(service);
  flux.handle('sched.alloc', (request) => void peers.allocations.set(idOf(request), request));
  flux.handle('sched.cancel', (request) => {
    const id = idOf(request);
    peers.allocations.get(id)?.respond({ id, type: 3 });
    peers.allocations.delete(id);
  });
  flux.handle('sched.free', (request) => void peers.freed.push(idOf(request)));
  flux.handle('sched.prioritize', () => {});
  flux.handle('job-exec.start', (request) => void peers.starts.set(idOf(request), request));
  for await (const { id } of flux.stream<{ id: unknown }>('job-manager.sched-hello', {}))
    peers.holding.push(toFluid(id));
  await flux.rpc('job-manager.sched-ready', { mode: 'unlimited' });
  await flux.rpc('job-manager.exec-hello', { service: 'job-exec' });
  return peers;
}

function idOf(request: Request): bigint {
  return toFluid(request.json<{ id: unknown }>().id);
}

async function submit(
  flux: Flux,
  options: Partial<JobspecOptions> = {},
  { urgency = 16, flags = 0 } = {},
): Promise<bigint> {
  const jobspec = buildJobspec({ command: ['true'], cwd: '/', environment: { SECRET: 'x' }, ...options });
  const J = wrapSigned(printJson(jobspec), userid);
  return toFluid((await flux.rpc<{ id: unknown }>('job-ingest.submit', { J, urgency, flags })).id);
}

async function events(flux: Flux, id: bigint): Promise<string[]> {
  const text = await kvsGet(flux, `${printFluid(id, 'kvs')}.eventlog`);
  return parseEventlog(text.toString()).map(({ name }) => name);
}

async function allocate({ flux, allocations }: Peers, id: bigint): Promise<void> {
  await expect.poll(() => allocations.has(id)).toBe(true);
  const R = ResourceSet.ofHosts(['node0'], Idset.parse('0')).toJSON();
  await new KvsTransaction().put(`${printFluid(id, 'kvs')}.R`, printJson(R)).commit(flux);
  allocations.get(id)!.respond({ id, type: 0, R, annotations: { sched: { resource_summary: 'rank0/core0' } } });
  allocations.delete(id);
}

async function run(peers: Peers, id: bigint, status = 0): Promise<void> {
  await allocate(peers, id);
  await expect.poll(() => peers.starts.has(id)).toBe(true);
  const request = peers.starts.get(id)!;
  request.respond({ id, type: 'start', data: {} });
  request.respond({ id, type: 'finish', data: { status } });
  request.respond({ id, type: 'release', data: { ranks: 'all', final: true } });
}

describe('the life of a job', () => {
  it('goes from submit to clean', async () => {
    const peers = await start();
    const id = await submit(peers.flux);
    await run(peers, id);
    await expect
      .poll(() => events(peers.flux, id))
      .toEqual(['submit', 'validate', 'depend', 'priority', 'alloc', 'start', 'finish', 'release', 'free', 'clean']);
    expect(peers.freed).toEqual([id]);
    expect((await kvsGet(peers.flux, `${printFluid(id, 'kvs')}.jobspec`)).toString()).not.toContain('SECRET');
  });

  it('ends before it ran, when it is canceled while the scheduler has its request', async () => {
    const peers = await start();
    const id = await submit(peers.flux);
    await expect.poll(() => peers.allocations.has(id)).toBe(true);
    await peers.flux.rpc('job-manager.raise', { id, type: 'cancel', severity: 0 });
    await expect
      .poll(() => events(peers.flux, id))
      .toEqual(['submit', 'validate', 'depend', 'priority', 'exception', 'clean']);
    expect(peers.freed).toEqual([]);
  });
});

describe('urgency', () => {
  it('holds a job whose request the scheduler has, and lets it go again', async () => {
    const peers = await start();
    const id = await submit(peers.flux);
    await expect.poll(() => peers.allocations.has(id)).toBe(true);
    expect(await peers.flux.rpc('job-manager.urgency', { id, urgency: 0 })).toEqual({ old_urgency: 16 });
    await expect.poll(() => peers.allocations.has(id)).toBe(false);
    expect(await peers.flux.rpc('job-manager.alloc-query', {})).toEqual({
      queue_length: 0,
      alloc_pending: 0,
      running: 0,
    });
    await peers.flux.rpc('job-manager.urgency', { id, urgency: 31 });
    await expect.poll(() => peers.allocations.has(id)).toBe(true);
    expect(peers.allocations.get(id)!.json()).toMatchObject({ priority: 4_294_967_295 });
  });
});

describe('execution', () => {
  it('is asked again for a job that ran when the service went away', async () => {
    const peers = await start();
    const id = await submit(peers.flux);
    await allocate(peers, id);
    await expect.poll(() => peers.starts.has(id)).toBe(true);
    peers.starts.get(id)!.respond({ id, type: 'start', data: {} });
    await expect.poll(() => events(peers.flux, id)).toContain('start');
    peers.starts.get(id)!.respondError('ENOSYS');
    peers.starts.clear();
    // Until the manager has heard of the end, the hello finds nothing to ask for.
    await expect
      .poll(async () => {
        await peers.flux.rpc('job-manager.exec-hello', { service: 'job-exec' });
        return peers.starts.has(id);
      })
      .toBe(true);
    const again = peers.starts.get(id)!;
    expect(again.json()).toMatchObject({ reattach: true });
    again.respond({ id, type: 'reattached', data: {} });
    again.respond({ id, type: 'finish', data: { status: 256 } });
    again.respond({ id, type: 'release', data: { ranks: '0', final: false } });
    again.respond({ id, type: 'release', data: { ranks: 'all', final: true } });
    await expect.poll(() => events(peers.flux, id)).toContain('clean');
    expect((await events(peers.flux, id)).slice(4)).toEqual([
      'alloc',
      'start',
      'finish',
      'release',
      'release',
      'free',
      'clean',
    ]);
    expect(peers.freed).toEqual([id]);
  });
});

describe('waiting', () => {
  it('tells the end of a job to one who is still there', async () => {
    const peers = await start();
    const id = await submit(peers.flux, {}, { flags: 4 });
    const gone = peers.instance.flux(0);
    const lost = gone.rpc('job-manager.wait', { id }).catch((error: Error) => error);
    await expect(peers.flux.rpc('job-manager.wait', { id })).rejects.toThrow('job id already has a waiter');
    gone.close();
    await lost;
    let answer: Promise<unknown> | undefined;
    await expect
      .poll(async () => {
        answer = peers.flux.rpc('job-manager.wait', { id });
        return await Promise.race([
          answer.then(
            () => false,
            () => false,
          ),
          peers.flux.rpc('job-manager.ping', {}).then(() => true),
        ]);
      })
      .toBe(true);
    await run(peers, id, 256);
    expect(await answer).toMatchObject({ success: false, errstr: 'task(s) exited with exit code 1' });
  });
});

describe('policy', () => {
  const config = {
    policy: { jobspec: { defaults: { system: { queue: 'batch', duration: '10m' } } }, limits: { duration: '1h' } },
    queues: {
      batch: { requires: ['batch'], policy: { limits: { 'job-size': { max: { nnodes: 2 } } } } },
      debug: { policy: { limits: { duration: '5m', 'job-size': { min: { ncores: 2 } } } } },
    },
  };

  it('fills in what a job leaves open', async () => {
    const { flux } = await start({ config });
    const id = await submit(flux);
    const jobspec = JSON.parse((await kvsGet(flux, `${printFluid(id, 'kvs')}.jobspec`)).toString());
    expect(jobspec.attributes.system).toMatchObject({
      queue: 'batch',
      duration: 600,
      constraints: { properties: ['batch'] },
    });
  });

  it.each<[string, Partial<JobspecOptions>, string]>([
    ['too long', { duration: 7200 }, 'requested duration (2h) exceeds policy limit of 1h for queue batch'],
    [
      'too long for a queue',
      { queue: 'debug', cores: 2 },
      'requested duration (10m) exceeds policy limit of 5m for queue debug',
    ],
    ['too large', { nodes: 3, tasks: 3 }, 'requested nnodes (3) exceeds policy limit of 2 for queue batch'],
    ['too small', { queue: 'debug', duration: 60 }, 'requested ncores (1) is under policy limit of 2 for queue debug'],
    ['for no queue there is', { queue: 'none' }, "Invalid queue 'none' specified"],
  ])('refuses a job %s', async (_, options, text) => {
    const { flux } = await start({ config });
    await expect(submit(flux, options)).rejects.toThrow(text);
    expect(await flux.rpc('job-manager.stats-get')).toMatchObject({ active_jobs: 0, inactive_jobs: 0 });
  });

  it('starts queues by name, and sends no job of a queue that is stopped', async () => {
    const peers = await start({ config });
    const id = await submit(peers.flux);
    expect(await peers.flux.rpc('job-manager.queue-status', { name: 'batch' })).toMatchObject({ start: false });
    expect(await peers.flux.rpc('job-manager.alloc-query', {})).toMatchObject({ queue_length: 0, alloc_pending: 0 });
    await peers.flux.rpc('job-manager.queue-start', { name: 'batch', start: true, all: false });
    await expect.poll(() => peers.allocations.has(id)).toBe(true);
    await peers.flux.rpc('job-manager.queue-start', { name: 'batch', start: false, all: false });
    await expect.poll(() => peers.allocations.has(id)).toBe(false);
  });
});

it('forgets what was foretold of a job that is held', async () => {
  const peers = await start();
  const journal = peers.flux.stream<{ events: EventlogEntry[] }>('job-manager.events-journal', { full: false });
  const id = await submit(peers.flux);
  await expect.poll(() => peers.allocations.has(id)).toBe(true);
  const told: unknown[] = [];
  const foretold = { sched: { t_estimate: 1_800_000_000 }, user: { note: 'mine' } };
  peers.allocations.get(id)!.respond({ id, type: 1, annotations: foretold });
  await peers.flux.rpc('job-manager.urgency', { id, urgency: 0 });
  for await (const { events } of journal) {
    told.push(...events.flatMap(({ name, context }) => (name === 'annotations' ? [context?.['annotations']] : [])));
    if (told.length > 1) break;
  }
  expect(told).toEqual([foretold, { user: { note: 'mine' } }]);
});

describe('a virtual queue', () => {
  it('is scheduled while it and its parent are started', async () => {
    const peers = await start({ config: { queues: { batch: {}, express: { parent: 'batch' } } } });
    const status = (name: string) => peers.flux.rpc('job-manager.queue-status', { name });
    const set = (name: string, isOn: boolean) =>
      peers.flux.rpc('job-manager.queue-start', { name, start: isOn, all: false });
    const id = await submit(peers.flux, { queue: 'express' });
    await set('express', true);
    expect(await status('express')).toEqual({
      enable: true,
      start: false,
      parent: 'batch',
      blocked: 'parent',
      stop_reason: "parent queue 'batch' is stopped",
    });
    expect(peers.allocations.has(id)).toBe(false);
    await set('batch', true);
    await expect.poll(() => peers.allocations.has(id)).toBe(true);
    expect(await status('express')).toEqual({ enable: true, start: true, parent: 'batch' });
    await set('batch', false);
    await expect.poll(() => peers.allocations.has(id)).toBe(false);
  });
});

describe('a restart', () => {
  const statedir = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'job-manager-'));
    folders.push(folder);
    return folder;
  };

  it('brings jobs and queues back after a crash', async () => {
    const folder = statedir();
    const before = await start({ statedir: folder });
    const ended = await submit(before.flux);
    await run(before, ended);
    await expect.poll(() => events(before.flux, ended)).toContain('clean');
    const waiting = await submit(before.flux);
    const held = await submit(before.flux, {}, { urgency: 0 });
    const allocated = await submit(before.flux);
    await allocate(before, allocated);
    await expect.poll(() => events(before.flux, allocated)).toContain('alloc');
    await expect.poll(() => before.starts.has(allocated)).toBe(true);
    before.starts.get(allocated)!.respond({ id: allocated, type: 'start', data: {} });
    await expect.poll(() => events(before.flux, allocated)).toContain('start');
    await before.flux.rpc('job-manager.queue-enable', { enable: false, reason: 'maintenance', all: false });
    await end(before.instance, false);

    const after = await start({ statedir: folder });
    expect(after.holding).toEqual([allocated]);
    await expect.poll(() => [...after.allocations.keys()]).toEqual([waiting]);
    await expect.poll(() => [...after.starts.keys()]).toEqual([allocated]);
    expect(after.starts.get(allocated)!.json()).toMatchObject({ reattach: true });
    await expect
      .poll(() => events(after.flux, held))
      .toEqual(['submit', 'validate', 'depend', 'priority', 'flux-restart', 'priority']);
    expect(await after.flux.rpc('job-manager.queue-status', {})).toEqual({
      enable: false,
      start: true,
      disable_reason: 'maintenance',
    });
    await expect(submit(after.flux)).rejects.toThrow('job submission is disabled: maintenance');
    await after.flux.rpc('job-manager.queue-enable', { enable: true, all: false });
    const next = await submit(after.flux);
    expect(next > allocated).toBe(true);
  });

  it('starts a queue that was stopped for the end of the instance only', async () => {
    const folder = statedir();
    const config = { queues: { batch: {}, debug: {} } };
    const before = await start({ statedir: folder, config });
    const set = (name: string, isOn: boolean) =>
      before.flux.rpc('job-manager.queue-start', { name, start: isOn, all: false });
    await set('batch', true);
    await set('debug', true);
    await set('debug', false);
    await before.flux.rpc('job-manager.queue-start', { start: false, all: true, nocheckpoint: true });
    expect(await before.flux.rpc('job-manager.queue-status', { name: 'batch' })).toEqual({
      enable: true,
      start: false,
    });
    await end(before.instance, true);
    const after = await start({ statedir: folder, config });
    expect(await after.flux.rpc('job-manager.queue-status', { name: 'batch' })).toEqual({ enable: true, start: true });
    expect(await after.flux.rpc('job-manager.queue-status', { name: 'debug' })).toEqual({ enable: true, start: false });
  });

  it('knows the jobs that were over when it ended in order', async () => {
    const folder = statedir();
    const before = await start({ statedir: folder });
    const id = await submit(before.flux);
    await run(before, id);
    await expect.poll(() => events(before.flux, id)).toContain('clean');
    await end(before.instance, true);
    const after = await start({ statedir: folder });
    expect(await after.flux.rpc('job-manager.stats-get')).toMatchObject({ active_jobs: 0, inactive_jobs: 1 });
    expect(after.holding).toEqual([]);
    expect((await submit(after.flux)) > id).toBe(true);
  });

  it('gives no id twice, also when the job that had it was purged', async () => {
    const folder = statedir();
    const before = await start({ statedir: folder });
    const id = await submit(before.flux);
    await run(before, id);
    await expect.poll(() => events(before.flux, id)).toContain('clean');
    await before.flux.rpc('job-manager.purge', { age_limit: -1, num_limit: 0, batch: 10, force: true });
    await end(before.instance, false);
    const after = await start({ statedir: folder });
    const { max_jobid } = await after.flux.rpc<{ max_jobid: unknown }>('job-manager.getinfo');
    expect(toFluid(max_jobid)).toBe(id);
    expect((await submit(after.flux)) > id).toBe(true);
  });
});

async function end(instance: Instance, isInOrder: boolean): Promise<void> {
  if (!isInOrder) instance.kill(0);
  await instance.stop();
  running = undefined;
}
