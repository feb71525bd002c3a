// exec over SPDY/3.1: one stream each for error, stdin, stdout and stderr (remotecommand v4).

import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { type SpdyStream, serveSpdy } from './connection.ts';

export function serveSpdyExec(
  socket: Duplex,
  head: Buffer,
  query: URLSearchParams,
  start: () => ChildProcessWithoutNullStreams,
  endStatus: (exitCode: number) => object,
): void {
  const isAsked = (name: string): boolean => ['1', 'true'].includes(query.get(name) ?? '');
  const wanted = ['error'];
  if (isAsked('input') || isAsked('stdin')) wanted.push('stdin');
  if (isAsked('output') || isAsked('stdout')) wanted.push('stdout');
  if (isAsked('error') || isAsked('stderr')) wanted.push('stderr');
  const streams = new Map<string, SpdyStream>();
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\n',
  );
  let isStarted = false;
  serveSpdy(socket, head, (stream) => {
    streams.set(stream.headers.get('streamtype') ?? '', stream);
    if (isStarted || !wanted.every((name) => streams.has(name))) return;
    isStarted = true;
    const finish = (status: object): void => {
      streams.get('stdout')?.end();
      streams.get('stderr')?.end();
      streams.get('error')!.end(JSON.stringify(status));
    };
    try {
      const child = start();
      child.stdout.on('data', (data: Buffer) => streams.get('stdout')?.write(data));
      child.stderr.on('data', (data: Buffer) => streams.get('stderr')?.write(data));
      const input = streams.get('stdin');
      if (input) input.pipe(child.stdin);
      else child.stdin.end();
      socket.on('close', () => child.stdin.end());
      child.once('error', (error) => finish({ metadata: {}, status: 'Failure', message: error.message }));
      child.once('close', (code, signal) => finish(endStatus(signal ? 137 : (code ?? 1))));
    } catch (error) {
      finish({ metadata: {}, status: 'Failure', message: String(error) });
    }
  });
}
