/**
 * A plain HTTP way to an API server for one client, that keeps what the client wrote, and can hold an answer back or be
 * cut like a network cable.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { configFrom } from '@ebb/ebb/internal';

/** A request that the client sent. */
export interface Recorded {
  readonly client: string;
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** HTTP status of the answer; 101 for an upgrade. */
  readonly code: number;
}

/** True for what changes something in the cluster, or in a pod. */
export function isWrite({ method, code }: Recorded): boolean {
  return code < 400 && (method !== 'GET' || code === 101);
}

export interface RecordingProxy {
  /** A kubeconfig whose server is this proxy. */
  readonly kubeconfigPath: string;
  /** Holds the answer to the next accepted write whose path matches; resolves when the API server has given it. */
  hold(path: RegExp): Promise<{ release(): void }>;
  /** Breaks every connection and lets none through, until mended. */
  cut(): void;
  mend(): void;
  stop(): Promise<void>;
}

/** @param records gets every answered request, in the order of the answers; may be shared by proxies */
export async function startRecordingProxy(
  client: string,
  clusterKubeconfig: string,
  folder: string,
  records: Recorded[],
): Promise<RecordingProxy> {
  const config = configFrom(clusterKubeconfig);
  const target = new URL(config.getCurrentCluster()!.server);
  const credentials = await httpsOptions(config);
  const agent = new Agent({ keepAlive: true, ...credentials });
  const sockets = new Set<Duplex>();
  let isCut = false;
  let holding: { path: RegExp; held: (answer: { release(): void }) => void } | undefined;

  const forward = (message: IncomingMessage, upgrade: boolean) =>
    httpsRequest({
      ...(upgrade ? { ...credentials, agent: false } : { agent }),
      host: target.hostname,
      port: target.port,
      method: message.method!,
      path: message.url!,
      headers: { ...message.headers, host: target.host },
    });
  const record = (message: IncomingMessage, body: string, code: number): Recorded => {
    const entry = { client, method: message.method!, path: message.url!, body, code };
    records.push(entry);
    return entry;
  };

  const server = createServer(async (message: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const asked = forward(message, false);
    response.once('close', () => asked.destroy());
    asked.on('error', () => response.destroy());
    asked.on('response', async (answer) => {
      const entry = record(message, body.toString(), answer.statusCode!);
      if (holding && isWrite(entry) && holding.path.test(entry.path)) {
        const { held } = holding;
        holding = undefined;
        await new Promise<void>((release) => held({ release }));
      }
      response.writeHead(answer.statusCode!, answer.headers);
      response.flushHeaders();
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    asked.end(body);
  });
  server.on('connection', (socket: Socket) => {
    if (isCut) socket.destroy();
    else track(socket);
  });
  server.on('upgrade', (message, socket: Duplex, head: Buffer) => {
    socket.on('error', () => {});
    const asked = forward(message, true);
    asked.on('error', () => socket.destroy());
    asked.on('response', (answer) => {
      record(message, '', answer.statusCode!);
      socket.destroy();
    });
    asked.on('upgrade', (answer, upstream, first) => {
      record(message, '', 101);
      track(upstream);
      const headers = answer.rawHeaders.map((text, index) => (index % 2 ? `${text}\r\n` : `${text}: `)).join('');
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers}\r\n`);
      socket.write(first);
      upstream.write(head);
      upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy());
      socket.on('close', () => upstream.destroy());
      upstream.pipe(socket).pipe(upstream);
    });
    asked.end();
  });
  function track(socket: Duplex): void {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  }
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const kubeconfigPath = `${folder}/${client}.kubeconfig`;
  writeFileSync(kubeconfigPath, kubeconfig(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  return {
    kubeconfigPath,
    hold: (path) => new Promise((held) => (holding = { path, held })),
    cut() {
      isCut = true;
      breakAll();
    },
    mend() {
      isCut = false;
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      breakAll();
      agent.destroy();
      await closed;
    },
  };
}

async function httpsOptions(config: ReturnType<typeof configFrom>) {
  const options = {};
  await config.applyToHTTPSOptions(options);
  const { agent: _unused, ...rest } = options as { agent?: unknown };
  const { caData, caFile } = config.getCurrentCluster()!;
  const ca = caData ? Buffer.from(caData, 'base64') : caFile ? readFileSync(caFile) : undefined;
  return { ...rest, ...(ca ? { ca } : {}) };
}

function kubeconfig(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'proxy', cluster: { server } }],
    users: [{ name: 'proxy', user: {} }],
    contexts: [{ name: 'proxy', context: { cluster: 'proxy', user: 'proxy' } }],
    'current-context': 'proxy',
  });
}
