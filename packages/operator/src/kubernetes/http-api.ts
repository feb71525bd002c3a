/** The Kubernetes API over HTTP/1.1 with connections kept open. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import type { KubernetesObject } from '@ebb/minicluster';
import { ApiError, apiErrorFrom } from './api-error.ts';
import type { Connection } from './connection.ts';
import { execStream } from './exec-stream.ts';
import {
  type ExecOptions,
  fieldManager,
  type KubernetesApi,
  type ObjectList,
  type WatchEvent,
} from './kubernetes-api.ts';
import { type Resource, resourceOf, resourcePath } from './resources.ts';

/** A watch is closed by the server after about this time, so that a dead connection is not trusted for ever. */
const watchSeconds = 300;

export interface HttpApiOptions {
  /** Called once per request, for metrics. */
  onRequest?: (verb: string, plural: string, code: number) => void;
  /** How long one request may take; of a watch, until it begins. Default: 30 seconds. */
  requestTimeoutMs?: number;
}

export class HttpKubernetesApi implements KubernetesApi {
  readonly #connection: Connection;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #onRequest: (verb: string, plural: string, code: number) => void;
  readonly #requestTimeoutMs: number;

  constructor(connection: Connection, options: HttpApiOptions = {}) {
    this.#connection = connection;
    this.#onRequest = options.onRequest ?? (() => {});
    this.#requestTimeoutMs = options.requestTimeoutMs ?? 30_000;
    this.#agent = connection.server.startsWith('http:')
      ? new HttpAgent({ keepAlive: true })
      : new HttpsAgent({ keepAlive: true, ...connection.tls });
  }

  /** Closes idle connections. */
  close(): void {
    this.#agent.destroy();
  }

  async version(): Promise<{ major: number; minor: number; text: string }> {
    const answer = (await this.#json('get', 'version', 'GET', '/version')) as {
      major: string;
      minor: string;
      gitVersion: string;
    };
    return {
      major: Number.parseInt(answer.major, 10),
      minor: Number.parseInt(answer.minor, 10),
      text: answer.gitVersion,
    };
  }

  async get(resource: Resource, namespace: string, name: string): Promise<KubernetesObject> {
    return (await this.#json(
      'get',
      resource.plural,
      'GET',
      resourcePath(resource, namespace, name),
    )) as KubernetesObject;
  }

  async list(
    resource: Resource,
    namespace: string | undefined,
    options: { labelSelector?: string; limit?: number; continue?: string } = {},
  ): Promise<ObjectList> {
    const answer = (await this.#json(
      'list',
      resource.plural,
      'GET',
      resourcePath(resource, namespace) + query(options),
    )) as ObjectList;
    for (const item of answer.items) {
      item.apiVersion ??= resource.apiVersion;
      item.kind ??= resource.kind;
    }
    return answer;
  }

  async *watch(
    resource: Resource,
    namespace: string | undefined,
    options: { labelSelector?: string; resourceVersion: string; signal: AbortSignal },
  ): AsyncIterable<WatchEvent> {
    const { signal, ...selection } = options;
    const path =
      resourcePath(resource, namespace) +
      query({ ...selection, watch: true, allowWatchBookmarks: true, timeoutSeconds: watchSeconds });
    const silent = new AbortController();
    const late = setTimeout(() => silent.abort(), this.#requestTimeoutMs);
    const given = AbortSignal.any([signal, silent.signal]);
    const response = await this.#open('watch', resource.plural, 'GET', path, undefined, undefined, given).finally(() =>
      clearTimeout(late),
    );
    // The server ends a watch by itself; one that is silent for much longer than that is dead.
    response.setTimeout((watchSeconds + 60) * 1000, () => response.destroy(new Error('the watch went silent')));
    try {
      for await (const line of createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY })) {
        if (line === '') continue;
        const event = JSON.parse(line) as WatchEvent;
        if (event.type === 'ERROR') {
          const status = event.object as unknown as { code?: number; reason?: string; message?: string };
          throw new ApiError(status.code ?? 500, status.reason ?? '', status.message ?? 'the watch failed');
        }
        yield event;
      }
    } finally {
      response.destroy();
    }
  }

  async create(object: KubernetesObject): Promise<KubernetesObject> {
    const path = `${this.#path(object, false)}?fieldManager=${fieldManager}`;
    return (await this.#json('create', resourceOf(object).plural, 'POST', path, object)) as KubernetesObject;
  }

  async update(object: KubernetesObject, subresource?: string): Promise<KubernetesObject> {
    const path = `${this.#path(object, true, subresource)}?fieldManager=${fieldManager}`;
    return (await this.#json('update', resourceOf(object).plural, 'PUT', path, object)) as KubernetesObject;
  }

  async apply(object: KubernetesObject): Promise<KubernetesObject> {
    const path = `${this.#path(object, true)}?fieldManager=${fieldManager}&force=true`;
    return (await this.#json(
      'apply',
      resourceOf(object).plural,
      'PATCH',
      path,
      object,
      'application/apply-patch+yaml',
    )) as KubernetesObject;
  }

  async patch(resource: Resource, namespace: string, name: string, patch: unknown): Promise<KubernetesObject> {
    const path = `${resourcePath(resource, namespace, name)}?fieldManager=${fieldManager}`;
    return (await this.#json(
      'patch',
      resource.plural,
      'PATCH',
      path,
      patch,
      'application/merge-patch+json',
    )) as KubernetesObject;
  }

  async delete(
    resource: Resource,
    namespace: string,
    name: string,
    options: { uid?: string; propagationPolicy?: string } = {},
  ): Promise<void> {
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: options.propagationPolicy ?? 'Background',
      ...(options.uid ? { preconditions: { uid: options.uid } } : {}),
    };
    await this.#json('delete', resource.plural, 'DELETE', resourcePath(resource, namespace, name), body);
  }

  async exec(options: ExecOptions): Promise<Duplex> {
    this.#onRequest('exec', 'pods', 101);
    return execStream(this.#connection, options);
  }

  #path(object: KubernetesObject, named: boolean, subresource?: string): string {
    return resourcePath(
      resourceOf(object),
      object.metadata.namespace,
      named ? object.metadata.name : undefined,
      subresource,
    );
  }

  async #json(
    verb: string,
    plural: string,
    method: string,
    path: string,
    body?: unknown,
    contentType?: string,
  ): Promise<unknown> {
    const response = await this.#open(
      verb,
      plural,
      method,
      path,
      body,
      contentType,
      AbortSignal.timeout(this.#requestTimeoutMs),
    );
    const text = await textOf(response).catch((cause: unknown) => {
      throw new ApiError(0, 'Connection', `${method} ${path}: the answer broke off`, undefined, { cause });
    });
    return JSON.parse(text);
  }

  async #open(
    verb: string,
    plural: string,
    method: string,
    path: string,
    body: unknown,
    contentType: string | undefined,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const { server } = this.#connection;
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const headers: Record<string, string | number> = {
      accept: 'application/json',
      'user-agent': 'ebb-operator',
      ...(await this.#connection.headers()),
      ...(payload ? { 'content-type': contentType ?? 'application/json', 'content-length': payload.length } : {}),
    };
    const send = server.startsWith('http:') ? httpRequest : httpsRequest;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = send(server + path, { method, headers, agent: this.#agent, signal }, resolve);
      request.on('error', reject);
      request.end(payload);
    }).catch((cause: unknown) => {
      this.#onRequest(verb, plural, 0);
      throw new ApiError(0, 'Connection', `${method} ${path}: ${(cause as Error).message}`, undefined, { cause });
    });
    const code = response.statusCode ?? 0;
    this.#onRequest(verb, plural, code);
    if (code >= 200 && code < 300) return response;
    throw apiErrorFrom(code, await textOf(response).catch(() => ''), response.headers['retry-after']);
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function query(parameters: Record<string, string | number | boolean | undefined>): string {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '');
  if (pairs.length === 0) return '';
  return `?${pairs.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')}`;
}
