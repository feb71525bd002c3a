// What a user who does not own the instance may ask for: for each service, the methods that flux-core opens to guests and
// those that it keeps for the owner (its message handler tables).
import { randomUUID } from 'node:crypto';
import { Flux, KvsTransaction, type Message, Role, type Transport } from '@ebb/flux-client';
import { buildJobspec, printJson, toFluid, wrapSigned } from '@ebb/flux-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Instance, startInstance } from './instance.ts';

const forGuests = {
  attr: 'get list',
  broker: 'conf-builtin',
  config: 'get',
  event: 'publish',
  groups: 'get stats-get',
  'job-exec': 'critical-ranks',
  'job-info': 'eventlog-watch eventlog-watch-cancel lookup update-lookup update-watch update-watch-cancel',
  'job-ingest': 'stats-get submit',
  'job-list': 'job-stats list list-attrs list-id stats-get',
  'job-manager':
    'alloc-query getattr getinfo kill killall memo queue-list queue-status raise raiseall stats-get update urgency',
  kvs: 'getroot lookup lookup-plus stats-get wait-version',
  'kvs-watch': 'lookup stats-get',
  module: 'list',
  overlay: 'health stats-get topology',
  resource: 'sched-status status topo-get',
  service: 'add remove',
  'state-machine': 'get wait',
};
const forOwner = {
  attr: 'rm set',
  broker: 'getenv setenv',
  config: 'load reload',
  content: 'checkpoint-get checkpoint-put dropcache flush load stats-get store',
  'content-backing': 'checkpoint-get checkpoint-put gc-info load mark store sweep validate',
  cron: 'create delete list start stop sync',
  groups: 'join leave update',
  heartbeat: 'stats-get',
  'job-exec': 'expiration start stats-get',
  'job-info': 'stats-get',
  'job-ingest': 'getinfo',
  'job-manager':
    'drain events-journal events-journal-cancel exec-hello idle purge purge-id queue-enable queue-start resource-status sched-hello sched-ready submit wait',
  kvs: 'namespace-create namespace-list namespace-remove',
  log: 'append clear dmesg',
  module: 'load remove',
  overlay: 'monitor',
  resource:
    'acquire acquire-cancel acquire-mute drain expiration-update get journal journal-cancel monitor-force-down monitor-waitup reload topo-reduce undrain',
  sched: 'alloc free prioritize',
  shutdown: 'start',
  'state-machine': 'monitor sd-notify',
};
const guestId = 4242;

let instance: Instance;
let guest: Flux;

beforeAll(async () => {
  instance = startInstance({ size: 1 });
  await instance.ready();
  guest = asGuest(instance);
});
afterAll(() => instance.stop());

/** A client that another user started. */
function asGuest(at: Instance): Flux {
  let receive: (message: Message) => void = () => {};
  const peer = at.broker(0).admit(randomUUID(), guestId, Role.User, (message) => receive(message));
  const transport: Transport = {
    send: (message) => peer.receive(message),
    onMessage: (handler) => {
      receive = handler;
    },
    onClose: () => {},
    close: () => peer.close(),
  };
  return new Flux(transport);
}

const topics = (services: Readonly<Record<string, string>>): string[] =>
  Object.entries(services).flatMap(([service, methods]) => methods.split(' ').map((method) => `${service}.${method}`));

describe('a guest', () => {
  it.each(topics(forOwner))('is refused %s', async (topic) => {
    await expect(guest.rpc(topic, {}, { timeoutMs: 5_000 })).rejects.toMatchObject({ code: 'EPERM' });
  });

  it.each(topics(forGuests))('may ask for %s', async (topic) => {
    // Whether the request makes sense is another matter; some wait for what does not happen.
    const code = await guest.rpc(topic, {}, { timeoutMs: 500 }).then(
      () => 'answered',
      (error: { code?: string }) => error.code,
    );
    expect(code).not.toBe('EPERM');
    expect(code).not.toBe('ENOSYS');
  });

  it('reads and writes nothing of the owner', async () => {
    const denied = { code: 'EPERM' };
    const owner = instance.flux(0);
    await expect(new KvsTransaction().put('mine', '1').commit(guest)).rejects.toMatchObject(denied);
    const lookup = { key: 'resource.R', namespace: 'primary', flags: 0 };
    await expect(guest.rpc('kvs.lookup', lookup)).rejects.toMatchObject(denied);
    await expect(guest.rpc('kvs.getroot', { namespace: 'primary', flags: 0 })).rejects.toMatchObject(denied);
    const id = await submit(owner, process.getuid?.() ?? 0);
    const raise = { id, type: 'cancel', severity: 0, note: '' };
    await expect(guest.rpc('job-manager.raise', raise)).rejects.toMatchObject(denied);
    await expect(guest.rpc('job-manager.kill', { id, signum: 15 })).rejects.toMatchObject(denied);
    await expect(guest.rpc('job-manager.urgency', { id, urgency: 0 })).rejects.toMatchObject(denied);
    await expect(guest.rpc('job-manager.memo', { id, memo: { a: 1 } })).rejects.toMatchObject(denied);
    const updates = { 'attributes.system.duration': 9 };
    await expect(guest.rpc('job-manager.update', { id, updates })).rejects.toMatchObject(denied);
    for (const keys of [['eventlog'], ['jobspec'], ['J']]) {
      await expect(guest.rpc('job-info.lookup', { id, keys, flags: 0 })).rejects.toMatchObject(denied);
    }
    const { jobs } = await guest.rpc<{ jobs: { id: unknown }[] }>('job-list.list', {
      max_entries: 0,
      attrs: ['userid'],
    });
    expect(jobs.map((job) => toFluid(job.id))).toEqual([id]);
    await owner.rpc('job-manager.raise', raise);
    await owner.close();
  });

  it('submits only what it signed, and not without a real signature', async () => {
    await expect(submit(guest, 0)).rejects.toThrow('signer=0 != requestor=4242');
    await expect(submit(guest, guestId)).rejects.toThrow('only instance owner can use sign-type=none');
  });
});

async function submit(flux: Flux, userid: number): Promise<bigint> {
  const spec = buildJobspec({ command: ['sleep', '100'], cwd: '/tmp', environment: {} });
  Object.assign(spec.attributes.system, { exec: { test: { run_duration: '100s' } } });
  const request = { J: wrapSigned(printJson(spec), userid), urgency: 16, flags: 0 };
  return toFluid((await flux.rpc<{ id: unknown }>('job-ingest.submit', request)).id);
}
