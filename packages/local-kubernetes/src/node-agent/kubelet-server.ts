// The kubelet API: logs over plain HTTP, exec over WebSocket (v5.channel.k8s.io, v4.channel.k8s.io) and SPDY/3.1 (v4). HTTPS, for clients
// with a certificate of the cluster's authority. attach and port-forward are refused by name.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { KeyedCertificate } from '../certificates/authority.ts';
import { readLogLines } from './container-log.ts';
import { execInContainer } from './exec.ts';
import type { PodWorker } from './pod-worker.ts';
import { serveSpdyExec } from './spdy/serve-exec.ts';

export interface KubeletServerOptions {
  readonly serving: KeyedCertificate;
  readonly authorityCertificate: string;
  find(namespace: string, name: string): PodWorker | undefined;
  log(text: string): void;
}

const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

export async function startKubeletServer(
  options: KubeletServerOptions,
): Promise<{ port: number; stop(): Promise<void> }> {
  const { serving, authorityCertificate } = options;
  const server = createServer({
    cert: serving.certificate,
    key: serving.key,
    ca: authorityCertificate,
    requestCert: true,
    rejectUnauthorized: true,
  });
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => protocols.find((each) => offered.has(each)) ?? false,
  });
  server.on('request', (request, response) => serveLog(options, request, response));
  server.on('upgrade', (request, socket, head) => {
    const refuse = (code: string, text: string) =>
      socket.end(`HTTP/1.1 ${code}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    const { kind, worker, container, query } = meant(options, request);
    const runner = worker?.runner(container);
    if (kind !== 'exec') return refuse('501 Not Implemented', `${kind} is not served by this node agent`);
    if (!runner?.process) return refuse('404 Not Found', `container not found ("${container}")`);
    const upgrade = request.headers.upgrade?.toLowerCase();
    if (upgrade === 'spdy/3.1') {
      if (query.get('tty') === '1') return refuse('501 Not Implemented', 'tty is not served over SPDY/3.1');
      const offered = String(request.headers['x-stream-protocol-version'] ?? '');
      if (!offered.includes('v4.channel.k8s.io')) return refuse('403 Forbidden', 'v4.channel.k8s.io was not offered');
      return serveSpdyExec(socket, head, query, () => execInContainer(runner, query.getAll('command')), endStatus);
    }
    if (upgrade !== 'websocket') return refuse('403 Forbidden', `upgrade to ${upgrade} is not served`);
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      try {
        serveExec(webSocket, execInContainer(runner, query.getAll('command')));
      } catch (error) {
        options.log(`exec: ${String(error)}`);
        webSocket.close(1011);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function meant(options: KubeletServerOptions, request: IncomingMessage) {
  const url = new URL(request.url ?? '/', 'https://node');
  const [kind = '', namespace = '', name = '', container = ''] = url.pathname
    .slice(1)
    .split('/')
    .map(decodeURIComponent);
  return { kind, worker: options.find(namespace, name), container, query: url.searchParams, name };
}

function serveLog(options: KubeletServerOptions, request: IncomingMessage, response: ServerResponse): void {
  const { kind, worker, container, query, name } = meant(options, request);
  const fail = (code: number, text: string) => response.writeHead(code, { 'content-type': 'text/plain' }).end(text);
  if (kind !== 'containerLogs') {
    fail(404, `${kind} is not served by this node agent`);
    return;
  }
  const runner = worker?.runner(container);
  if (!worker || !runner) {
    fail(worker ? 400 : 404, `container "${container}" in pod "${name}" is waiting to start: ContainerCreating`);
    return;
  }
  const isPrevious = query.get('previous') === 'true';
  if (isPrevious && runner.status.restartCount === 0) {
    fail(400, `previous terminated container "${container}" in pod "${name}" not found`);
    return;
  }
  const since = query.get('sinceTime')
    ? Date.parse(query.get('sinceTime')!)
    : query.get('sinceSeconds')
      ? Date.now() - Number(query.get('sinceSeconds')) * 1000
      : 0;
  const withTimes = query.get('timestamps') === 'true';
  let left = query.has('limitBytes') ? Number(query.get('limitBytes')) : Number.POSITIVE_INFINITY;
  const isFresh = (line: string): boolean => Date.parse(line.slice(0, line.indexOf(' '))) >= since;
  const send = (line: string): void => {
    const [time = '', , tag] = line.split(' ', 3);
    const text = line.slice(time.length + 10);
    const shown = `${withTimes ? `${time} ` : ''}${text}${tag === 'F' ? '\n' : ''}`.slice(0, left);
    left -= shown.length;
    response.write(Buffer.from(shown, 'latin1'));
    if (left <= 0) response.end();
  };
  const live = isPrevious ? undefined : runner.log;
  const lines = readLogLines(runner.logPath(isPrevious)).filter(isFresh);
  const tail = query.has('tailLines') ? Number(query.get('tailLines')) : lines.length;
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.flushHeaders();
  for (const line of tail === 0 ? [] : lines.slice(-tail)) send(line);
  if (query.get('follow') !== 'true' || !live || live.isClosed) {
    response.end();
    return;
  }
  const unfollow = live.follow((line) => (line === '' ? response.end() : send(line)));
  response.on('close', unfollow);
}

/** Channels: 0 stdin, 1 stdout, 2 stderr, 3 the end as a Status, 4 resize; v5 adds 255, the close of a channel. */
function serveExec(socket: WebSocket, child: ReturnType<typeof execInContainer>): void {
  const send = (channel: number, data: Buffer): void => socket.send(Buffer.concat([Buffer.from([channel]), data]));
  child.stdout.on('data', (chunk: Buffer) => send(1, chunk));
  child.stderr.on('data', (chunk: Buffer) => send(2, chunk));
  socket.on('message', (message: Buffer) => {
    if (message[0] === 0) child.stdin.write(message.subarray(1));
    else if (message[0] === 255 && message[1] === 0) child.stdin.end();
  });
  socket.on('close', () => child.stdin.end());
  child.once('error', (error) => socket.close(1011, error.message.slice(0, 100)));
  child.once('close', (code, signal) => {
    const exitCode = signal ? 137 : (code ?? 1);
    send(3, Buffer.from(JSON.stringify(endStatus(exitCode))));
    socket.close(1000);
  });
}

function endStatus(exitCode: number): object {
  return exitCode === 0
    ? { metadata: {}, status: 'Success' }
    : {
        metadata: {},
        status: 'Failure',
        message: `command terminated with non-zero exit code: exit status ${exitCode}`,
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
      };
}
