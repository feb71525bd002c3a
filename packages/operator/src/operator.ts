/** The operator as one object: start it, stop it. */

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type Logger, pino } from 'pino';
import { type FluxLinks, RelayLinks } from './flux/flux-links.ts';
import { ApiError } from './kubernetes/api-error.ts';
import { loadConnection } from './kubernetes/connection.ts';
import { HttpKubernetesApi } from './kubernetes/http-api.ts';
import { sleep } from './kubernetes/informer.ts';
import type { KubernetesApi } from './kubernetes/kubernetes-api.ts';
import { fencedApi } from './leadership/fenced-api.ts';
import { fencedLinks } from './leadership/fenced-links.ts';
import { LeaseLock, NotLeaderError } from './leadership/lease-lock.ts';
import { WorkQueue } from './queue/work-queue.ts';
import { Caches } from './reconcile/caches.ts';
import { NameTakenError } from './reconcile/ensure.ts';
import { Reconciler } from './reconcile/reconciler.ts';
import { listen } from './report/health-server.ts';
import { Metrics } from './report/metrics.ts';

export interface OperatorOptions {
  /** Path of a kubeconfig; default: KUBECONFIG, the pod's service account, or ~/.kube/config. */
  kubeconfig?: string;
  /** Namespaces to watch; default: all. */
  namespaces?: readonly string[];
  /** Default: false. */
  leaderElection?: boolean;
  /** Namespace of the lease; default: POD_NAMESPACE, or that of the connection. */
  leaseNamespace?: string;
  /** Who this process is in the lease; default: host name and a random part. */
  identity?: string;
  leaseDurationMs?: number;
  /** Where to serve metrics, as :8080; default: nowhere. */
  metricsAddress?: string;
  /** Where to serve /healthz and /readyz; default: nowhere. */
  healthAddress?: string;
  /** How long one request to the API server may take. Default: 30 seconds. */
  requestTimeoutMs?: number;
  /** MiniClusters worked on at once. Default: 8. */
  concurrency?: number;
  /** Adds a NetworkPolicy for each MiniCluster. Default: false. */
  networkPolicy?: boolean;
  /** Domain of the cluster's names where a pod cannot find it out. Default: cluster.local. */
  clusterDomain?: string;
  log?: Logger;
  /** File that the log is added to, where there is no `log`; default: standard output. */
  logPath?: string;
  /** The port to Kubernetes, in place of a kubeconfig. */
  api?: KubernetesApi;
  /** The port to Flux, in place of relays over pods/exec. */
  links?: FluxLinks;
}

export interface Operator {
  metrics: Metrics;
  /** Ports that were chosen, where 0 was asked for. */
  ports: { metrics?: number; health?: number };
  isLeading(): boolean;
  stop(): Promise<void>;
}

/** Elastic Indexed Jobs came with this minor version of Kubernetes 1. */
const oldestMinor = 27;
/** A server that is only just starting is asked so often before the operator gives up. */
const firstTries = 15;
const firstPauseMs = 1000;
const mostFirstPauseMs = 10_000;
/** All MiniClusters are looked at again at this interval, from the caches alone. */
const resyncMs = 10 * 60_000;

/** @throws Error when there is no way to the cluster, or the cluster is too old */
export async function startOperator(options: OperatorOptions = {}): Promise<Operator> {
  const log = options.log ?? pino({ name: 'ebb-operator' }, pino.destination(options.logPath ?? 1));
  let depth = () => 0;
  const metrics = new Metrics(() => depth());
  const connection = options.api ? undefined : await loadConnection(options.kubeconfig);
  const http = connection
    ? new HttpKubernetesApi(connection, {
        onRequest: (verb, plural, code) => metrics.requested(verb, plural, code),
        ...(options.requestTimeoutMs ? { requestTimeoutMs: options.requestTimeoutMs } : {}),
      })
    : undefined;
  const api = options.api ?? (http as HttpKubernetesApi);
  await refuseOldClusters(api, log);

  const lock = options.leaderElection
    ? new LeaseLock({
        api,
        namespace: options.leaseNamespace ?? process.env['POD_NAMESPACE'] ?? connection?.namespace ?? 'default',
        name: 'ebb-operator',
        identity: options.identity ?? `${hostname()}_${randomUUID()}`,
        ...(options.leaseDurationMs ? { durationMs: options.leaseDurationMs } : {}),
        onStarted: () => lead(true),
        onStopped: () => lead(false),
        onError: (error) => log.warn({ err: error }, 'The lease could not be looked after'),
      })
    : undefined;
  const writing = lock ? fencedApi(api, () => lock.fence()) : api;
  const relays = new RelayLinks({ api: writing, log, onChange: (key) => queue.add(key) });
  const links = lock ? fencedLinks(options.links ?? relays, () => lock.fence()) : (options.links ?? relays);
  const caches = new Caches({
    api,
    namespaces: options.namespaces ?? [],
    onChange: (key) => queue.add(key),
    onError: (resource, error) =>
      log.warn({ err: error, resource: resource.plural }, 'A watch broke off; trying again'),
  });
  const reconciler = new Reconciler({
    api: writing,
    caches,
    links,
    log,
    metrics,
    ...(options.networkPolicy ? { networkPolicy: true } : {}),
    ...(options.clusterDomain ? { clusterDomain: options.clusterDomain } : {}),
  });
  const queue = new WorkQueue({
    concurrency: options.concurrency ?? 8,
    backoffMs: { first: 50, most: 60_000 },
    isRetryable: (error) => !(error instanceof ApiError && error.isPermanent),
    retryAfterMs: (error) => (error instanceof ApiError ? error.retryAfterMs : undefined),
    work: async (key) => {
      const began = performance.now();
      const again = await reconciler.reconcile(key);
      metrics.reconciled('done', (performance.now() - began) / 1000);
      return again;
    },
    onError: (key, error, nextMs) => {
      metrics.reconciled(nextMs === undefined ? 'dropped' : 'retry');
      if (error instanceof NotLeaderError) return;
      // Somebody was faster, or what was to be written to is gone: the next pass looks anew.
      const isOvertaken = error instanceof ApiError && (error.isConflict || error.isNotFound);
      const level = isOvertaken || nextMs === undefined ? 'debug' : 'warn';
      log[nextMs === undefined || error instanceof NameTakenError ? 'error' : level](
        { err: error, minicluster: key, nextMs },
        'A pass failed',
      );
    },
  });
  depth = () => queue.depth;
  const lead = (isLeading: boolean) => {
    metrics.leading(isLeading);
    log.info({ isLeading }, isLeading ? 'Leading' : 'Not leading');
    if (!isLeading) {
      queue.pause();
      relays.closeAll();
      return;
    }
    for (const key of caches.keys()) queue.add(key);
    queue.resume();
  };

  let isReady = false;
  queue.pause();
  const served = await serve(options, metrics, () => isReady);
  try {
    await caches.start();
  } catch (error) {
    for (const each of served.servers) each.close();
    throw error;
  }
  isReady = true;
  if (lock) lock.start();
  else lead(true);
  const resync = setInterval(() => {
    for (const key of caches.keys()) queue.add(key);
  }, resyncMs);
  resync.unref();
  return {
    metrics,
    ports: served.ports,
    isLeading: () => lock?.isLeading ?? true,
    async stop() {
      isReady = false;
      clearInterval(resync);
      queue.pause();
      await queue.stop();
      relays.closeAll();
      await lock?.stop();
      await caches.stop();
      for (const each of served.servers) each.close();
      http?.close();
    },
  };
}

async function refuseOldClusters(api: KubernetesApi, log: Logger): Promise<void> {
  const version = await firstAnswer(api, log);
  if (version.major > 1 || version.minor >= oldestMinor) return;
  const message = `this cluster is Kubernetes ${version.text}; MiniClusters need 1.${oldestMinor} or later, because earlier Indexed Jobs cannot be resized`;
  log.fatal(message);
  throw new Error(message);
}

/** The version of the API server, which may be starting itself, or busy. */
async function firstAnswer(api: KubernetesApi, log: Logger): ReturnType<KubernetesApi['version']> {
  for (let left = firstTries; ; left -= 1) {
    try {
      return await api.version();
    } catch (error) {
      if (!(error instanceof ApiError) || error.isPermanent || left <= 1) throw error;
      log.warn({ err: error }, 'The API server does not answer yet; trying again');
      await sleep(Math.min(error.retryAfterMs ?? firstPauseMs, mostFirstPauseMs));
    }
  }
}

async function serve(options: OperatorOptions, metrics: Metrics, isReady: () => boolean) {
  const forMetrics = await listen(options.metricsAddress ?? '', async (request, response) => {
    if (request.url !== '/metrics') response.writeHead(404).end();
    else
      response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(await metrics.registry.metrics());
  });
  const forHealth = await listen(options.healthAddress ?? '', (request, response) => {
    if (request.url === '/healthz') response.writeHead(200).end('ok');
    else if (request.url === '/readyz')
      response.writeHead(isReady() ? 200 : 503).end(isReady() ? 'ok' : 'the caches are not filled yet');
    else response.writeHead(404).end();
  });
  return {
    servers: [forMetrics, forHealth].flatMap((each) => (each ? [each.server] : [])),
    ports: { ...(forMetrics ? { metrics: forMetrics.port } : {}), ...(forHealth ? { health: forHealth.port } : {}) },
  };
}
