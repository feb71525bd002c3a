/**
 * A command in a container as one byte stream, over a WebSocket with the subprotocol v5.channel.k8s.io (KEP-4006; v4 for
 * servers before 1.30): the first byte of a message is its channel.
 */
import { Duplex } from 'node:stream';
import WebSocket from 'ws';
import { ApiError } from './api-error.ts';
import type { Connection } from './connection.ts';
import type { ExecOptions } from './kubernetes-api.ts';
import { pods, resourcePath } from './resources.ts';

const Channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, close: 255 } as const;
/** What is kept of standard error for the message of a failure. */
const keptErrorText = 2000;
/** A connection that does not open in this time is given up. */
const handshakeTimeoutMs = 10_000;

/** @throws ApiError when the command cannot be started; a command that fails destroys the stream with its words */
export async function execStream(connection: Connection, options: ExecOptions): Promise<Duplex> {
  const { namespace, pod, container, command, signal } = options;
  const query = new URLSearchParams({ container, stdin: 'true', stdout: 'true', stderr: 'true', tty: 'false' });
  for (const word of command) query.append('command', word);
  const url = `${connection.server.replace(/^http/, 'ws')}${resourcePath(pods, namespace, pod, 'exec')}?${query}`;
  const socket = new WebSocket(url, ['v5.channel.k8s.io', 'v4.channel.k8s.io'], {
    headers: await connection.headers(),
    ...connection.tls,
    handshakeTimeout: handshakeTimeoutMs,
    perMessageDeflate: false,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => {
      // What came with the answer to the upgrade would be heard before anybody listens: until the stream is read, wait.
      socket.pause();
      resolve();
    });
    socket.once('unexpected-response', (_request, response) => {
      reject(new ApiError(response.statusCode ?? 0, 'Exec', `exec in pod ${pod}: HTTP ${response.statusCode}`));
      socket.terminate();
    });
    socket.once('error', (cause) =>
      reject(new ApiError(0, 'Connection', `exec in pod ${pod}: ${cause.message}`, undefined, { cause })),
    );
  });
  // Given up while it opened: nobody would end it any more.
  if (signal?.aborted) {
    socket.terminate();
    throw new ApiError(0, 'Exec', `exec in pod ${pod}: given up`, undefined, { cause: signal.reason });
  }
  return duplexOf(socket, pod, signal);
}

function duplexOf(socket: WebSocket, pod: string, signal: AbortSignal | undefined): Duplex {
  let words = '';
  const stream = new Duplex({
    read: () => socket.resume(),
    write: (chunk: Buffer, _encoding, done) =>
      socket.send(Buffer.concat([Buffer.of(Channel.stdin), chunk]), (error) => done(error)),
    final: (done) => {
      if (socket.protocol === 'v5.channel.k8s.io' && socket.readyState === WebSocket.OPEN) {
        socket.send(Buffer.of(Channel.close, Channel.stdin), () => done());
      } else {
        socket.close();
        done();
      }
    },
    destroy: (error, done) => {
      socket.terminate();
      done(error);
    },
  });
  socket.on('message', (data: Buffer) => {
    const channel = data[0];
    const body = data.subarray(1);
    if (channel === Channel.stdout && body.length > 0) {
      if (!stream.push(body)) socket.pause();
    } else if (channel === Channel.stderr) words = (words + body.toString('utf8')).slice(-keptErrorText);
    else if (channel === Channel.error) finish(body.toString('utf8'));
  });
  const finish = (text: string) => {
    const status = parseStatus(text);
    if (status.status === 'Success') stream.push(null);
    else
      stream.destroy(
        new ApiError(
          0,
          'Exec',
          `exec in pod ${pod}: ${status.message ?? 'it failed'}${words ? `: ${words.trim()}` : ''}`,
        ),
      );
  };
  socket.on('close', () => {
    if (!stream.readableEnded && !stream.destroyed) stream.push(null);
  });
  socket.on('error', (error) => stream.destroy(error));
  signal?.addEventListener('abort', () => stream.destroy(), { once: true });
  return stream;
}

function parseStatus(text: string): { status?: string; message?: string } {
  try {
    return JSON.parse(text) as { status?: string; message?: string };
  } catch {
    return { message: text };
  }
}
