// A client that speaks plain HTTPS to a server of a kubeconfig: for tests that send what no proper client would.

import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { parse } from 'yaml';

export interface RawAnswer {
  readonly code: number;
  readonly type: string;
  readonly text: string;
}

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

export class HttpPeer {
  readonly #agent: Agent;
  readonly #url: URL;

  constructor(kubeconfigPath: string, maxSockets = 8) {
    const config = parse(readFileSync(kubeconfigPath, 'utf8'));
    const decode = (text: string) => Buffer.from(text, 'base64');
    const { cluster } = config.clusters[0];
    const { user } = config.users[0];
    this.#url = new URL(cluster.server);
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets,
      ca: decode(cluster['certificate-authority-data']),
      cert: decode(user['client-certificate-data']),
      key: decode(user['client-key-data']),
    });
  }

  send({ method, path, headers = {}, body }: RawRequest): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.#url;
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      const sent = request(
        { hostname, port, method, path, agent: this.#agent, headers: { ...length, ...headers } },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            resolve({ code: answer.statusCode ?? 0, type: String(answer.headers['content-type'] ?? ''), text });
          });
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  /** The answer to a GET as it begins; whoever asks reads it. */
  open(path: string): Promise<IncomingMessage> {
    const { hostname, port } = this.#url;
    return new Promise((resolve, reject) => {
      request({ hostname, port, path, agent: this.#agent }, resolve).on('error', reject).end();
    });
  }

  async json(method: string, path: string, value?: object): Promise<{ code: number; body: Record<string, unknown> }> {
    const body = value && { body: JSON.stringify(value) };
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const { code, text } = await this.send({ method, path, headers: { 'content-type': type }, ...body });
    return { code, body: JSON.parse(text) };
  }

  close(): void {
    this.#agent.destroy();
  }
}
