// exec and attach over WebSocket (v5.channel.k8s.io, v4.channel.k8s.io): the first byte of a message is its channel.

import { PassThrough, Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import type { TerminalSize } from '../processes/terminal.ts';
import { type RemoteOptions, type RemoteStreams, terminalSize } from './remote-streams.ts';

/** Best first. v5 adds that a channel can be closed. */
export const webSocketProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;

const channels = { stdin: 0, stdout: 1, stderr: 2, end: 3, resize: 4, close: 255 } as const;
/** A peer that has gone is not seen while its data waits, unless something is sent to it. */
const pingMs = 1000;
/** How long a peer may take to close after us. */
const closeMs = 5000;

export function webSocketStreams(socket: WebSocket, options: RemoteOptions): RemoteStreams {
  const gone = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  const stdin = options.stdin ? new PassThrough() : undefined;
  let onSize: Parameters<RemoteStreams['onResize']>[0] | undefined;
  // A client may tell its size before there is a terminal.
  let size: TerminalSize | undefined;
  let ping: NodeJS.Timeout | undefined;
  stdin
    ?.on('error', () => {})
    .on('drain', () => {
      clearInterval(ping);
      socket.resume();
    });
  socket.on('error', () => {});
  socket.on('message', (message: Buffer) => {
    const data = message.subarray(1);
    if (message[0] === channels.stdin && stdin?.writable && !stdin.write(data)) {
      socket.pause();
      ping = setInterval(() => socket.ping(), pingMs);
    } else if (message[0] === channels.close && data[0] === channels.stdin) stdin?.end();
    else if (message[0] === channels.resize) {
      size = terminalSize(data.toString()) ?? size;
      if (size) onSize?.(size);
    }
  });
  void gone.then(() => {
    clearInterval(ping);
    stdin?.destroy();
  });
  const output = (channel: number): Writable => {
    const stream = new Writable({
      write: (data: Buffer, _encoding, done) => send(socket, channel, data, done),
    });
    // An empty message tells the client that the connection stands.
    send(socket, channel, Buffer.alloc(0), () => {});
    return stream.on('error', () => {});
  };
  const stdout = options.stdout ? output(channels.stdout) : undefined;
  const stderr = options.stderr ? output(channels.stderr) : undefined;
  return {
    ...(stdin ? { stdin } : {}),
    ...(stdout ? { stdout } : {}),
    ...(stderr ? { stderr } : {}),
    gone,
    onResize(listener) {
      onSize = listener;
      if (size) listener(size);
    },
    async finish(status) {
      const ends = [stdout, stderr].filter((each) => each !== undefined);
      await Promise.race([gone, Promise.all(ends.map((each) => new Promise((resolve) => each.end(resolve))))]);
      await new Promise<void>((resolve) =>
        send(socket, channels.end, Buffer.from(JSON.stringify(status)), () => resolve()),
      );
      stdin?.resume();
      socket.close(1000);
      const timer = setTimeout(() => socket.terminate(), closeMs);
      await gone;
      clearTimeout(timer);
    },
  };
}

function send(socket: WebSocket, channel: number, data: Buffer, done: (error?: Error) => void): void {
  socket.send(Buffer.concat([Buffer.from([channel]), data]), (error) => done(error ?? undefined));
}
