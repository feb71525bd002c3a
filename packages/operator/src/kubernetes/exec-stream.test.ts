/** The stream of a command, against a server whose every byte the test chooses. */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import type { Connection } from './connection.ts';
import { execStream } from './exec-stream.ts';

const stdout = (text: string) => frame(1, text);
const stderr = (text: string) => frame(2, text);
const ended = (status: object) => frame(3, JSON.stringify(status));

let server: Server | undefined;
/** Told of a connection just before it is answered. */
let onUpgrade: (socket: Duplex) => void = () => {};
afterEach(() => {
  onUpgrade = () => {};
  server?.closeAllConnections();
  server?.close();
});

test('words that come in one piece with the answer to the upgrade are all heard', async () => {
  for (let round = 0; round < 20; round++) {
    const words = Array.from({ length: 50 }, (_, index) => `${index},`);
    const stream = await open([...words.map(stdout), ended({ status: 'Success' })]);
    expect(await text(stream)).toBe(words.join(''));
    server?.closeAllConnections();
    server?.close();
  }
});

test('words wait for a reader that comes late', async () => {
  const stream = await open([stdout('early '), stdout('words'), ended({ status: 'Success' })]);
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  expect(await text(stream)).toBe('early words');
});

test('a command that fails destroys the stream with its own words', async () => {
  const stream = await open([
    stderr('flux: no such relay\n'),
    ended({ status: 'Failure', message: 'command terminated with non-zero exit code' }),
  ]);
  await expect(text(stream)).rejects.toThrow(
    'exec in pod lead: command terminated with non-zero exit code: flux: no such relay',
  );
});

test('an answer that is no upgrade names the pod and the status', async () => {
  await expect(open(undefined)).rejects.toThrow('exec in pod lead: HTTP 403');
});

test('a command that is given up before it has started is not left running', async () => {
  const given = new AbortController();
  const closed = new Promise<void>((resolve) => {
    onUpgrade = (socket) => {
      given.abort();
      socket.once('end', resolve).resume();
    };
  });
  const stream = open([stdout('words')], given.signal);
  await expect(stream.then(text)).rejects.toThrow('exec in pod lead: given up');
  await closed;
});

/** A server that answers the upgrade and says all of `frames` in one write; undefined: it refuses. */
async function open(frames: readonly Buffer[] | undefined, signal?: AbortSignal): Promise<Duplex> {
  server = createServer();
  server.on('upgrade', (request, socket: Duplex) => {
    socket.on('error', () => {});
    onUpgrade(socket);
    if (!frames) {
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      return;
    }
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    const head =
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n' +
      `sec-websocket-accept: ${accept}\r\nsec-websocket-protocol: v5.channel.k8s.io\r\n\r\n`;
    socket.write(Buffer.concat([Buffer.from(head), ...frames]));
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const connection: Connection = {
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tls: {},
    headers: async () => ({}),
    namespace: 'default',
  };
  const options = { namespace: 'default', pod: 'lead', container: 'main', command: ['x'] };
  return execStream(connection, { ...options, ...(signal ? { signal } : {}) });
}

async function text(stream: Duplex): Promise<string> {
  let heard = '';
  for await (const chunk of stream) heard += chunk;
  return heard;
}

/** A binary message of fewer than 126 bytes as a server sends it: not masked (RFC 6455, section 5.2). */
function frame(channel: number, words: string): Buffer {
  const body = Buffer.concat([Buffer.of(channel), Buffer.from(words)]);
  return Buffer.concat([Buffer.of(0x82, body.length), body]);
}
