/**
 * A plain HTTP way to an API server for one client, that keeps what the client wrote, and can hold an answer back, be cut
 * like a network cable, or answer as an API server that fails.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { configFrom } from '@ebb/ebb/internal';

/** A request that the client sent, or (as method FLUX) a change that it made of a Flux instance over an exec. */
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

/** What is given in place of the API server's answer: another one, none ever (`silence`), or a broken connection. */
export type Fault = 'silence' | 'break' | { readonly code: number; readonly headers?: Record<string, string> };

/** Who stands in the way. */
export interface Meddler {
  /** Asked before a request is passed on; with a fault it is not. */
  asked?(request: Pick<Recorded, 'method' | 'path'>): Fault | undefined;
  /** Told when a request has been carried out, before its client knows. */
  answered?(entry: Recorded): Fault | undefined;
}

/** Changes of a Flux instance, by the topic of the answer in the relay's stream. */
const changesOfFlux = /resource\.(?:un)?drain|config\.load|module\.(?:load|remove)/;

export interface RecordingProxy {
  /** A kubeconfig whose server is this proxy. */
  readonly kubeconfigPath: string;
  /** Holds the answer to the next accepted write whose path matches; resolves when the API server has given it. */
  hold(path: RegExp): Promise<{ release(): void }>;
  /** Ends every watch, after saying that its version is too old where `expired`. */
  endWatches(expired: boolean): void;
  /** Breaks every connection and lets none through, until mended. */
  cut(): void;
  mend(): void;
  stop(): Promise<void>;
}

/** @param records gets every request that was carried out, in the order of the answers; may be shared by proxies */
export async function startRecordingProxy(
  client: string,
  clusterKubeconfig: string,
  folder: string,
  records: Recorded[],
  meddler: Meddler = {},
): Promise<RecordingProxy> {
  const config = configFrom(clusterKubeconfig);
  const target = new URL(config.getCurrentCluster()!.server);
  const credentials = await httpsOptions(config);
  const agent = new Agent({ keepAlive: true, ...credentials });
  const sockets = new Set<Duplex>();
  const watches = new Set<ServerResponse>();
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
    const early = meddler.asked?.({ method: message.method!, path: message.url! });
    if (early) return give(response, early);
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
      const late = meddler.answered?.(entry);
      if (late) {
        asked.destroy();
        return give(response, late);
      }
      if (/[?&]watch=(1|true)/.test(entry.path)) {
        watches.add(response);
        response.once('close', () => watches.delete(response));
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
    const early = meddler.asked?.({ method: message.method!, path: message.url! });
    if (early) {
      if (early !== 'silence') socket.destroy();
      return;
    }
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
      upstream.on('data', (chunk: Buffer) => {
        const topic = changesOfFlux.exec(chunk.toString('latin1'))?.[0];
        if (topic) {
          const entry = { client, method: 'FLUX', path: topic, body: '', code: 200 };
          records.push(entry);
          if (meddler.answered?.(entry)) socket.destroy();
        }
        if (!socket.destroyed) socket.write(chunk);
      });
      socket.pipe(upstream);
    });
    asked.end();
  });
  function give(response: ServerResponse, fault: Fault): void {
    if (fault === 'silence') return;
    if (fault === 'break') {
      response.destroy();
      return;
    }
    const { code, headers = {} } = fault;
    const status = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code,
      message: 'made up',
      reason: reasons[code],
    };
    response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(status));
  }
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
    endWatches(expired) {
      for (const response of watches) {
        const object = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 410, reason: 'Expired' };
        response.end(expired ? `${JSON.stringify({ type: 'ERROR', object })}\n` : '');
      }
    },
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

const reasons: Readonly<Record<number, string>> = {
  409: 'Conflict',
  410: 'Expired',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
};

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
