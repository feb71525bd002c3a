// exec and attach over SPDY/3.1: a stream each for error, stdin, stdout, stderr and resize, named by `streamtype`
// (remotecommand v4; v3 and v2 differ in that the error stream holds plain text, v2 in that it has no resize).

import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { TerminalSize } from '../../processes/terminal.ts';
import { type RemoteOptions, type RemoteStreams, terminalSize } from '../remote-streams.ts';
import { SpdyConnection } from './connection.ts';
import type { SpdyStream } from './stream.ts';

/** Best first. */
export const spdyProtocols = ['v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io'] as const;
/** How long a client may take to open its streams. */
const creationMs = 30_000;

/** The answer that makes an HTTP connection a SPDY one. */
export function spdyUpgrade(protocol: string): string {
  return (
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n' +
    `X-Stream-Protocol-Version: ${protocol}\r\n\r\n`
  );
}

/** Resolves when the client has opened all streams that it asked for. Rejects when it goes, or takes too long. */
export async function acceptSpdyStreams(
  socket: Duplex,
  head: Buffer,
  protocol: string,
  options: RemoteOptions,
): Promise<RemoteStreams> {
  const wanted = new Set([
    'error',
    ...(['stdin', 'stdout', 'stderr'] as const).filter((name) => options[name]),
    ...(options.tty && protocol !== 'v2.channel.k8s.io' ? ['resize'] : []),
  ]);
  const streams = new Map<string, SpdyStream>();
  socket.write(spdyUpgrade(protocol));
  let opened: () => void;
  const allOpen = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const connection = new SpdyConnection(socket, head, {
    onStream(stream) {
      const name = stream.headers.get('streamtype') ?? '';
      if (!wanted.delete(name)) {
        stream.destroy();
        return;
      }
      streams.set(name, stream);
      if (wanted.size === 0) opened();
    },
  });
  const timer = setTimeout(() => void connection.close(), creationMs);
  await Promise.race([allOpen, connection.closed]);
  clearTimeout(timer);
  if (wanted.size > 0) throw new Error(`the client opened no stream for ${[...wanted].join(', ')}`);
  const { error, stdin, stdout, stderr } = Object.fromEntries(streams);
  error!.resume();
  stdout?.resume();
  stderr?.resume();
  return {
    ...(stdin ? { stdin } : {}),
    ...(stdout ? { stdout } : {}),
    ...(stderr ? { stderr } : {}),
    gone: connection.closed,
    onResize: (listener) => streams.get('resize') && readSizes(streams.get('resize')!, listener),
    async finish(status) {
      const isPlain = protocol !== 'v4.channel.k8s.io';
      const text = isPlain ? (status.message ?? '') : JSON.stringify(status);
      for (const stream of [stdout, stderr]) stream?.end();
      error!.end(text);
      stdin?.end();
      const ends = [stdout, stderr, error].filter((each) => each !== undefined);
      await Promise.race([
        connection.closed,
        Promise.allSettled(ends.map((each) => finished(each, { readable: false }))),
      ]);
      // What it still sends to a command that has ended goes nowhere.
      stdin?.resume();
      await connection.close();
    },
  };
}

/** Reads one JSON object after the other, wherever frames cut them. */
function readSizes(stream: SpdyStream, listener: (size: TerminalSize) => void): void {
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk;
    for (let end = text.indexOf('}'); end >= 0; end = text.indexOf('}')) {
      const size = terminalSize(text.slice(0, end + 1));
      text = text.slice(end + 1);
      if (size) listener(size);
    }
    if (text.length > 1024) stream.destroy();
  });
}
