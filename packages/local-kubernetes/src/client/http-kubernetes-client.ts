// The KubernetesClient port over HTTPS, as any program outside the server uses it.

import type { IncomingMessage } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import type { Connection } from './kubeconfig.ts';
import type {
  ApplyOptions,
  CollectionRef,
  CreateRef,
  DeleteOptions,
  KubernetesClient,
  ListOptions,
  PatchType,
  ResourceRef,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from './kubernetes-client.ts';
import type { KubernetesList, KubernetesObject } from './kubernetes-object.ts';
import { resourcePath } from './resource-path.ts';
import { type Status, StatusError } from './status-error.ts';

const patchTypes: Record<PatchType, string> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};
const requestTimeoutMs = 30_000;
/** An answer larger than this is no object of the API. */
const largestAnswer = 512 * 1024 * 1024;
const largestLine = 64 * 1024 * 1024;

export class HttpKubernetesClient implements KubernetesClient {
  readonly #agent: Agent;
  readonly #base: RequestOptions;

  constructor(connection: Connection, userAgent = 'ebb-local-kubernetes') {
    const url = new URL(connection.url);
    this.#agent = new Agent({
      keepAlive: true,
      ca: connection.ca,
      cert: connection.certificate,
      key: connection.key,
    });
    this.#base = {
      host: url.hostname,
      port: url.port || 443,
      agent: this.#agent,
      headers: {
        accept: 'application/json',
        'user-agent': userAgent,
        ...(connection.token ? { authorization: `Bearer ${connection.token}` } : {}),
      },
    };
  }

  /** Closes idle connections. */
  close(): void {
    this.#agent.destroy();
  }

  async get(ref: ResourceRef): Promise<KubernetesObject> {
    return this.#send('GET', resourcePath(ref));
  }

  async list(collection: CollectionRef, options: ListOptions = {}): Promise<KubernetesList> {
    return this.#send('GET', `${resourcePath(collection)}${query(options)}`);
  }

  async create(ref: CreateRef, object: object, options: WriteOptions = {}): Promise<KubernetesObject> {
    return this.#send('POST', `${resourcePath(ref)}${query(written(options))}`, object);
  }

  async update(ref: ResourceRef, object: object, options: WriteOptions = {}): Promise<KubernetesObject> {
    return this.#send('PUT', `${resourcePath(ref)}${query(written(options))}`, object);
  }

  async patch(
    ref: ResourceRef,
    patch: unknown,
    type: PatchType,
    options: ApplyOptions = {},
  ): Promise<KubernetesObject> {
    const path = `${resourcePath(ref)}${query({ ...written(options), force: options.force })}`;
    return this.#send('PATCH', path, patch, patchTypes[type]);
  }

  async delete(ref: ResourceRef, options: DeleteOptions = {}): Promise<void> {
    await this.#send('DELETE', resourcePath(ref), { kind: 'DeleteOptions', apiVersion: 'v1', ...options });
  }

  async *watch(collection: CollectionRef, options: WatchOptions = {}): AsyncIterable<WatchEvent> {
    const { signal, ...parameters } = options;
    const response = await this.#open('GET', `${resourcePath(collection)}${query({ ...parameters, watch: true })}`, {
      signal,
    });
    if (response.statusCode !== 200) throw await failureOf(response);
    const stop = () => response.destroy();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      for await (const line of lines(response)) {
        const event = JSON.parse(line) as WatchEvent;
        if (event.type === 'ERROR') throw new StatusError(event.object as unknown as Status);
        yield event;
      }
    } catch (error) {
      if (!signal?.aborted) throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
      response.destroy();
    }
  }

  async #send<T>(method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<T> {
    const response = await this.#open(method, path, { body, contentType, timeoutMs: requestTimeoutMs });
    if ((response.statusCode ?? 500) >= 300) throw await failureOf(response);
    return JSON.parse(await textOf(response)) as T;
  }

  #open(
    method: string,
    path: string,
    options: { body?: unknown; contentType?: string; timeoutMs?: number; signal?: AbortSignal | undefined },
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const text = options.body === undefined ? undefined : JSON.stringify(options.body);
      const headers = {
        ...this.#base.headers,
        ...(text === undefined
          ? {}
          : { 'content-type': options.contentType, 'content-length': Buffer.byteLength(text) }),
      };
      const sent = request(
        { ...this.#base, method, path, headers, ...(options.signal ? { signal: options.signal } : {}) },
        resolve,
      );
      if (options.timeoutMs) {
        sent.setTimeout(options.timeoutMs, () =>
          sent.destroy(new Error(`${method} ${path}: no answer within ${options.timeoutMs} ms`)),
        );
      }
      sent.once('error', reject);
      sent.end(text);
    });
  }
}

function written({ fieldManager, dryRun }: WriteOptions): Record<string, unknown> {
  return { fieldManager, dryRun: dryRun ? 'All' : undefined };
}

function query(parameters: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestAnswer) throw new Error(`the answer is larger than ${largestAnswer} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function failureOf(response: IncomingMessage): Promise<StatusError> {
  const text = await textOf(response);
  const code = response.statusCode ?? 500;
  try {
    const status = JSON.parse(text) as Status;
    if (status.kind === 'Status') return new StatusError(status);
  } catch {
    // What is between us and the server may answer with anything.
  }
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: text.slice(0, 500),
    code,
  });
}

async function* lines(response: IncomingMessage): AsyncIterable<string> {
  let rest = '';
  response.setEncoding('utf8');
  for await (const chunk of response as AsyncIterable<string>) {
    rest += chunk;
    let end = rest.indexOf('\n');
    while (end >= 0) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      if (line !== '') yield line;
      end = rest.indexOf('\n');
    }
    if (rest.length > largestLine) throw new Error(`a watch event is larger than ${largestLine} characters`);
  }
}
