// The kubelet API: logs over plain HTTP, exec, attach and port-forward over WebSocket and SPDY/3.1. HTTPS, for clients with a certificate of the
// cluster's authority.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { KeyedCertificate } from '../../certificates/authority.ts';
import { initialStatus } from '../containers/container-states.ts';
import type { ContainerStatus } from '../pod-types.ts';
import type { PodWorker } from '../pods/pod-worker.ts';
import { readLogLines } from '../processes/container-log.ts';
import { logRefusal } from './log-choice.ts';
import { servePortForward } from './port-forward.ts';
import { refusalStatus, remoteOptions } from './remote-streams.ts';
import { serveAttach } from './serve-attach.ts';
import { serveExec } from './serve-exec.ts';
import { acceptStreams, isWebSocket, refuse, tunnelProtocol } from './upgrade.ts';
import { webSocketProtocols } from './websocket-streams.ts';

export interface KubeletServerOptions {
  readonly serving: KeyedCertificate;
  readonly authorityCertificate: string;
  find(namespace: string, name: string): PodWorker | undefined;
  log(text: string): void;
}

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
    handleProtocols: (offered) => [...webSocketProtocols, tunnelProtocol].find((each) => offered.has(each)) ?? false,
  });
  server.on('request', (request, response) => serveLog(options, request, response));
  // The server waits for its connections to end, and closes by itself only those that speak HTTP.
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {});
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    const { kind, worker, container, query, name } = meant(options, request);
    const upgrade = { request, socket, head, sockets };
    if (!['exec', 'attach', 'portForward'].includes(kind)) {
      refuse(socket, '404 Not Found', `${kind} is not served by this node agent`);
    } else if (!worker) refuse(socket, '404 Not Found', `pod does not exist: "${name}"`);
    else if (kind === 'portForward') servePortForward(upgrade, worker);
    else {
      const runner = worker.runner(container);
      const asked = remoteOptions(query);
      const missing = runner?.process ? undefined : `container not found ("${container}")`;
      if (missing && !isWebSocket(request)) return refuse(socket, '404 Not Found', missing);
      void acceptStreams(upgrade, asked)
        .then((streams) => {
          if (!streams) return undefined;
          if (missing || !runner) return streams.finish(refusalStatus(missing ?? ''));
          if (kind === 'attach') return serveAttach(runner, streams);
          return serveExec(runner, query.getAll('command'), asked.tty, streams);
        })
        .catch((error: unknown) => {
          options.log(`${kind} in pod ${name}: ${String(error)}`);
          socket.destroy();
        });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const client of sockets.clients) client.terminate();
      for (const socket of upgraded) socket.destroy();
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
  const isPrevious = query.get('previous') === 'true';
  const refusal = worker && logRefusal(statusOf(worker, container), container, name, isPrevious);
  if (!worker || !runner || refusal) {
    fail(worker ? 400 : 404, refusal ?? `pod "${name}" not found`);
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
    if (left <= 0) return;
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
  const unfollow = live.follow((line) => {
    if (line === '') response.end();
    else if (response.writableLength > mostUnread) response.destroy();
    else send(line);
  });
  response.on('close', unfollow);
}

/** Bytes that one who follows a log may be behind; the container is not held to their pace. */
const mostUnread = 32 << 20;

/** The container as it is, or as the pod tells of it before it is made. */
function statusOf(worker: PodWorker, name: string): ContainerStatus {
  const runner = worker.runner(name);
  if (runner) return runner.status;
  const { status, spec } = worker.pod;
  const told = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
  const container = { name, image: '' };
  return (
    told.find((each) => each.name === name) ??
    initialStatus(container, spec.initContainers?.length ? 'PodInitializing' : 'ContainerCreating')
  );
}
