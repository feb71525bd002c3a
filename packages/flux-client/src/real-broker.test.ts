/** Against a broker that a `flux` on the PATH starts, flux-core's or another; skipped where there is none. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Duplex, PassThrough } from 'node:stream';
import { buildJobspec, countJobspec, decodeIo, Idset, parseJobspec } from '@ebb/flux-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientRouter } from './client-router.ts';
import { connect, connectStream, openTransport } from './connect.ts';
import type { Flux } from './flux.ts';
import { FluxError } from './flux-error.ts';
import { serveRelay } from './relay.ts';
import {
  brokerState,
  cancelJob,
  configuration,
  drain,
  execAndCollect,
  execRemote,
  JobResult,
  JobState,
  jobById,
  jobCounts,
  KvsTransaction,
  kvsCreateNamespace,
  kvsDirectory,
  kvsFind,
  kvsGet,
  kvsNamespaces,
  kvsRemoveNamespace,
  kvsWaitVersion,
  kvsWatch,
  listJobs,
  lookupJobResources,
  lookupJobspec,
  onlineRanks,
  overlayHealth,
  overlayTopology,
  queueNames,
  queueStatus,
  resourceList,
  resourceStatus,
  submitJob,
  undrain,
  waitEvent,
  waitJob,
  waitRunning,
  watchEventlog,
} from './services.ts';
import { serveSocket } from './socket-server.ts';

// Not the `flux` of this workspace, which npm puts on the PATH: it may not have been built, and has suites of its own.
const folders = (process.env['PATH'] ?? '').split(delimiter).filter((entry) => !entry.includes('node_modules'));
const environment = { ...process.env, PATH: folders.join(delimiter) };
delete (environment as NodeJS.ProcessEnv)['FLUX_URI'];
const hasFlux = folders.some((entry) => existsSync(join(entry, 'flux')));

describe.skipIf(!hasFlux)('a broker of flux', () => {
  let instance: ChildProcess;
  let uri: string;
  let flux: Flux;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ebb-client-'));
    instance = spawn('flux', ['start', '-s', '2', 'sh', '-c', 'echo $FLUX_URI; exec cat'], {
      env: environment,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    uri = await new Promise<string>((resolve, reject) => {
      instance.stdout!.once('data', (line: Buffer) => resolve(line.toString().trim()));
      instance.once('exit', (code) => reject(new Error(`flux start ended with ${code}`)));
    });
    flux = await connect(uri);
  });

  afterAll(async () => {
    await flux?.close();
    if (instance.exitCode === null) {
      const over = new Promise((resolve) => instance.once('close', resolve));
      instance.stdin!.end();
      await over;
    }
    rmSync(folder, { recursive: true });
  });

  it('answers attributes, at either rank', async () => {
    expect(await flux.rank()).toBe(0);
    expect(await flux.size()).toBe(2);
    expect(await flux.attr('version')).toMatch(/^0\.88\./);
    expect(await flux.rpc('attr.get', { name: 'rank' }, { nodeid: 1 })).toMatchObject({ value: '1' });
    await expect(flux.attr('no-such')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(flux.rpc('no.such')).rejects.toMatchObject({ code: 'ENOSYS' });
    await expect(flux.rpc('attr.get', { name: 'rank' }, { nodeid: 9 })).rejects.toMatchObject({ code: 'EHOSTUNREACH' });
  });

  it('goes upstream from rank 1', async () => {
    const second = await connect(uri.replace(/local-0$/, 'local-1'));
    expect(await second.rank()).toBe(1);
    expect(await second.rpc('attr.get', { name: 'rank' }, { upstream: true })).toMatchObject({ value: '0' });
    await expect(flux.rpc('attr.get', { name: 'rank' }, { upstream: true })).rejects.toMatchObject({
      code: 'EHOSTUNREACH',
    });
    await second.close();
  });

  it('streams, and ends a stream that is left', async () => {
    const lines: unknown[] = [];
    for await (const message of flux.streamMessages('log.dmesg', Buffer.from('{"follow":false}\0'))) {
      lines.push(message.payload);
    }
    expect(lines.length).toBeGreaterThan(0);
    for await (const members of flux.stream<{ members: string }>(
      'groups.get',
      { name: 'broker.online' },
      { nodeid: 0 },
    )) {
      if (members.members === '0-1') break;
    }
    // The connection is of use after it.
    expect(await flux.attr('rank')).toBe('0');
  });

  it('delivers events', async () => {
    const got: [string, unknown][] = [];
    const undo = await flux.subscribe('ebb.test', ({ topic, payload }) => got.push([topic, payload]));
    const sequence = await flux.publish('ebb.test.one', { x: 1 });
    expect(sequence).toBeGreaterThan(0);
    await expect.poll(() => got).toEqual([['ebb.test.one', { x: 1 }]]);
    await undo();
  });

  it('passes requests to a service that a client offers, streaming ones too', async () => {
    const server = await connect(uri);
    server.handle('ebb-test.add', (request) => {
      const { a, b } = request.json<{ a: number; b: number }>();
      request.respond({ sum: a + b });
    });
    server.handle('ebb-test.count', (request) => {
      for (let n = 0; n < 100; n++) request.respond({ n });
      request.respondError('ENODATA');
    });
    await server.addService('ebb-test');
    await expect(flux.addService('ebb-test')).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await flux.rpc('ebb-test.add', { a: 2, b: 3 })).toEqual({ sum: 5 });
    await expect(flux.rpc('ebb-test.other')).rejects.toMatchObject({ code: 'ENOSYS' });
    let count = 0;
    for await (const { n } of flux.stream<{ n: number }>('ebb-test.count')) expect(n).toBe(count++);
    expect(count).toBe(100);
    await server.close();
    // A request that crosses the server's end on the way is lost, in flux-core too: hence the time-out.
    const code = (error: { code: string }) => error.code;
    const ask = () => flux.rpc('ebb-test.add', {}, { timeoutMs: 200 }).catch(code);
    await expect.poll(ask, { timeout: 10_000 }).toBe('ENOSYS');
  });

  it('carries a thousand requests at once, and large payloads', async () => {
    const answers = await Promise.all(Array.from({ length: 1000 }, () => flux.attr('rank')));
    expect(new Set(answers)).toEqual(new Set(['0']));
    const pad = 'x'.repeat(1 << 20);
    const pong = await flux.rpc<{ pad: string }>('broker.ping', { seq: 1, pad }, { nodeid: 1 });
    expect(pong.pad).toBe(pad);
  });

  it('is reached through a relay', async () => {
    const [near, far] = [new PassThrough(), new PassThrough()];
    const relay = serveRelay(uri.slice('local://'.length), near, far);
    const client = await connectStream(Duplex.from({ readable: far, writable: near }));
    expect(await client.attr('rank')).toBe('0');
    await client.close();
    await relay;
    await expect(serveRelay(join(folder, 'none'), new PassThrough(), new PassThrough())).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it('is reached through the `flux relay` command, by the ssh connector', async () => {
    const script = join(folder, 'ssh');
    execFileSync('sh', ['-c', `printf '#!/bin/sh\\nshift\\nexec "$@"\\n' > ${script} && chmod +x ${script}`]);
    const client = await connect(`ssh://nowhere${uri.slice('local://'.length)}`, {
      environment: { ...environment, FLUX_SSH: script },
    });
    expect(await client.attr('rank')).toBe('0');
    await client.close();
    await expect(
      connect(`ssh://nowhere${folder}/none`, { environment: { ...environment, FLUX_SSH: script } }),
    ).rejects.toThrow(/not found|No such file/);
  });

  it('serves many clients through one connection', async () => {
    const upstream = await openTransport(uri);
    const router = new ClientRouter(upstream);
    const credentials = { userid: process.getuid!(), rolemask: 0 };
    const server = await serveSocket(join(folder, 'proxy'), (client) => router.accept(client, credentials));
    const [a, b] = await Promise.all([1, 2].map(() => connect(`local://${server.path}`)));
    expect(await a!.attr('rank')).toBe('0');
    const got: string[] = [];
    await a!.subscribe('ebb.router', ({ topic }) => got.push(`a ${topic}`));
    await b!.subscribe('ebb.router.x', ({ topic }) => got.push(`b ${topic}`));
    await flux.publish('ebb.router.y');
    await flux.publish('ebb.router.x');
    await expect.poll(() => [...got].sort()).toEqual(['a ebb.router.x', 'a ebb.router.y', 'b ebb.router.x']);
    a!.handle('ebb-routed.who', (request) => request.respond({ who: 'a' }));
    await a!.addService('ebb-routed');
    await expect(b!.addService('ebb-routed')).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await b!.rpc('ebb-routed.who')).toEqual({ who: 'a' });
    expect(await flux.rpc('ebb-routed.who')).toEqual({ who: 'a' });
    // The connection to the broker is lost and made again beneath the clients.
    const lost = new Promise<void>((resolve) => router.onLost(() => resolve()));
    upstream.close();
    await lost;
    // The broker takes a moment to see it.
    const who = () => flux.rpc('ebb-routed.who', {}, { timeoutMs: 200 }).catch((error: { code: string }) => error.code);
    await expect.poll(who, { timeout: 10_000 }).toBe('ENOSYS');
    await router.reattach(await openTransport(uri));
    expect(await flux.rpc('ebb-routed.who')).toEqual({ who: 'a' });
    await flux.publish('ebb.router.z');
    await expect.poll(() => got.at(-1)).toBe('a ebb.router.z');
    await a!.close();
    await expect.poll(() => router.clientCount).toBe(1);
    expect(await b!.attr('rank')).toBe('0');
    router.close();
    await b!.closed;
    await server.close();
  });

  it('shows resources, drains and undrains', async () => {
    const { all, free, down } = await resourceList(flux);
    expect(all.nodeCount).toBe(2);
    expect([free.nodeCount, down.nodeCount]).toEqual([2, 0]);
    await drain(flux, '1', 'a test');
    await expect(drain(flux, '1', 'again')).rejects.toMatchObject({ code: 'EEXIST' });
    const status = await resourceStatus(flux);
    expect(status.drained).toMatchObject([{ reason: 'a test' }]);
    expect(status.drained[0]!.ranks.toString()).toBe('1');
    expect((await resourceList(flux)).down.ranks.toString()).toBe('1');
    await undrain(flux, Idset.of([1]));
    expect((await resourceStatus(flux)).drained).toEqual([]);
  });

  it('submits, watches, lists and cancels jobs', async () => {
    const spec = (...command: string[]) => buildJobspec({ command, cwd: '/', environment: { PATH: '/bin:/usr/bin' } });
    const id = await submitJob(flux, spec('echo', 'hello'), { waitable: true });
    expect((await waitEvent(flux, id, 'finish'))?.context).toEqual({ status: 0 });
    expect(await waitJob(flux)).toMatchObject({ id, success: true });
    const output = [];
    for await (const { name, context } of watchEventlog(flux, id, { path: 'guest.output' })) {
      if (name === 'data') output.push(decodeIo(context).data.toString());
    }
    expect(output).toContain('hello\n');
    expect(countJobspec(parseJobspec(await lookupJobspec(flux, id)))).toMatchObject({ ntasks: 1 });
    expect((await lookupJobResources(flux, id)).coreCount).toBe(1);
    const sleeper = await submitJob(flux, spec('sleep', '300'));
    await waitEvent(flux, sleeper, 'start');
    const active = [];
    for await (const job of listJobs(flux)) active.push([job.id, job.name, job.state]);
    expect(active).toEqual([[sleeper, 'sleep', JobState.Run]]);
    await cancelJob(flux, sleeper, 'enough');
    await waitEvent(flux, sleeper, 'clean');
    // job-list follows the journal a moment later.
    await expect.poll(async () => (await jobById(flux, sleeper)).result).toBe(JobResult.Canceled);
    await expect(submitJob(flux, { version: 1 })).rejects.toBeInstanceOf(FluxError);
    await expect(jobById(flux, 1n)).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await jobCounts(flux)).job_states.inactive).toBeGreaterThanOrEqual(2);
  });

  it('keeps values in the KVS', async () => {
    await new KvsTransaction().put('ebb.a', 'one').makeDirectory('ebb.d').link('ebb.l', 'ebb.a').commit(flux);
    await new KvsTransaction().append('ebb.a', ' two').commit(flux);
    expect((await kvsGet(flux, 'ebb.a')).toString()).toBe('one two');
    expect((await kvsGet(flux, 'ebb.l')).toString()).toBe('one two');
    expect(await kvsFind(flux, 'ebb.none')).toBeUndefined();
    expect([...(await kvsDirectory(flux, 'ebb')).keys()].sort()).toEqual(['a', 'd', 'l']);
    const values: string[] = [];
    for await (const value of kvsWatch(flux, 'ebb.a')) {
      values.push(value.toString());
      if (values.length === 2) break;
      await new KvsTransaction().put('ebb.a', 'three').commit(flux);
    }
    expect(values).toEqual(['one two', 'three']);
    await new KvsTransaction().unlink('ebb').commit(flux);
    await expect(kvsDirectory(flux, 'ebb')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('makes, fills and removes namespaces, and waits for their versions', async () => {
    await kvsCreateNamespace(flux, 'ebb-one');
    await expect(kvsCreateNamespace(flux, 'ebb-one')).rejects.toMatchObject({ code: 'EEXIST' });
    const namespace = 'ebb-one';
    const reached = kvsWaitVersion(flux, 1, { namespace });
    const { rootref } = await new KvsTransaction().put('k', 'v').commit(flux, { namespace });
    expect(await reached).toMatchObject({ rootref, rootseq: 1 });
    await kvsCreateNamespace(flux, 'ebb-two', { owner: 4242, rootref });
    expect(String(await kvsGet(flux, 'k', { namespace: 'ebb-two' }))).toBe('v');
    const listed = await kvsNamespaces(flux);
    const userid = listed.find((each) => each.namespace === 'primary')!.owner;
    expect(listed).toContainEqual({ namespace: 'ebb-one', owner: userid, flags: 0 });
    expect(listed).toContainEqual({ namespace: 'ebb-two', owner: 4242, flags: 0 });
    for (const name of ['ebb-one', 'ebb-two']) await kvsRemoveNamespace(flux, name);
    await expect(kvsGet(flux, 'k', { namespace })).rejects.toMatchObject({ code: 'EOPNOTSUPP' });
  });

  it('runs programs on a rank', async () => {
    const environment = { PATH: '/bin:/usr/bin' };
    const input = Buffer.alloc(300_000, 'x');
    const copied = await execAndCollect(flux, { rank: 1, words: ['cat'], cwd: '/', environment }, { input });
    expect([copied.status, copied.stdout.equals(input)]).toEqual([0, true]);
    const failed = await execAndCollect(flux, { words: ['sh', '-c', 'echo no >&2; exit 3'], cwd: '/', environment });
    expect([failed.status >> 8, failed.stderr.toString()]).toEqual([3, 'no\n']);
    await expect(execAndCollect(flux, { words: ['/no/such'], cwd: '/' })).rejects.toMatchObject({ code: 'ENOENT' });
    const sleeping = execRemote(flux, { rank: 1, words: ['sleep', '300'], cwd: '/', environment });
    for await (const event of sleeping) {
      if (event.type === 'started') await sleeping.kill(15);
      if (event.type === 'finished') expect(event.status).toBe(15);
    }
  });

  it('tells of the tree, the state and the configuration', async () => {
    expect(await overlayHealth(flux)).toMatchObject({ rank: 0, status: 'full', children: [{ rank: 1 }] });
    expect(await overlayTopology(flux)).toMatchObject({ rank: 0, size: 2, children: [{ rank: 1, size: 1 }] });
    expect((await onlineRanks(flux)).toString()).toBe('0-1');
    expect((await brokerState(flux)).state).toBe('run');
    await waitRunning(flux);
    expect(await configuration(flux)).toBeTypeOf('object');
    expect(await queueNames(flux)).toEqual([]);
    expect(await queueStatus(flux)).toMatchObject({ enable: true, start: true });
  });

  it('lets go of a client that sends what is no message', async () => {
    const socket = createConnection(uri.slice('local://'.length));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {}).resume();
    socket.write('hello, broker! this is no message at all');
    await closed;
    expect(await flux.attr('rank')).toBe('0');
  });

  it('takes a guest for a guest', async () => {
    const guest = await connect(uri, { environment: { FLUX_HANDLE_USERID: '12345', FLUX_HANDLE_ROLEMASK: '2' } });
    expect(await guest.attr('rank')).toBe('0');
    await expect(guest.rpc('attr.set', { name: 'log-level', value: '7' })).rejects.toMatchObject({ code: 'EPERM' });
    await guest.close();
  });

  it('tells when there is no socket', async () => {
    const quick = { environment: { FLUX_LOCAL_CONNECTOR_RETRY_COUNT: '0' } };
    await expect(connect(`local://${folder}/none`, quick)).rejects.toMatchObject({
      code: 'ENOENT',
      message: `broker socket ${folder}/none was not found`,
    });
    await expect(connect('http://x', quick)).rejects.toMatchObject({
      code: 'ENOENT',
      message: "Unable to find connector name 'http'",
    });
  });
});
