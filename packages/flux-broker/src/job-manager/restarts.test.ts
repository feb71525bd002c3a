import { toFluid } from '@ebb/flux-formats';
import { describe, expect, it } from 'vitest';
import { allocate, end, events, run, start, statedir, submit } from './job-peers.fixture.ts';

/** An instance in which one job is over. */
async function startAndRunOne() {
  const folder = statedir();
  const before = await start({ statedir: folder });
  const id = await submit(before.flux);
  await run(before, id);
  await expect.poll(() => events(before.flux, id)).toContain('clean');
  return { folder, before, id };
}

describe('a restart', () => {
  it('brings jobs and queues back after a crash', async () => {
    const { folder, before } = await startAndRunOne();
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
    const { folder, before, id } = await startAndRunOne();
    await end(before.instance, true);
    const after = await start({ statedir: folder });
    expect(await after.flux.rpc('job-manager.stats-get')).toMatchObject({ active_jobs: 0, inactive_jobs: 1 });
    expect(after.holding).toEqual([]);
    expect((await submit(after.flux)) > id).toBe(true);
  });

  it('gives no id twice, also when the job that had it was purged', async () => {
    const { folder, before, id } = await startAndRunOne();
    await before.flux.rpc('job-manager.purge', { age_limit: -1, num_limit: 0, batch: 10, force: true });
    await end(before.instance, false);
    const after = await start({ statedir: folder });
    const { max_jobid } = await after.flux.rpc<{ max_jobid: unknown }>('job-manager.getinfo');
    expect(toFluid(max_jobid)).toBe(id);
    expect((await submit(after.flux)) > id).toBe(true);
  });
});
