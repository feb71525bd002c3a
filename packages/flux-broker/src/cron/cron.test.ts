import type { Flux } from '@ebb/flux-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Instance, startInstance } from '../instance/instance.ts';
import { DatePattern } from './date-pattern.ts';

const at = (text: string) => new Date(text).getTime();

describe('a date pattern', () => {
  it.each([
    [{ second: 0, minute: '*/15' }, '2026-03-01T10:02:00', '2026-03-01T10:15:00'],
    [{ second: 0, minute: 0, hour: 3, weekday: 'sun' }, '2026-03-02T10:00:00', '2026-03-08T03:00:00'],
    [{ second: 0, minute: 0, hour: 0, mday: 29, month: 'feb' }, '2026-03-02T10:00:00', '2028-02-29T00:00:00'],
    [{ second: '5,7' }, '2026-12-31T23:59:07', '2027-01-01T00:00:05'],
    [{ second: 1, minute: 2, hour: 3, mday: 4, month: 4, year: 130 }, '2026-01-01T00:00:00', '2030-05-04T03:02:01'],
  ])('%j after %s is %s', (fields, now, next) => {
    expect(new Date(new DatePattern(fields).next(at(now))!)).toEqual(new Date(next));
  });

  it('has an end, and refuses what no date can be', () => {
    expect(new DatePattern({ year: 100 }).next(at('2026-01-01T00:00:00'))).toBeUndefined();
    for (const fields of [{ hour: 24 }, { month: 'someday' }, { minute: '1/0' }, { mday: '3-x' }, { hour: {} }]) {
      expect(() => new DatePattern(fields)).toThrow();
    }
  });
});

interface Entry {
  id: number;
  stopped: boolean;
  stats: Record<string, number>;
  tasks: { state: string; code?: number; rank: number }[];
  typedata: Record<string, number>;
}

describe('the module cron', () => {
  let instance: Instance;
  let flux: Flux;

  beforeAll(async () => {
    const modules = [
      { name: 'rexec', ranks: 'all' as const, load: () => import('../rexec/module.ts') },
      { name: 'cron', ranks: 'leader' as const, load: () => import('./module.ts') },
    ];
    instance = startInstance({ size: 2, modules });
    await instance.ready();
    flux = instance.flux(0);
  });

  afterAll(() => instance.stop());

  const create = (type: string, args: object, command: string, more: object = {}) =>
    flux.rpc<Entry>('cron.create', { type, name: 'test', command, args, ...more });
  const find = async (id: number) =>
    (await flux.rpc<{ entries: Entry[] }>('cron.list')).entries.find((entry) => entry.id === id);

  it('runs a command time and again, so often as is asked', async () => {
    const { id } = await create('interval', { interval: 0.01 }, 'exit 3', { repeat: 2, rank: 1 });
    await expect.poll(() => find(id)).toMatchObject({ stopped: true, stats: { total: 2, failure: 2, success: 0 } });
    expect((await find(id))!.tasks).toMatchObject([{ state: 'Failed', code: 3, rank: 1 }]);
    await flux.rpc('cron.start', { id });
    await expect.poll(() => find(id)).toMatchObject({ stats: { total: 4, count: 2 } });
    await expect(flux.rpc('cron.stop', { id })).rejects.toMatchObject({ code: 'EINVAL' });
    await flux.rpc('cron.delete', { id });
    await expect.poll(() => find(id)).toBeUndefined();
  });

  it('runs at every other event, after the first', async () => {
    const { id } = await create('event', { topic: 'tick', nth: 2, after: 2 }, 'true');
    for (let count = 1; count <= 4; count++) {
      await flux.publish('tick');
      await expect.poll(() => find(id)).toMatchObject({ typedata: { counter: count } });
      const runs = Math.floor(count / 2);
      await expect.poll(() => find(id)).toMatchObject({ stats: { total: runs, success: runs } });
    }
    await flux.rpc('cron.delete', { id });
  });

  it('ends what takes too long, and stops after failures', async () => {
    const more = { timeout: 0.05, 'stop-on-failure': 1 };
    const { id } = await create('interval', { interval: 0.01 }, 'sleep 60', more);
    await expect.poll(() => find(id)).toMatchObject({ stopped: true, tasks: [{ state: 'Timeout', code: 143 }] });
  });

  it('defers tasks to an event', async () => {
    expect(await flux.rpc('cron.sync', { topic: 'pulse' })).toMatchObject({ sync_event: 'pulse' });
    const { id } = await create('interval', { interval: 0.01 }, 'true', { repeat: 1 });
    await expect.poll(() => find(id)).toMatchObject({ stats: { deferred: 1 }, tasks: [{ state: 'Deferred' }] });
    await flux.publish('pulse');
    await expect.poll(() => find(id)).toMatchObject({ stats: { success: 1 } });
    expect(await flux.rpc('cron.sync', { disable: true })).toEqual({ sync_disabled: true });
  });

  it('refuses what it does not know', async () => {
    await expect(create('moon', {}, 'true')).rejects.toMatchObject({ code: 'ENOSYS' });
    await expect(create('interval', {}, 'true')).rejects.toMatchObject({ code: 'EPROTO' });
    await expect(flux.rpc('cron.start', { id: 99 })).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
