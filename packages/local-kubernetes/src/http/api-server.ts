// The API server: HTTPS in front of the verbs. Every request is answered, with a Status when anything is wrong.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { ServerResponse as Response } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Authenticator } from '../auth/authenticator.ts';
import { impersonate } from '../auth/impersonation.ts';
import { denialText, type RbacAuthorizer } from '../auth/rbac.ts';
import type { ServiceAccountTokens } from '../auth/service-account-token.ts';
import type { ClusterCredentials } from '../certificates/cluster-credentials.ts';
import { StatusError } from '../client/status-error.ts';
import { OpenApiDocuments } from '../discovery/open-api-documents.ts';
import { StorageError } from '../store/store-errors.ts';
import type { ApiContext, Target } from '../verbs/request.ts';
import { badRequest, forbidden, internalError, noSuchResource } from '../verbs/status-errors.ts';
import { Exchange } from './exchange.ts';
import { Metrics } from './metrics.ts';
import { NodeProxy } from './node-proxy.ts';
import { type PathParts, servePath } from './path-routes.ts';
import { parseResourcePath, type ResourcePath } from './request-path.ts';
import { authorizationVerb, fieldName } from './request-verb.ts';
import { type RouteParts, serveResource, targetOf } from './resource-routes.ts';
import { type WatchLimits, WatchStreams } from './watch-stream.ts';

export interface ApiServerOptions {
  readonly context: ApiContext;
  readonly rbac: RbacAuthorizer;
  readonly authenticator: Authenticator;
  readonly tokens: ServiceAccountTokens;
  readonly credentials: ClusterCredentials;
  readonly watchLimits?: Partial<WatchLimits>;
  /** Told of failures that are this server's own. */
  log(text: string): void;
}

const upgradable = new Set(['exec', 'attach', 'portforward']);

export class ApiServer {
  readonly #options: ApiServerOptions;
  readonly #server: Server;
  readonly #routes: RouteParts;
  readonly #paths: PathParts;
  readonly #sockets = new Set<Socket>();
  readonly #metrics = new Metrics();
  #address = '';

  constructor(options: ApiServerOptions) {
    this.#options = options;
    const { context, credentials } = options;
    const { server, authority, nodeClient } = credentials;
    this.#routes = {
      ...options,
      watches: new WatchStreams(context, options.watchLimits),
      nodes: new NodeProxy(context, { client: nodeClient, authorityCertificate: authority.pem.certificate }),
    };
    this.#paths = {
      resources: context.resources,
      openApi: new OpenApiDocuments(context.resources),
      tokens: options.tokens,
      serverAddress: () => this.#address,
      metrics: () => this.#metrics.print({ watches: this.#routes.watches.size, revision: context.store.revision }),
    };
    this.#server = createServer({
      cert: server.certificate,
      key: server.key,
      ca: authority.pem.certificate,
      requestCert: true,
      // A client without a certificate may have a token; one with a wrong certificate is told so.
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      keepAliveTimeout: 90_000,
      requestTimeout: 0,
      maxHeaderSize: 64 * 1024,
    });
    this.#server.on('connection', (socket: Socket) => {
      socket.setNoDelay(true);
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('tlsClientError', (_error, socket) => socket.destroy());
    this.#server.on('request', (request, response) => void this.#handle(request, response));
    this.#server.on('upgrade', (request, socket, head) => void this.#upgrade(request, socket, head));
    this.#server.on('clientError', (_error, socket: Duplex) => {
      socket.on('error', () => {});
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      else socket.destroy();
    });
  }

  /** Starts to listen. @returns the port @throws when the port is taken */
  async listen(port: number, host = '127.0.0.1'): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    const { port: bound } = this.#server.address() as AddressInfo;
    this.#address = `${host}:${bound}`;
    return bound;
  }

  async close(): Promise<void> {
    this.#routes.watches.closeAll();
    this.#routes.nodes.closeAll();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = new Exchange(request, response);
    const started = performance.now();
    response.on('error', () => {});
    request.on('error', () => {});
    try {
      await this.#serve(exchange);
    } catch (error) {
      this.#fail(exchange, error);
    }
    this.#metrics.count(exchange.method, response.statusCode, performance.now() - started);
  }

  async #serve(exchange: Exchange): Promise<void> {
    const { target, path } = this.#admit(exchange);
    if (target) return serveResource(this.#routes, exchange, target, isWatch(path, exchange));
    if (path) {
      const { resources } = this.#options.context;
      const { group, version, resource } = path;
      const isKnown = resources
        .groups()
        .get(group)
        ?.some((served) => served.version === version);
      // The handler of custom resources has nothing to say of one without namespaces that is looked for in one.
      const isCustom = resources.find(group, version, resource)?.builtIn === false;
      if (isKnown && !isCustom) throw noSuchResource();
    } else if (servePath(this.#paths, exchange)) return;
    else if (this.#namesKnownGroup(exchange.path)) throw noSuchResource();
    exchange.sendText(404, '404 page not found\n', 'text/plain; charset=utf-8');
  }

  /** A version that is not served, of a group that is. */
  #namesKnownGroup(path: string): boolean {
    const group = /^\/apis\/([^/]+)\/[^/]+\/?$/.exec(path)?.[1];
    return group !== undefined && this.#options.context.resources.groups().has(group);
  }

  /** Finds out who asks for what, and whether they may. @throws {StatusError} Unauthorized, Forbidden */
  #admit(
    exchange: Exchange,
  ): { target: Target; path: ResourcePath } | { target: undefined; path: ResourcePath | undefined } {
    const { rbac, authenticator, context } = this.#options;
    exchange.user = impersonate(authenticator.authenticate(exchange.request), exchange.request.headers, rbac);
    const path = parseResourcePath(exchange.path);
    if (!path) {
      const access = { verb: exchange.method.toLowerCase(), path: exchange.path };
      if (!rbac.authorize(exchange.user, access).isAllowed) {
        throw forbidden({ group: '', resource: '' }, '', denialText(exchange.user, access));
      }
      return { target: undefined, path };
    }
    const { group, version, resource, subresource = '', namespace = '' } = path;
    const watches = isWatch(path, exchange);
    const name = path.name ?? (watches || exchange.method === 'GET' ? fieldName(exchange.query) : '');
    const verb = authorizationVerb(exchange.method, path.name !== undefined, watches);
    const access = { verb, group, version, resource, subresource, namespace, name };
    if (!rbac.authorize(exchange.user, access).isAllowed) {
      throw forbidden({ group, resource }, name, denialText(exchange.user, access));
    }
    const target = targetOf(context, path);
    return target ? { target, path } : { target: undefined, path };
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => {});
    const response = new Response(request);
    const exchange = new Exchange(request, response);
    try {
      const { target } = this.#admit(exchange);
      if (!target) throw noSuchResource();
      const isPod = target.kind.group === '' && target.kind.plural === 'pods';
      if (!isPod || !upgradable.has(target.subresource) || !['GET', 'POST'].includes(exchange.method)) {
        throw badRequest(`this path takes no upgrade to ${request.headers.upgrade ?? 'another protocol'}`);
      }
      await this.#routes.nodes.upgrade(exchange, target, socket, head);
    } catch (error) {
      response.assignSocket(socket as Socket);
      response.shouldKeepAlive = false;
      response.on('finish', () => socket.end());
      this.#fail(exchange, error);
    }
  }

  #fail(exchange: Exchange, error: unknown): void {
    const { response } = exchange;
    const { status } = error instanceof StatusError ? error : this.#internal(exchange, error);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    // What is left of the body would be read as the next request.
    if (!exchange.request.complete) response.setHeader('connection', 'close');
    exchange.sendStatus(status);
  }

  #internal(exchange: Exchange, error: unknown): StatusError {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#options.log(`${exchange.method} ${exchange.path}: ${what}`);
    if (error instanceof StorageError) return internalError(error.message);
    return internalError(error instanceof Error ? error.message : String(error));
  }
}

/** The older paths watch one object too; elsewhere only collections are watched, and one object is read. */
function isWatch(path: ResourcePath, exchange: Exchange): boolean {
  return path.isWatch || (path.name === undefined && exchange.isSet('watch'));
}
