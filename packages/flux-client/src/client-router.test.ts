import { afterEach, describe, expect, it } from 'vitest';
import { type ClientCredentials, ClientRouter } from './client-router.ts';
import { disconnectTopic } from './client-router-client.ts';
import { Flux, type FluxOptions } from './flux.ts';
import { memoryTransports } from './memory-transport.ts';
import { Flag, jsonPayload, type Message, NodeId, payloadJson, Role, responseTo } from './message.ts';
import type { Transport } from './transport.ts';

const owner: ClientCredentials = { userid: 1, rolemask: Role.Owner };
const guest: ClientCredentials = { userid: 100, rolemask: Role.User };

/** The broker's end of the router's connection: notes what comes, answers the router's own requests. */
class Broker {
  readonly transport: Transport;
  readonly routerEnd: Transport;
  readonly seen: Message[] = [];
  refuse: Record<string, number> = {};

  constructor() {
    [this.transport, this.routerEnd] = memoryTransports();
    this.transport.onMessage((message) => {
      this.seen.push(message);
      if (message.type !== 'request' || message.flags & Flag.NoResponse) return;
      if (message.topic === 'silent.get') return;
      this.transport.send(responseTo(message, this.refuse[message.topic!] ?? 0, message.payload));
    });
  }

  topics(): string[] {
    return this.seen.map(({ topic, payload }) => {
      const { topic: name, service } = (payload ? payloadJson({ payload } as Message) : {}) as Record<string, string>;
      return [topic, name ?? service].filter((part) => part !== undefined).join(' ');
    });
  }

  send(message: Partial<Message> & Pick<Message, 'type' | 'topic'>): void {
    this.transport.send({ flags: 0, userid: 1, rolemask: Role.Owner, aux1: NodeId.Any, aux2: 0, ...message });
  }
}

const routers: ClientRouter[] = [];
afterEach(() => {
  for (const router of routers.splice(0)) router.close();
});

function setUp() {
  const broker = new Broker();
  const router = new ClientRouter(broker.routerEnd);
  routers.push(router);
  const client = (credentials = owner, options: FluxOptions = {}) => {
    const [near, far] = memoryTransports();
    router.accept(far, credentials);
    return new Flux(near, options);
  };
  return { broker, router, client };
}

describe('the router of clients', () => {
  it('gives each client a route id and brings answers back', async () => {
    const { broker, client } = setUp();
    const [a, b] = [client(), client()];
    expect(await Promise.all([a.rpc('x.get', { n: 1 }), b.rpc('x.get', { n: 2 })])).toEqual([{ n: 1 }, { n: 2 }]);
    const routes = broker.seen.map((message) => message.routes);
    expect(routes.every((stack) => stack?.length === 1)).toBe(true);
    expect(new Set(routes.flat()).size).toBe(2);
  });

  it('says who a client is: always of guests, of owners where they do not say', async () => {
    const { broker, client } = setUp();
    await client(guest, { userid: 1, rolemask: Role.Owner }).rpc('x.get');
    await client(owner).rpc('x.get');
    await client(owner, { userid: 7, rolemask: Role.User }).rpc('x.get');
    expect(broker.seen.map(({ userid, rolemask }) => [userid, rolemask])).toEqual([
      [100, Role.User],
      [1, Role.Owner],
      [7, Role.User],
    ]);
  });

  it('tells the services that a client used when it goes, each once', async () => {
    const { broker, client } = setUp();
    const flux = client();
    await flux.rpc('a.b.get');
    await flux.rpc('a.b.put');
    await flux.rpc('a.b.get', undefined, { nodeid: 3 });
    await flux.rpc('plain');
    flux.send('never.told');
    await flux.rpc('a.b.get');
    const [{ routes }] = broker.seen as [Message];
    broker.seen.length = 0;
    await flux.close();
    await expect.poll(() => broker.seen.length).toBe(3);
    expect(broker.seen.map(({ topic, aux1 }) => [topic, aux1])).toEqual([
      ['a.b.disconnect', NodeId.Any],
      ['a.b.disconnect', 3],
      ['disconnect', NodeId.Any],
    ]);
    for (const message of broker.seen) {
      expect(message).toMatchObject({ flags: Flag.NoResponse, aux2: 0, payload: undefined, routes });
    }
    expect([disconnectTopic('a.b.c'), disconnectTopic('a')]).toEqual(['a.b.disconnect', 'disconnect']);
  });

  it('subscribes once for all, and delivers by prefix', async () => {
    const { broker, client } = setUp();
    const [a, b] = [client(), client()];
    const got: string[] = [];
    const undoA = await a.subscribe('job', ({ topic }) => got.push(`a ${topic}`));
    await b.subscribe('job', ({ topic }) => got.push(`b ${topic}`));
    await b.subscribe('job-x', () => {});
    broker.send({ type: 'event', topic: 'job-state' });
    broker.send({ type: 'event', topic: 'heartbeat.pulse' });
    await expect.poll(() => got.sort()).toEqual(['a job-state', 'b job-state']);
    await undoA();
    expect(broker.topics()).toEqual(['event.subscribe job', 'event.subscribe job-x']);
    await b.close();
    await expect
      .poll(() => broker.topics().slice(2).sort())
      .toEqual(['event.unsubscribe job', 'event.unsubscribe job-x']);
    await expect(a.rpc('event.unsubscribe', { topic: 'none' })).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(a.rpc('event.subscribe', {})).rejects.toMatchObject({ code: 'EPROTO' });
  });

  it('keeps private events from other guests', async () => {
    const { broker, client } = setUp();
    const got: string[] = [];
    await client(owner).subscribe('', () => got.push('owner'));
    await client(guest).subscribe('', () => got.push('their guest'));
    await client({ userid: 101, rolemask: Role.User }).subscribe('', () => got.push('another'));
    broker.send({ type: 'event', topic: 'x', flags: Flag.Private, userid: 100 });
    await expect.poll(() => got.sort()).toEqual(['owner', 'their guest']);
  });

  it('registers services for clients, and takes them back', async () => {
    const { broker, client, router } = setUp();
    const [a, b] = [client(), client()];
    a.handle('svc.who', (request) => request.respond({ who: 'a' }));
    await a.addService('svc');
    await expect(b.addService('svc')).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(b.removeService('svc')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(b.addService('a.b')).rejects.toMatchObject({ code: 'EINVAL' });
    await expect(client(guest).addService('svc2')).rejects.toMatchObject({ code: 'EPERM' });
    await client(guest).addService('100-svc');
    broker.refuse['service.add'] = 17;
    await expect(b.addService('taken')).rejects.toMatchObject({ code: 'EEXIST' });
    broker.seen.length = 0;
    broker.send({ type: 'request', topic: 'svc.who', aux2: 5, routes: ['far'] });
    broker.send({ type: 'request', topic: 'gone.who', aux2: 6, routes: ['far'] });
    await expect.poll(() => broker.seen.length).toBe(2);
    const answers = broker.seen.toSorted((x, y) => x.aux2 - y.aux2);
    expect(answers[0]).toMatchObject({ type: 'response', aux1: 0, aux2: 5, routes: ['far'] });
    expect(payloadJson(answers[0]!)).toEqual({ who: 'a' });
    expect(answers[1]).toMatchObject({ type: 'response', aux1: 38, aux2: 6 });
    broker.seen.length = 0;
    await a.close();
    await expect.poll(() => broker.topics()).toEqual(['service.remove svc']);
    expect(router.clientCount).toBe(3);
  });

  it('refuses topics that are too long', async () => {
    const { client } = setUp();
    await expect(client().rpc('x'.repeat(256))).rejects.toMatchObject({ code: 'EINVAL' });
  });

  it('lets clients go with the broker, or goes on over a new connection', async () => {
    const first = setUp();
    const lonely = first.client();
    first.broker.transport.close();
    await lonely.closed;

    const { broker, router, client } = setUp();
    const flux = client();
    await flux.subscribe('job', () => {});
    await flux.addService('svc');
    const lost = new Promise<void>((resolve) => router.onLost(() => resolve()));
    broker.transport.close();
    await lost;
    const next = new Broker();
    await router.reattach(next.routerEnd);
    expect(next.topics()).toEqual(['state-machine.wait', 'event.subscribe job', 'service.add svc']);
    expect(await flux.rpc('x.get', { n: 1 })).toEqual({ n: 1 });
  });

  it('answers what is open when the broker is lost, and keeps what is asked until there is one again', async () => {
    const { broker, router, client } = setUp();
    const flux = client();
    expect(await flux.rpc('x.get', { n: 1 })).toEqual({ n: 1 });
    const open = flux.rpc('silent.get');
    const lost = new Promise<void>((resolve) => router.onLost(() => resolve()));
    await expect.poll(() => broker.topics()).toContain('silent.get');
    broker.transport.close();
    await lost;
    await expect(open).rejects.toMatchObject({ code: 'ECONNRESET' });
    const asked = flux.rpc('x.get', { n: 2 });
    const subscribed = flux.subscribe('job', () => {});
    // One that does not run yet is no broker to go on with.
    const early = new Broker();
    early.refuse['state-machine.wait'] = 5;
    await expect(router.reattach(early.routerEnd)).rejects.toMatchObject({ code: 'EIO' });
    expect(early.topics()).toEqual(['state-machine.wait']);
    const next = new Broker();
    await router.reattach(next.routerEnd);
    expect(await asked).toEqual({ n: 2 });
    await subscribed;
    expect(next.topics()).toEqual(['state-machine.wait', 'event.subscribe job', 'x.get']);
  });

  it('passes events and responses of clients on, and no control messages', async () => {
    const { broker, client } = setUp();
    const flux = client();
    const event: Message = {
      type: 'event',
      flags: 0,
      userid: 0xffff_ffff,
      rolemask: 0,
      aux1: 0,
      aux2: 0,
      topic: 'e',
      payload: jsonPayload({}),
    };
    flux.sendMessage({ ...event, type: 'control' });
    flux.sendMessage(event);
    await expect.poll(() => broker.seen.map(({ type, userid }) => [type, userid])).toEqual([['event', 1]]);
  });
});
