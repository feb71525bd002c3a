import { kvsGet } from '@ebb/flux-client';
import { type EventlogEntry, type JobspecOptions, printFluid } from '@ebb/flux-formats';
import { describe, expect, it } from 'vitest';
import { allocate, events, run, start, submit } from './job-peers.fixture.ts';

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
