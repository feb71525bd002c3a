import { describe, expect, it } from 'vitest';
import { Flux, type FluxOptions } from './flux.ts';
import { FluxError } from './flux-error.ts';
import { memoryTransports } from './memory-transport.ts';
import { Flag, jsonPayload, type Message, NodeId, Role } from './message.ts';
import type { Request } from './request.ts';

/** A client handle, and a service's handle that answers it as a broker would pass its requests on. */
function pair(options: FluxOptions = {}) {
  const [a, b] = memoryTransports();
  const seen: Message[] = [];
  const service = new Flux({
    ...bound(b),
    onMessage: (handler) =>
      b.onMessage((message) => {
        seen.push(message);
        handler({ ...message, rolemask: message.rolemask || Role.Owner });
      }),
  });
  return { client: new Flux(a, options), service, seen, serviceEnd: b };
}

function bound(transport: ReturnType<typeof memoryTransports>[0]) {
  return {
    send: transport.send.bind(transport),
    onMessage: transport.onMessage.bind(transport),
    onClose: transport.onClose.bind(transport),
    close: transport.close.bind(transport),
  };
}

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe('rpc', () => {
  it('answers with the payload of the response', async () => {
    const { client, service } = pair();
    service.handle('sum.add', (request) => {
      const { a, b } = request.json<{ a: number; b: number }>();
      request.respond({ sum: a + b });
    });
    expect(await client.rpc('sum.add', { a: 1, b: 2 })).toEqual({ sum: 3 });
  });

  it('keeps answers apart that come out of order', async () => {
    const { client, service } = pair();
    const waiting: Request[] = [];
    service.handle('late.get', (request) => {
      waiting.push(request);
      if (waiting.length === 3) for (const each of waiting.reverse()) each.respond(each.json());
    });
    const answers = await Promise.all([1, 2, 3].map((n) => client.rpc('late.get', { n })));
    expect(answers).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('says which errno and what text', async () => {
    const { client, service } = pair();
    service.handle('x.get', () => {
      throw new FluxError('ENOENT', 'no such thing');
    });
    service.handle('x.plain', (request) => request.respondError('EBUSY'));
    service.handle('x.broken', () => {
      throw new TypeError('a bug');
    });
    const error = await client.rpc('x.get').catch((each: unknown) => each);
    expect(error).toBeInstanceOf(FluxError);
    expect(error).toMatchObject({ errno: 2, code: 'ENOENT', message: 'no such thing' });
    await expect(client.rpc('x.plain')).rejects.toMatchObject({ code: 'EBUSY', message: 'Device or resource busy' });
    await expect(client.rpc('x.broken')).rejects.toMatchObject({ code: 'EINVAL', message: 'a bug' });
    await expect(client.rpc('y.get')).rejects.toMatchObject({
      code: 'ENOSYS',
      message: 'No service matching y.get is registered',
    });
  });

  it('sends nodeid, flags and an empty route stack', async () => {
    const { client, service, seen } = pair();
    service.handle('attr.get', (request) => request.respond({ value: '5' }));
    service.handle('a.b', (request) => request.respond());
    await client.rpc('a.b', undefined, { nodeid: 7 });
    await client.rpc('a.b', undefined, { upstream: true });
    client.send('a.b', { x: 1 });
    await client.rpc('a.b');
    const requests = seen.filter(({ topic }) => topic === 'a.b');
    expect(requests.map(({ aux1 }) => aux1)).toEqual([7, 5, NodeId.Any, NodeId.Any]);
    expect(requests.map(({ flags }) => flags)).toEqual([0, Flag.Upstream, Flag.NoResponse, 0]);
    expect(requests[2]!.aux2).toBe(0);
    for (const { routes } of requests) expect(routes).toEqual([]);
    expect(new Set(requests.map(({ aux2 }) => aux2)).size).toBe(4);
  });

  it('ends with ETIMEDOUT, ECANCELED and ECONNRESET', async () => {
    const { client, service, serviceEnd } = pair();
    service.handle('slow.get', () => {});
    await expect(client.rpc('slow.get', {}, { timeoutMs: 5 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    const abort = new AbortController();
    const aborted = client.rpc('slow.get', {}, { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(aborted).rejects.toMatchObject({ code: 'ECANCELED', cause: new Error('enough') });
    await expect(client.rpc('slow.get', {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ECANCELED',
    });
    const open = client.rpc('slow.get');
    serviceEnd.close();
    await expect(open).rejects.toMatchObject({ code: 'ECONNRESET' });
    await client.closed;
    expect(client.isClosed).toBe(true);
    await expect(client.rpc('slow.get')).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(collect(client.stream('slow.get'))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('carries bytes as they are', async () => {
    const { client, service } = pair();
    service.handle('content.load', (request) => request.respondRaw(request.raw));
    expect(await client.rpcRaw('content.load', Buffer.from([0, 255, 0]))).toEqual(Buffer.from([0, 255, 0]));
    expect(await client.rpcRaw('content.load')).toBeUndefined();
  });

  it('asks the rank and size once', async () => {
    const { client, service, seen } = pair();
    service.handle('attr.get', (request) => request.respond({ value: '3' }));
    expect([await client.rank(), await client.rank(), await client.size(), await client.size()]).toEqual([3, 3, 3, 3]);
    expect(seen).toHaveLength(2);
  });
});

describe('streams', () => {
  it('gives each response until ENODATA', async () => {
    const { client, service } = pair();
    service.handle('count.to', (request) => {
      expect(request.isStreaming).toBe(true);
      for (let n = 0; n < 5; n++) request.respond({ n });
      request.respondError('ENODATA');
    });
    expect(await collect(client.stream('count.to'))).toEqual([0, 1, 2, 3, 4].map((n) => ({ n })));
  });

  it('throws the error after what came before it, once', async () => {
    const { client, service } = pair();
    service.handle('count.to', (request) => {
      request.respond({ n: 0 });
      request.respondError('EPERM', 'not yours');
    });
    const stream = client.stream<{ n: number }>('count.to');
    expect(await stream.next()).toEqual({ value: { n: 0 }, done: false });
    await expect(stream.next()).rejects.toMatchObject({ code: 'EPERM', message: 'not yours' });
    expect(await stream.next()).toEqual({ value: undefined, done: true });
  });

  it('cancels at the service when the loop is left, and only then', async () => {
    const { client, service, seen } = pair();
    service.handle('job-info.eventlog-watch', (request) => request.respond({ event: 'x' }));
    service.handle('job-info.eventlog-watch-cancel', () => {});
    for await (const item of client.stream('job-info.eventlog-watch', {}, { nodeid: 2 })) {
      expect(item).toEqual({ event: 'x' });
      break;
    }
    await expect.poll(() => seen.length).toBe(2);
    const [watch, cancel] = seen as [Message, Message];
    expect(cancel).toMatchObject({ topic: 'job-info.eventlog-watch-cancel', flags: Flag.NoResponse, aux1: 2 });
    expect(cancel.payload).toEqual(jsonPayload({ matchtag: watch.aux2 }));
  });

  it('cancels on abort, and reads what was there first', async () => {
    const { client, service, seen } = pair();
    service.handle('log.dmesg', (request) => {
      request.respond({ line: 1 });
      request.respond({ line: 2 });
    });
    service.handle('log.cancel', () => {});
    const abort = new AbortController();
    const stream = client.stream('log.dmesg', { follow: true }, { signal: abort.signal });
    expect((await stream.next()).value).toEqual({ line: 1 });
    abort.abort();
    expect((await stream.next()).value).toEqual({ line: 2 });
    await expect(stream.next()).rejects.toMatchObject({ code: 'ECANCELED' });
    await expect.poll(() => seen.map(({ topic }) => topic)).toEqual(['log.dmesg', 'log.cancel']);
  });

  it('serves several readers that wait at once', async () => {
    const { client, service } = pair();
    let request: Request | undefined;
    service.handle('count.to', (each) => {
      request = each;
    });
    const stream = client.stream('count.to');
    const reads = [stream.next(), stream.next(), stream.next()];
    await expect.poll(() => request).toBeDefined();
    request!.respond({ n: 1 });
    request!.respond({ n: 2 });
    request!.respondError('ENODATA');
    expect(await Promise.all(reads)).toEqual([
      { value: { n: 1 }, done: false },
      { value: { n: 2 }, done: false },
      { value: undefined, done: true },
    ]);
  });
});

describe('services', () => {
  it('refuses senders without the role', async () => {
    const asGuest = async (topic: string, userid = 100) => {
      const { client, service } = pair({ userid, rolemask: Role.User });
      const everybody = { roles: Role.All };
      service.handle('owner.only', (request) => request.respond());
      service.handle('guest.too', (request) => request.respond({ userid: request.userid }), everybody);
      const own = (request: Request) => {
        request.authorize(100);
        request.respond();
      };
      service.handle('own.job', own, everybody);
      return client.rpc(topic);
    };
    await expect(asGuest('owner.only')).rejects.toMatchObject({ code: 'EPERM' });
    await expect(asGuest('guest.too')).resolves.toEqual({ userid: 100 });
    await expect(asGuest('own.job')).resolves.toBeUndefined();
    await expect(asGuest('own.job', 101)).rejects.toMatchObject({ code: 'EPERM' });
  });

  it('prefers exact topics to patterns, and later handlers to earlier', async () => {
    const { client, service } = pair();
    service.handle('s.*', (request) => request.respond({ by: 'pattern' }));
    const undo = service.handle('s.get', (request) => request.respond({ by: 'first' }));
    const undoSecond = service.handle('s.get', (request) => request.respond({ by: 'second' }));
    const by = async (topic: string) => (await client.rpc<{ by: string }>(topic)).by;
    expect(await by('s.get')).toBe('second');
    undoSecond();
    expect(await by('s.get')).toBe('first');
    undo();
    expect(await by('s.get')).toBe('pattern');
    expect(await by('s.other')).toBe('pattern');
  });

  it('says EPROTO for a payload that is no JSON', async () => {
    const { client, service } = pair();
    service.handle('s.get', (request) => request.respond(request.json()));
    await expect(client.rpcRaw('s.get', Buffer.from('{'))).rejects.toMatchObject({ code: 'EPROTO' });
    await expect(client.rpcRaw('s.get', Buffer.from('{\0'))).rejects.toMatchObject({ code: 'EPROTO' });
  });
});

describe('events', () => {
  const event = (topic: string, aux1: number, payload?: Buffer): Message => ({
    type: 'event',
    flags: 0,
    userid: 1,
    rolemask: 1,
    aux1,
    aux2: 0,
    topic,
    payload,
  });

  it('match by prefix, are subscribed to once and given back once', async () => {
    const { client, service, serviceEnd } = pair();
    const requests: string[] = [];
    service.handle('event.*', (request) => {
      requests.push(`${request.topic} ${request.json()['topic']}`);
      request.respond();
    });
    const got: string[] = [];
    const [undoA, undoB] = await Promise.all([
      client.subscribe('job', ({ topic, sequence }) => got.push(`a ${topic} ${sequence}`)),
      client.subscribe('job', ({ payload }) => got.push(`b ${JSON.stringify(payload)}`)),
    ]);
    serviceEnd.send(event('job-exception', 4, jsonPayload({ id: 1 })));
    serviceEnd.send(event('heartbeat.pulse', 5));
    await expect.poll(() => got).toEqual(['a job-exception 4', 'b {"id":1}']);
    await undoA!();
    await undoA!();
    expect(requests).toEqual(['event.subscribe job']);
    await undoB!();
    expect(requests).toEqual(['event.subscribe job', 'event.unsubscribe job']);
  });

  it('a refused subscription leaves nothing behind', async () => {
    const { client, service } = pair();
    let refuse = true;
    service.handle('event.subscribe', (request) => (refuse ? request.respondError('EPERM') : request.respond()));
    await expect(client.subscribe('x', () => {})).rejects.toMatchObject({ code: 'EPERM' });
    refuse = false;
    await expect(client.subscribe('x', () => {})).resolves.toBeTypeOf('function');
  });

  it('are published through rank 0', async () => {
    const { client, service } = pair();
    service.handle('event.publish', (request) => request.respond({ seq: 9, request: request.json() }));
    expect(await client.publish('a.b', { x: 1 }, { private: true })).toBe(9);
  });
});
