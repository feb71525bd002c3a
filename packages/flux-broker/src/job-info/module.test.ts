import { connect, type Flux, type FluxError, KvsTransaction, Role } from '@ebb/flux-client';
import { printFluid } from '@ebb/flux-formats';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GuestNamespace } from '../execution/guest-namespace.ts';
import { type Instance, startInstance } from '../instance/instance.ts';

let instance: Instance;
let flux: Flux;
let lastId = 2n ** 60n;

const modules = [
  { name: 'content', ranks: 'leader' as const, load: () => import('../content/module.ts') },
  { name: 'kvs', ranks: 'leader' as const, load: () => import('../kvs/module.ts') },
  { name: 'kvs-watch', ranks: 'leader' as const, load: () => import('../kvs-watch/module.ts') },
  { name: 'job-info', ranks: 'leader' as const, load: () => import('./module.ts') },
];

beforeAll(async () => {
  instance = startInstance({ size: 1, modules, socketRanks: [0] });
  await instance.ready();
  flux = instance.flux(0);
});

afterAll(() => instance.stop());

const line = (name: string, context?: object) => `${JSON.stringify({ timestamp: 1, name, context })}\n`;
const submit = (userid = 7) => line('submit', { userid, urgency: 16, flags: 0, version: 1 });

/** A job whose eventlogs the test writes. */
class Job {
  readonly id = ++lastId;
  readonly guest = new GuestNamespace(flux, this.id);

  key(name: string): string {
    return `${printFluid(this.id, 'kvs')}.${name}`;
  }

  async log(...lines: string[]): Promise<void> {
    await new KvsTransaction().append(this.key('eventlog'), lines.join('')).commit(flux);
  }

  async put(name: string, text: string): Promise<void> {
    await new KvsTransaction().put(this.key(name), text).commit(flux);
  }

  /** Every line until the watch ends, `-` for the sentinel, and the error if it was not the regular end. */
  async watch(path: string, flags = 0, by = flux): Promise<string[]> {
    const seen: string[] = [];
    const request = { id: this.id, path, flags };
    try {
      for await (const answer of by.stream<{ event: string } | undefined>('job-info.eventlog-watch', request)) {
        seen.push(answer?.event ?? '-');
      }
    } catch (error) {
      seen.push((error as FluxError).code);
    }
    return seen;
  }

  lookup(keys: string[], flags = 0, by = flux): Promise<Record<string, unknown>> {
    return by.rpc('job-info.lookup', { id: this.id, keys, flags });
  }
}

const guestHandle = (userid: number) =>
  connect(instance.uri(0), {
    environment: { FLUX_HANDLE_USERID: `${userid}`, FLUX_HANDLE_ROLEMASK: `${Role.User}` },
  });

describe('job-info.lookup', () => {
  it('answers texts, or objects as they are stored', async () => {
    const job = new Job();
    await job.log(submit());
    await job.put('R', '{"version":1,"execution":{"expiration":5.0}}');
    await job.put('J', 'signed');
    expect(await job.lookup(['J', 'eventlog'])).toEqual({ id: job.id, J: 'signed', eventlog: submit() });
    const payload = Buffer.from(`{"id":${job.id},"keys":["R"],"flags":1}\0`);
    expect(Buffer.from((await flux.rpcRaw('job-info.lookup', payload))!).toString()).toContain('"expiration":5.0}');
  });

  it('applies updates when asked to', async () => {
    const job = new Job();
    await job.log(submit(), line('resource-update', { expiration: 9 }));
    await job.log(line('jobspec-update', { 'attributes.system.duration': 3, version: 9 }));
    await job.put('R', '{"version":1,"execution":{"expiration":5}}');
    await job.put('jobspec', '{"version":1,"attributes":{"system":{"duration":1}}}');
    expect(await job.lookup(['R', 'jobspec'], 3)).toEqual({
      id: job.id,
      R: { version: 1, execution: { expiration: 9 } },
      jobspec: { version: 1, attributes: { system: { duration: 3 } } },
    });
    expect(await job.lookup(['R'])).toMatchObject({ R: '{"version":1,"execution":{"expiration":5}}' });
    expect(await flux.rpc('job-info.update-lookup', { id: job.id, key: 'R', flags: 0 })).toMatchObject({
      R: { execution: { expiration: 9 } },
    });
  });

  it('tells a missing job from a missing key, and keeps other users out', async () => {
    const job = new Job();
    await expect(job.lookup(['R'])).rejects.toMatchObject({ code: 'ENOENT', message: 'invalid job id' });
    await job.log(submit());
    await expect(job.lookup(['R'])).rejects.toMatchObject({ code: 'ENOENT', message: 'R: key not found' });
    const stranger = await guestHandle(8);
    await expect(job.lookup(['eventlog'], 0, stranger)).rejects.toMatchObject({ code: 'EPERM' });
    expect(await job.watch('eventlog', 0, stranger)).toEqual(['EPERM']);
    const user = await guestHandle(7);
    expect(await job.lookup(['eventlog'], 0, user)).toMatchObject({ eventlog: submit() });
    await Promise.all([stranger.close(), user.close()]);
  });

  it.each([
    ['lookup', { id: 1, keys: ['R'], flags: 8 }, 'lookup request rejected with invalid flag'],
    ['lookup', { id: 1, keys: [1], flags: 0 }, 'Protocol error'],
    ['eventlog-watch', { id: 1, path: 'eventlog', flags: 0 }, 'rejected without streaming RPC flag'],
    ['update-watch', { id: 1, key: 'R', flags: 0 }, 'rejected without streaming RPC flag'],
    ['update-lookup', { id: 1, key: 'J', flags: 0 }, 'update-lookup unsupported key specified'],
  ])('%s refuses %j', async (method, request, text) => {
    await expect(flux.rpc(`job-info.${method}`, request)).rejects.toThrow(text);
  });
});

describe('job-info.eventlog-watch', () => {
  it('follows the eventlog of a job until it is clean', async () => {
    const job = new Job();
    expect(await job.watch('eventlog')).toEqual(['ENOENT']);
    const early = job.watch('eventlog', 1);
    await job.log(submit(), line('validate'));
    const watching = job.watch('eventlog', 2);
    await job.log(line('depend'));
    await job.log(line('clean'));
    const all = [submit(), line('validate'), line('depend'), line('clean')];
    expect(await early).toEqual(all);
    expect((await watching).filter((each) => each !== '-')).toEqual(all);
    expect(await job.watch('eventlog', 2)).toEqual([...all, '-']);
  });

  it('ends the watch of a guest log when the job never starts', async () => {
    const job = new Job();
    await job.log(submit());
    const watching = job.watch('guest.output', 1);
    await job.log(line('exception'), line('clean'));
    expect(await watching).toEqual([]);
    expect(await job.watch('guest.output')).toEqual([]);
    expect(await new Job().watch('guest.output')).toEqual(['ENOENT']);
  });

  it('ends when it is cancelled', async () => {
    const job = new Job();
    await job.log(submit());
    const { stream, matchtag } = flux.openStream<{ event: string }>('job-info.eventlog-watch', {
      id: job.id,
      path: 'eventlog',
      flags: 0,
    });
    expect((await stream.next()).value?.event).toBe(submit());
    flux.send('job-info.eventlog-watch-cancel', { matchtag });
    expect((await stream.next()).done).toBe(true);
    const user = await guestHandle(7);
    const left = user.stream('job-info.eventlog-watch', { id: job.id, path: 'guest.output', flags: 0 });
    const stats = () => flux.rpc<{ guest_watchers: number }>('job-info.stats-get');
    await expect.poll(async () => (await stats()).guest_watchers).toBe(1);
    left.next().catch(() => {});
    await user.close();
    await expect.poll(stats).toMatchObject({ watchers: 0, guest_watchers: 0 });
  });

  // A job's whole story in steps; watchers come at any of them.
  it('loses no line and tells none twice, whenever a watcher comes', async () => {
    const story = fc.record({
      before: fc.integer({ min: 0, max: 2 }),
      chunks: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 5 }),
      last: fc.integer({ min: 0, max: 2 }),
      waits: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(story, async ({ before, chunks, last, waits }) => {
        const job = new Job();
        const lines: string[] = [];
        const next = (count: number) =>
          Array.from({ length: count }, () => {
            const text = line('data', { n: lines.length, data: 'ä"name":"clean"' });
            lines.push(text);
            return ['output', text] as const;
          });
        const watches: Promise<string[]>[] = [];
        const mains: Promise<string[]>[] = [];
        const arrive = () => {
          watches.push(job.watch('guest.output', 3));
          mains.push(job.watch('eventlog'));
        };
        await job.log(submit());
        arrive();
        await job.guest.create(7, 'sha1');
        job.guest.append(next(before));
        if (waits) await job.guest.written();
        await job.log(line('start'));
        arrive();
        for (const count of chunks) {
          job.guest.append(next(count));
          arrive();
          if (waits) await job.guest.written();
        }
        const tail = next(last + 1);
        await job.guest.graft([...tail]);
        arrive();
        await job.log(line('finish', { status: 0 }), line('release', { ranks: 'all', final: true }));
        arrive();
        await job.log(line('clean'));
        arrive();
        for (const seen of await Promise.all(watches)) {
          expect(seen.filter((each) => each !== '-')).toEqual(lines);
          expect(seen.filter((each) => each === '-')).toHaveLength(1);
        }
        for (const seen of await Promise.all(mains)) expect(seen).toHaveLength(5);
      }),
      { numRuns: 30 },
    );
    expect(await flux.rpc('kvs-watch.stats-get')).toMatchObject({ watchers: 0 });
  });

  it('serves hundreds of watchers of a log by one watch in the KVS', async () => {
    const job = new Job();
    await job.log(submit());
    const watching = Array.from({ length: 300 }, () => job.watch('eventlog'));
    await expect.poll(() => flux.rpc('job-info.stats-get')).toMatchObject({ watchers: 300 });
    expect(await flux.rpc('kvs-watch.stats-get')).toMatchObject({ watchers: 1 });
    await job.log(line('clean'));
    for (const seen of await Promise.all(watching)) expect(seen).toEqual([submit(), line('clean')]);
  });
});

describe('job-info.update-watch', () => {
  it('answers now and after each change until the job is over', async () => {
    const job = new Job();
    await job.log(submit(), line('resource-update', { expiration: 2 }));
    await job.put('R', '{"execution":{"expiration":1}}');
    const stream = flux.stream<{ R: object }>('job-info.update-watch', { id: job.id, key: 'R', flags: 0 });
    expect((await stream.next()).value).toEqual({ R: { execution: { expiration: 2 } } });
    await job.log(line('resource-update', { expiration: 3 }));
    expect((await stream.next()).value).toEqual({ R: { execution: { expiration: 3 } } });
    await job.log(line('clean'));
    expect((await stream.next()).done).toBe(true);
  });
});
