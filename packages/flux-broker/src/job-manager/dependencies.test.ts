import { type Flux, JobState, jobById, submitJob } from '@ebb/flux-client';
import { buildJobspec, type JobspecOptions, printFluid } from '@ebb/flux-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Instance, startInstance } from '../instance/instance.ts';

let instance: Instance;
let flux: Flux;

beforeAll(async () => {
  instance = startInstance({ size: 1, cores: 8 });
  await instance.ready();
  flux = instance.flux(0);
});

afterAll(() => instance.stop());

const submit = (options: Partial<JobspecOptions>, urgency = 16) =>
  submitJob(flux, buildJobspec({ command: ['true'], cwd: '/tmp', environment: {}, ...options }), { urgency });
const after = (scheme: string, id: bigint) => submit({ dependencies: [{ scheme, value: printFluid(id) }] });
const job = async (id: bigint) => (await jobById(flux, id)) as unknown as Record<string, unknown>;
/** The job once it is over. */
const ended = async (id: bigint) => {
  const request = { id, attrs: ['all'], state: JobState.Inactive };
  return (await flux.rpc<{ job: Record<string, unknown> }>('job-list.list-id', request)).job;
};
const cancel = (id: bigint) => flux.rpc('job-manager.raise', { id, severity: 0, type: 'cancel', note: '' });
const release = (id: bigint) => flux.rpc('job-manager.urgency', { id, urgency: 16 });

describe('a job that waits for another', () => {
  it.each([
    ['afterok', 'after-success', ['true'], true],
    ['afterok', 'after-success', ['false'], false],
    ['afternotok', 'after-failure', ['false'], true],
    ['afternotok', 'after-failure', ['true'], false],
    ['afterany', 'after-finish', ['false'], true],
    ['afterstart', 'after-start', ['true'], true],
    ['afterexcept', 'after-except', ['true'], false],
  ] as const)('%s (%s) with a job that runs %j: runs %s', async (scheme, type, command, runs) => {
    const target = await submit({ command: [...command] }, 0);
    const id = await after(scheme, target);
    const description = `${type}=${printFluid(target)}`;
    await expect.poll(() => job(id)).toMatchObject({ state: JobState.Depend, dependencies: [description] });
    await release(target);
    const over = await ended(id);
    expect(over).toMatchObject(
      runs
        ? { success: true, dependencies: [] }
        : { exception_type: 'dependency', exception_note: `dependency ${description} can never be satisfied` },
    );
  });

  it('does not run when that never started, but for afterany', async () => {
    const target = await submit({}, 0);
    const [never, any] = [await after('afternotok', target), await after('afterany', target)];
    await cancel(target);
    expect((await ended(never))['exception_note']).toMatch(/^dependency after-failure=\S+ job never started$/);
    expect(await ended(any)).toMatchObject({ success: true });
  });

  it('is taken or refused at once when that is over', async () => {
    const good = await submit({});
    await ended(good);
    expect(await ended(await after('afterok', good))).toMatchObject({ success: true });
    await expect(after('afternotok', good)).rejects.toThrow(
      `dependency: afternotok: job ${printFluid(good)} succeeded`,
    );
    await expect(after('afterok', 12345n)).rejects.toThrow('job not found');
    await expect(submit({ dependencies: [{ scheme: 'afterok', value: '?' }] })).rejects.toThrow('is not a valid jobid');
    await expect(submit({ dependencies: [{ scheme: 'moon', value: '' }] })).rejects.toThrow(
      'dependency scheme "moon" not supported',
    );
  });
});

describe('a job that waits', () => {
  it('for a time runs at that time', async () => {
    const time = Date.now() / 1000 + 0.3;
    const over = await ended(await submit({ dependencies: [{ scheme: 'begin-time', value: `${time}` }] }));
    expect(over).toMatchObject({ success: true });
    expect(over['t_run']).toBeGreaterThanOrEqual(time);
  });

  it('for its name has it alone', async () => {
    const single = (urgency = 16) =>
      submit({ attributes: { 'job.name': 'one' }, dependencies: [{ scheme: 'singleton', value: '' }] }, urgency);
    const first = await single(0);
    await expect.poll(() => job(first)).toMatchObject({ state: JobState.Sched });
    const others = [await single(), await single()];
    for (const id of others) expect(await job(id)).toMatchObject({ dependencies: ['singleton'] });
    await release(first);
    const [a, b] = await Promise.all(others.map(ended));
    expect(b!['t_run']).toBeGreaterThanOrEqual(a!['t_inactive'] as number);
  });
});

describe('purging', () => {
  it('forgets what is over, the first to end first', async () => {
    const one = await submit({});
    await ended(one);
    const two = await submit({});
    await ended(two);
    const held = await submit({}, 0);
    const purge = (more: object) =>
      flux.rpc<{ count: number }>('job-manager.purge', {
        age_limit: -1,
        num_limit: -1,
        batch: 50,
        force: true,
        ...more,
      });
    expect((await purge({ force: false, num_limit: 1 })).count).toBeGreaterThan(0);
    await purge({ num_limit: 1 });
    await expect.poll(() => job(one).catch((error) => error.code)).toBe('ENOENT');
    expect(await job(two)).toMatchObject({ success: true });
    await expect(flux.rpc('job-info.lookup', { id: one, keys: ['R'], flags: 0 })).rejects.toThrow('invalid job id');
    await expect(flux.rpc('job-manager.purge-id', { id: held, force: true })).rejects.toThrow(
      'cannot purge active job',
    );
    await flux.rpc('job-manager.purge-id', { id: two, force: true });
    await expect(purge({ batch: 0 })).rejects.toThrow('batch must be >= 1');
    await cancel(held);
  });
});
