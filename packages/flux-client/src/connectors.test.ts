/** The ways in: handshake, local sockets, descriptors, ssh command lines, ancestors. No flux needed. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, connectStream } from './connect.ts';
import { Flux } from './flux.ts';
import { FluxError } from './flux-error.ts';
import { Role } from './message.ts';
import { frameMessage } from './message-framer.ts';
import { serveSocket } from './socket-server.ts';
import { sshCommand } from './ssh.ts';
import { openStream, streamTransport } from './stream-transport.ts';
import { topicMatcher } from './topic-matcher.ts';
import type { Transport } from './transport.ts';

let folder: string;
const cleanUps: (() => Promise<unknown> | unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebb-connect-'));
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  rmSync(folder, { recursive: true });
});

/** A socket that answers attr.get from a table. */
async function attributesAt(name: string, attributes: Record<string, string>): Promise<string> {
  const server = await serveSocket(join(folder, name), (client) => {
    const service = new Flux(asOwner(client));
    service.handle('attr.get', (request) => {
      const value = attributes[request.json<{ name: string }>().name];
      if (value === undefined) request.respondError('ENOENT');
      else request.respond({ value, flags: 0 });
    });
  });
  cleanUps.push(() => server.close());
  return `local://${server.path}`;
}

function asOwner(client: Transport): Transport {
  return {
    send: (message) => client.send(message),
    onMessage: (handler) => client.onMessage((message) => handler({ ...message, rolemask: Role.Owner })),
    onClose: (handler) => client.onClose(handler),
    close: () => client.close(),
  };
}

/** Two ends of a connection through a Unix socket. */
async function socketPair(): Promise<[Socket, Socket]> {
  const path = join(folder, 'pair');
  const far = new Promise<Socket>((resolve) => {
    const server = createServer((socket) => {
      server.close();
      resolve(socket);
    }).listen(path);
  });
  const near = createConnection(path);
  const pair: [Socket, Socket] = [near, await far];
  cleanUps.push(() => {
    for (const socket of pair) socket.destroy();
  });
  return pair;
}

const event = { type: 'event', flags: 0, userid: 1, rolemask: 1, aux1: 1, aux2: 0, topic: 'e' } as const;

describe('the handshake', () => {
  it('takes messages that come with the byte that accepts', async () => {
    const [near, far] = await socketPair();
    far.write(Buffer.concat([Buffer.of(0), frameMessage(event), frameMessage({ ...event, aux1: 2 })]));
    const transport = await openStream(near);
    const got: number[] = [];
    transport.onMessage(({ aux1 }) => got.push(aux1));
    await expect.poll(() => got).toEqual([1, 2]);
  });

  it('tells why it was refused, or that the other end is gone', async () => {
    const [near, far] = await socketPair();
    far.end(Buffer.of(1));
    await expect(connectStream(near)).rejects.toMatchObject({ code: 'EPERM' });
    const [second, gone] = await socketPair();
    gone.end();
    await expect(connectStream(second)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('the transport', () => {
  it('cuts off a peer that sends what is no message', async () => {
    const [near, far] = await socketPair();
    const transport = streamTransport(near);
    const ended = new Promise<Error | undefined>((resolve) => transport.onClose(resolve));
    transport.onMessage(() => {});
    const farClosed = new Promise((resolve) => far.once('close', resolve));
    far.on('error', () => {}).resume();
    far.write(Buffer.concat([frameMessage(event), Buffer.from('nonsense, not a message')]));
    expect(await ended).toMatchObject({ name: 'ProtocolError' });
    await farClosed;
  });

  it('lets what was sent go out before it closes, and tells even who asks late', async () => {
    const [near, far] = await socketPair();
    const transport = streamTransport(near);
    transport.onMessage(() => {});
    for (let i = 0; i < 1000; i++) transport.send(event);
    transport.close();
    transport.send(event);
    let bytes = 0;
    far.on('data', (chunk) => {
      bytes += chunk.length;
    });
    await new Promise((resolve) => far.once('end', resolve));
    expect(bytes).toBe(1000 * frameMessage(event).length);
    await new Promise<void>((resolve) => transport.onClose(() => resolve()));
  });

  it('writes the messages of one turn at once', async () => {
    const stream = new PassThrough();
    const transport = streamTransport(stream);
    const chunks: Buffer[] = [];
    const write = stream.write.bind(stream);
    let corked = 0;
    stream.write = ((chunk: Buffer) => {
      corked = Math.max(corked, stream.writableCorked);
      return write(chunk);
    }) as typeof stream.write;
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    for (let i = 0; i < 10; i++) transport.send(event);
    expect(corked).toBe(1);
    await expect.poll(() => Buffer.concat(chunks).length).toBe(10 * frameMessage(event).length);
    expect(stream.writableCorked).toBe(0);
  });
});

describe('connect', () => {
  it('reaches a local socket, named or from the environment', async () => {
    const uri = await attributesAt('local', { rank: '3' });
    for (const flux of [await connect(uri), await connect(undefined, { environment: { FLUX_URI: uri } })]) {
      expect(await flux.rank()).toBe(3);
      await flux.close();
    }
  });

  it('reaches a descriptor that its parent process hands it', async () => {
    const uri = await attributesAt('local', { rank: '9' });
    const socket = createConnection(uri.slice('local://'.length)).pause();
    await new Promise((resolve) => socket.once('connect', resolve));
    const code = `
      import { connect } from ${JSON.stringify(new URL('./connect.ts', import.meta.url).href)};
      const flux = await connect('fd://3');
      console.log(await flux.rank());
      await flux.close();`;
    const words = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', code];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit', socket] });
    let text = '';
    child.stdout!.on('data', (chunk) => {
      text += chunk;
    });
    await new Promise((resolve) => child.once('close', resolve));
    socket.destroy();
    expect(text.trim()).toBe('9');
  });

  it('waits for a socket that is not there yet', async () => {
    const waiting = connect(`local://${folder}/late`);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await attributesAt('late', { rank: '1' });
    const flux = await waiting;
    expect(await flux.rank()).toBe(1);
    await flux.close();
  });

  it('says so when a path is longer than a socket may have', async () => {
    await expect(connect(`local:///${'x'.repeat(200)}`)).rejects.toBeInstanceOf(FluxError);
  });

  it('gives up when asked to', async () => {
    const abort = new AbortController();
    const waiting = connect(`local://${folder}/never`, { signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toBeInstanceOf(Error);
  });

  it('goes up to the instances around this one', async () => {
    const root = await attributesAt('root', { name: 'root', 'instance-level': '0' });
    const middle = await attributesAt('middle', { name: 'middle', 'instance-level': '1', 'parent-uri': root });
    const inner = await attributesAt('inner', { name: 'inner', 'instance-level': '2', 'parent-uri': middle });
    const nameOf = async (path: string) => {
      const flux = await connect(path, { environment: { FLUX_URI: inner } });
      const name = await flux.attr('name');
      await flux.close();
      return name;
    };
    const names = [];
    for (const path of ['.', '..', '../..', '/', '../../../..']) names.push(await nameOf(path));
    expect(names).toEqual(['inner', 'middle', 'root', 'root', 'root']);
    await expect(nameOf('.x')).rejects.toMatchObject({ code: 'EINVAL' });
  });
});

describe('the ssh command', () => {
  it.each([
    ['ssh://host/run/flux/local', {}, 'ssh host env PATH=/run/flux/bin:/bin:/usr/bin flux relay /run/flux/local'],
    ['ssh://me@host:22/s', { FLUX_SSH_RCMD: '/x/flux' }, 'ssh -p 22 me@host /x/flux relay /s'],
    [
      'ssh://host/a/s',
      { FLUX_SSH: 'rsh', FLUX_SSH_RCMD: 'flux', LD_LIBRARY_PATH: '/l' },
      'rsh host env LD_LIBRARY_PATH=/l flux relay /a/s',
    ],
  ])('of %s', (uri, environment, command) => {
    expect(sshCommand(uri, environment).join(' ')).toBe(command);
  });

  it.each([
    'ssh://host',
    'ssh:///path',
    'ssh://-oProxyCommand=x/path',
    'ssh://-x@h/path',
    'ssh://h/p?q',
    'ssh://h:x/p',
  ])('refuses %s', (uri) => {
    expect(() => sshCommand(uri, {})).toThrow(expect.objectContaining({ code: 'EINVAL' }));
  });
});

it('matches topics by globs', () => {
  const matches = (glob: string, topic: string) => topicMatcher(glob)(topic);
  expect(matches('a.b', 'a.b') && matches('a.*', 'a.b.c') && matches('*', 'x') && matches('a.*.c', 'a.b.c')).toBe(true);
  expect(matches('a.b', 'a.bc') || matches('a.*', 'b.a.') || matches('a.*.c', 'a.b.d') || matches('a+*b', 'aab')).toBe(
    false,
  );
});
