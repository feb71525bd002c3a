// Logs, exec, attach and port-forward are the node agent's business: the request goes on to the agent of the pod's
// node as its kubelet API has it, and an upgraded connection passes through byte for byte.

import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import type { KeyedCertificate } from '../certificates/authority.ts';
import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { StatusError } from '../client/status-error.ts';
import { getObject } from '../verbs/get.ts';
import type { ApiContext, Target } from '../verbs/request.ts';
import { badRequest, failure, internalError, notFound } from '../verbs/status-errors.ts';
import type { Exchange } from './exchange.ts';

export interface NodeProxyOptions {
  /** How this server shows itself to node agents. */
  readonly client: KeyedCertificate;
  readonly authorityCertificate: string;
  readonly connectTimeoutMs?: number;
}

interface AgentAddress {
  readonly host: string;
  readonly port: number;
}

interface PodSpec {
  nodeName?: string;
  containers?: { name: string }[];
  initContainers?: { name: string }[];
  ephemeralContainers?: { name: string }[];
}

const logParameters = [
  'follow',
  'previous',
  'timestamps',
  'sinceSeconds',
  'sinceTime',
  'tailLines',
  'limitBytes',
  'stream',
];
const hopHeaders = new Set(['host', 'authorization', 'content-length', 'accept-encoding']);

export class NodeProxy {
  readonly #context: ApiContext;
  readonly #options: NodeProxyOptions;
  readonly #open = new Set<Duplex>();

  constructor(context: ApiContext, options: NodeProxyOptions) {
    this.#context = context;
    this.#options = options;
  }

  closeAll(): void {
    for (const socket of this.#open) socket.destroy();
  }

  /** Streams a container's log. @throws {StatusError} */
  async serveLog(exchange: Exchange, target: Target): Promise<void> {
    if (exchange.method !== 'GET')
      throw failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
    const pod = getObject(this.#context, { ...target, subresource: '' });
    checkLogOptions(exchange, target.name);
    const container = containerOf(pod, exchange.query.get('container') ?? '', true);
    if (!((pod['spec'] ?? {}) as PodSpec).nodeName) {
      // Nothing has run yet, so there is nothing to read.
      exchange.begin(204, {});
      exchange.response.end();
      return;
    }
    const agent = this.#agentOf(pod);
    const query = new URLSearchParams();
    for (const name of logParameters) {
      const value = exchange.query.get(name);
      if (value !== null) query.set(name, value);
    }
    const { name, namespace } = pod.metadata;
    const answer = await this.#get(agent, `/containerLogs/${namespace}/${name}/${container}?${query}`, exchange);
    if (answer.statusCode !== 200) throw await agentError(answer);
    exchange.begin(200, { 'content-type': 'text/plain' });
    exchange.response.flushHeaders();
    const { response } = exchange;
    response.on('close', () => answer.destroy());
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  }

  /** Hands an upgrade of exec, attach or portforward to the agent. @throws {StatusError} before anything is sent */
  async upgrade(exchange: Exchange, target: Target, client: Duplex, head: Buffer): Promise<void> {
    const pod = getObject(this.#context, { ...target, subresource: '' });
    const path = agentPath(pod, target.subresource, exchange.query);
    const agent = await this.#connect(this.#agentOf(pod));
    this.#open.add(agent);
    this.#open.add(client);
    const close = (): void => {
      agent.destroy();
      client.destroy();
      this.#open.delete(agent);
      this.#open.delete(client);
    };
    for (const socket of [agent, client]) socket.on('error', close).on('close', close);
    agent.write(requestHead(exchange, path));
    if (head.length > 0) agent.write(head);
    client.pipe(agent);
    agent.pipe(client);
  }

  #agentOf(pod: KubernetesObject): AgentAddress {
    const { nodeName } = (pod['spec'] ?? {}) as PodSpec;
    if (!nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
    const node = this.#context.store.get('nodes', nodeName)?.object;
    if (!node) throw notFound({ group: '', resource: 'nodes' }, nodeName);
    const status = (node['status'] ?? {}) as {
      addresses?: { type: string; address: string }[];
      daemonEndpoints?: { kubeletEndpoint?: { Port?: number } };
    };
    const addresses = status.addresses ?? [];
    const address =
      addresses.find(({ type }) => type === 'InternalIP') ?? addresses.find(({ type }) => type === 'Hostname');
    if (!address) throw internalError(`no preferred addresses found; known addresses: []`);
    return { host: address.address, port: status.daemonEndpoints?.kubeletEndpoint?.Port ?? 10250 };
  }

  #get(agent: AgentAddress, path: string, exchange: Exchange): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = httpsRequest({ ...agent, ...this.#tls(), path, method: 'GET', agent: false }, resolve);
      request.on('error', (error) => reject(unreachable(agent, path, error)));
      exchange.response.on('close', () => request.destroy());
      request.end();
    });
  }

  #connect(agent: AgentAddress): Promise<TLSSocket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ ...agent, ...this.#tls() });
      socket.setTimeout(this.#options.connectTimeoutMs ?? 10_000, () => socket.destroy(new Error('i/o timeout')));
      socket.once('error', (error) => reject(unreachable(agent, '', error)));
      socket.once('secureConnect', () => {
        socket.setTimeout(0);
        socket.setNoDelay(true);
        resolve(socket);
      });
    });
  }

  #tls() {
    const { client, authorityCertificate } = this.#options;
    return {
      cert: client.certificate,
      key: client.key,
      ca: authorityCertificate,
      // Agents are known by their authority; a node's addresses come and go.
      checkServerIdentity: () => undefined,
      ALPNProtocols: ['http/1.1'],
    };
  }
}

function agentPath(pod: KubernetesObject, subresource: string, query: URLSearchParams): string {
  const { name, namespace } = pod.metadata;
  const passed = new URLSearchParams();
  if (subresource === 'portforward') {
    for (const port of query.getAll('ports')) passed.append('port', port);
    return `/portForward/${namespace}/${name}?${passed}`;
  }
  const container = containerOf(pod, query.get('container') ?? '', false);
  const isOn = (option: string) => ['true', '1'].includes(query.get(option) ?? '');
  if (isOn('stdin')) passed.set('input', '1');
  if (isOn('stdout')) passed.set('output', '1');
  if (isOn('stderr') && !isOn('tty')) passed.set('error', '1');
  if (isOn('tty')) passed.set('tty', '1');
  if (![...passed.keys()].some((key) => key !== 'tty'))
    throw badRequest('you must specify at least 1 of stdin, stdout, stderr');
  for (const part of query.getAll('command')) passed.append('command', part);
  if (subresource === 'exec' && !passed.has('command'))
    throw badRequest('you must specify at least one command for the container');
  return `/${subresource}/${namespace}/${name}/${container}?${passed}`;
}

/** The container meant: the named one, or the only one. @throws {StatusError} BadRequest */
function containerOf(pod: KubernetesObject, asked: string, isLog: boolean): string {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = (pod['spec'] ?? {}) as PodSpec;
  const { name } = pod.metadata;
  if (asked) {
    const all = [...containers, ...initContainers, ...ephemeralContainers];
    if (!all.some((each) => each.name === asked)) throw badRequest(`container ${asked} is not valid for pod ${name}`);
    return asked;
  }
  const preferred = isLog ? undefined : pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  if (preferred && containers.some((each) => each.name === preferred)) return preferred;
  const [first, second] = containers;
  if (first && !second) return first.name;
  const names = [...initContainers, ...containers, ...ephemeralContainers].map((each) => each.name).join(' ');
  throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names}]`);
}

function checkLogOptions({ query }: Exchange, name: string): void {
  const refuse = (reason: string, field: string, message: string): never => {
    throw failure(422, 'Invalid', `PodLogOptions "${name}" is invalid: ${field}: ${message}`, {
      name,
      kind: 'PodLogOptions',
      causes: [{ reason, message, field }],
    });
  };
  for (const [field, least] of [
    ['tailLines', 0],
    ['limitBytes', 1],
    ['sinceSeconds', 1],
  ] as const) {
    const text = query.get(field);
    if (text === null) continue;
    if (!/^-?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
    if (Number(text) < least) {
      refuse(
        'FieldValueInvalid',
        field,
        `Invalid value: ${text}: must be greater than ${least === 0 ? 'or equal to 0' : '0'}`,
      );
    }
  }
  if (query.has('sinceSeconds') && query.has('sinceTime')) {
    refuse(
      'FieldValueForbidden',
      // A real server names no field here, and prints that as an empty list.
      '[]',
      'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
    );
  }
}

function requestHead(exchange: Exchange, path: string): string {
  const { request } = exchange;
  const lines = [`${exchange.method} ${path} HTTP/1.1`, 'Host: node'];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const [name, value] = [request.rawHeaders[index] as string, request.rawHeaders[index + 1] as string];
    if (!hopHeaders.has(name.toLowerCase()) && !/^impersonate-/i.test(name)) lines.push(`${name}: ${value}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

async function agentError(answer: IncomingMessage): Promise<StatusError> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= 64 * 1024) chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString().trim();
  const code = answer.statusCode ?? 500;
  if (code === 400) return badRequest(text);
  if (code === 404) return failure(404, 'NotFound', text || 'the server could not find the requested resource');
  return failure(code, code >= 500 ? 'InternalError' : '', text || (STATUS_CODES[code] ?? 'unknown'));
}

function unreachable({ host, port }: AgentAddress, path: string, error: Error): StatusError {
  if (error instanceof StatusError) return error;
  return internalError(
    `error dialing backend: ${path ? `Get "https://${host}:${port}${path}": ` : ''}dial tcp ${host}:${port}: ${error.message}`,
  );
}
