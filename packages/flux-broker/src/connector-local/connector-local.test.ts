import { spawnSync } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { connect as connectFlux, type Flux, frameMessage, Role } from '@ebb/flux-client';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Instance, startInstance } from '../instance/instance.ts';

let instance: Instance;
let path: string;
const errors: string[] = [];

beforeAll(async () => {
  instance = startInstance({ size: 2, socketRanks: [0], modules: [], stderr: (line) => errors.push(line) });
  await instance.ready();
  path = instance.uri(0).slice('local://'.length);
});

afterAll(() => instance.stop());

function open(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path, () => resolve(socket));
    socket.once('error', reject);
  });
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.resume();
    socket.on('error', () => {});
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
}

const hello = frameMessage({
  type: 'request',
  flags: 0,
  userid: 0xffffffff,
  rolemask: Role.None,
  aux1: 0xffffffff,
  aux2: 1,
  topic: 'attr.get',
  payload: Buffer.from('{"name":"size"}\0'),
  routes: [],
});

describe('the local connector', () => {
  it('makes a socket that only its owner can open', () => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it.runIf(process.getuid?.() === 0)('is closed to another user, who may reach its directory', async () => {
    const nobody = 65_534;
    const connecting =
      "require('net').connect(process.argv[1]).on('connect', () => process.exit(0)).on('error', (e) => { console.log(e.code); process.exit(1); })";
    chmodSync(dirname(path), 0o755);
    try {
      const connectAs = (uid: number) =>
        spawnSync(process.execPath, ['-e', connecting, path], { uid, gid: uid, cwd: '/', encoding: 'utf8' });
      expect(connectAs(nobody)).toMatchObject({ status: 1, stdout: 'EACCES\n' });
      expect(connectAs(0)).toMatchObject({ status: 0 });
    } finally {
      chmodSync(dirname(path), 0o700);
    }
  });

  it('serves many clients at once', async () => {
    const clients = await Promise.all(Array.from({ length: 50 }, () => connectFlux(instance.uri(0))));
    const sizes = await Promise.all(clients.map((client) => client.size()));
    expect(sizes).toEqual(Array(50).fill(2));
    await Promise.all(clients.map((client) => client.close()));
  });

  it('tells the services a client used that it has gone', async () => {
    const server: Flux = instance.flux(1);
    const gone = new Promise<string>((resolve) => {
      server.handle('memory.disconnect', (request) => resolve(request.sender));
    });
    let sender = '';
    server.handle('memory.keep', (request) => {
      sender = request.sender;
      request.respond();
    });
    await server.addService('memory');
    const client = await connectFlux(instance.uri(0));
    await client.rpc('memory.keep', {}, { nodeid: 1 });
    await client.close();
    expect(await gone).toBe(sender);
    await server.close();
  });

  it('frees the names of services and groups of a client that dies', async () => {
    const client = await connectFlux(instance.uri(0));
    await client.addService('mine');
    const other = instance.flux(0);
    await expect(other.addService('mine')).rejects.toMatchObject({ code: 'EEXIST' });
    await client.close();
    // The broker sees the end of the connection a moment after the client does.
    for (;;) {
      const isFree = await other.addService('mine').then(
        () => true,
        () => false,
      );
      if (isFree) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await other.close();
  });

  it('cuts off who sends garbage, with a log line, and lives', async () => {
    errors.length = 0;
    const socket = await open();
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await closed(socket);
    expect(errors.some((line) => /connector-local\.err\[0\]: client [0-9a-f]{8} cut off: /.test(line))).toBe(true);
  });

  it('survives thousands of mutated streams and keeps nothing of them', async () => {
    const peersBefore = [...instance.broker(0).router.peers].length;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(hello.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }),
        fc.nat(hello.length),
        async (changes, cut) => {
          const bytes = Buffer.from(hello);
          for (const [at, value] of changes) bytes[at] = value;
          const socket = await open();
          socket.end(Buffer.concat([bytes.subarray(0, cut), bytes]));
          await closed(socket);
        },
      ),
      { numRuns: 10_000 },
    );
    const client = await connectFlux(instance.uri(0));
    expect(await client.size()).toBe(2);
    await client.close();
    await expect.poll(() => [...instance.broker(0).router.peers].length).toBe(peersBefore);
  });
});
