// The official client of another hand, and the limits that keep one client from harming the others.

import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  CoreV1Api,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  makeInformer,
  type V1ConfigMap,
  type V1Status,
  Watch,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startControlPlane } from './control-plane.ts';
import { HttpPeer } from './http-peer.fixture.ts';
import { type LocalKubernetes, startLocalKubernetes } from './start-local-kubernetes.ts';

const namespace = 'default';
let folder: string;
let cluster: LocalKubernetes;
let config: KubeConfig;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'client-'));
  cluster = await startLocalKubernetes({ stateFolder: folder, nodes: [] });
  config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfigPath);
});

afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('@kubernetes/client-node', () => {
  it('keeps an informer over a restart of the server', async () => {
    const api = config.makeApiClient(CoreV1Api);
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const informer = makeInformer<V1ConfigMap>(config, path, () => api.listNamespacedConfigMap({ namespace }));
    const known = new Set<string>();
    informer.on('add', (object) => known.add(object.metadata?.name ?? ''));
    informer.on('delete', (object) => known.delete(object.metadata?.name ?? ''));
    informer.on('error', () => void setTimeout(() => void informer.start().catch(() => {}), 50));
    await informer.start();
    await api.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'before' } } });
    await vi.waitFor(() => expect(known).toContain('before'), 10_000);
    await cluster.stop();
    cluster = await startLocalKubernetes({ stateFolder: folder, nodes: [] });
    await api.deleteNamespacedConfigMap({ namespace, name: 'before' });
    await api.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'after' } } });
    await vi.waitFor(() => expect([...known].sort()).toEqual(['after', 'kube-root-ca.crt']), 20_000);
    await informer.stop();
  });

  it('is told that a revision is too old, and an informer that meets this lists anew', async () => {
    const api = config.makeApiClient(CoreV1Api);
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const list = () => api.listNamespacedConfigMap({ namespace });
    const old = (await list()).metadata?.resourceVersion ?? '';
    for (const name of ['one', 'two']) {
      await api.createNamespacedConfigMap({ namespace, body: { metadata: { name } } });
    }
    // More than the server remembers (64 Mi characters), all of it about one object.
    for (let round = 0; round < 150; round++) {
      const body = { metadata: { name: 'one' }, data: { a: `${round} ${'x'.repeat(500_000)}` } };
      await api.replaceNamespacedConfigMap({ namespace, name: 'one', body });
    }
    const told = new Promise((resolve) => {
      const heard = (type: string, object: V1Status) => type === 'ERROR' && resolve(object.code);
      const done = (error: unknown) => resolve((error as { statusCode?: number } | null)?.statusCode);
      void new Watch(config).watch(path, { resourceVersion: old }, heard, done);
    });
    expect(await told).toBe(410);
    let isFirst = true;
    const informer = makeInformer<V1ConfigMap>(config, path, async () => {
      const answer = await list();
      // As a list that was long under way: what it saw is forgotten when the watch begins.
      if (isFirst) Object.assign(answer.metadata ?? {}, { resourceVersion: old });
      if (isFirst) Object.assign(answer, { items: [] });
      isFirst = false;
      return answer;
    });
    const known = new Set<string>();
    informer.on('add', (object) => known.add(object.metadata?.name ?? ''));
    informer.on('error', () => void setTimeout(() => void informer.start().catch(() => {}), 50));
    await informer.start();
    await vi.waitFor(() => expect([...known]).toEqual(expect.arrayContaining(['one', 'two'])), 20_000);
    await informer.stop();
  });

  it('runs a command in a container, with input, output and its exit status', async () => {
    const own = await startLocalKubernetes({ stateFolder: join(folder, 'exec'), nodes: [{ name: 'node-0' }] });
    const ownConfig = new KubeConfig();
    ownConfig.loadFromFile(own.kubeconfigPath);
    const api = ownConfig.makeApiClient(CoreV1Api);
    const container = { name: 'main', image: 'host', command: ['sleep', '600'] };
    const pod = { metadata: { name: 'p' }, spec: { containers: [container], terminationGracePeriodSeconds: 0 } };
    // The service account of a new namespace comes a moment after it.
    await vi.waitFor(() => api.createNamespacedPod({ namespace, body: pod }), 10_000);
    const phase = async () => (await api.readNamespacedPod({ namespace, name: 'p' })).status?.phase;
    await expect.poll(phase, { timeout: 50_000 }).toBe('Running');
    const out = new PassThrough();
    const err = new PassThrough();
    const command = ['sh', '-c', 'cat; echo aside >&2; exit 3'];
    const ended = new Promise<V1Status>((resolve, reject) => {
      const input = Readable.from(['said']);
      new Exec(ownConfig).exec(namespace, 'p', 'main', command, out, err, input, false, resolve).catch(reject);
    });
    expect(await ended).toMatchObject({ status: 'Failure', reason: 'NonZeroExitCode' });
    expect((await ended).details?.causes).toEqual([{ reason: 'ExitCode', message: '3' }]);
    expect(await Promise.all([text(out.end()), text(err.end())])).toEqual(['said', 'aside\n']);
    await own.stop();
  });

  it('applies, and reads what it applied', async () => {
    const api = KubernetesObjectApi.makeApiClient(config);
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied', namespace }, data: { a: '1' } };
    const type = 'application/apply-patch+yaml' as never;
    const applied = (await api.patch(object, undefined, undefined, 'tests', true, type)) as V1ConfigMap;
    expect(applied.metadata?.managedFields?.[0]).toMatchObject({ manager: 'tests', operation: 'Apply' });
    const found = (await api.read({ ...object, metadata: { name: 'applied', namespace } })) as V1ConfigMap;
    expect(found.data).toEqual({ a: '1' });
  });
});

describe('limits', () => {
  it('refuses a body above 3 MiB and goes on', async () => {
    const peer = new HttpPeer(cluster.kubeconfigPath);
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const body = JSON.stringify({ metadata: { name: 'big' }, data: { a: 'x'.repeat(4 * 1024 * 1024) } });
    const answer = await peer.send({ method: 'POST', path, body }).catch(() => undefined);
    // The server answers before it has read the whole body, so a client may see the end of the connection instead.
    if (answer) expect(answer).toMatchObject({ code: 413 });
    expect((await peer.json('GET', path)).code).toBe(200);
    peer.close();
  });

  it('drops a watcher that does not read, and tells it why', async () => {
    const plane = await startControlPlane({
      stateFolder: join(folder, 'slow'),
      port: 0,
      isInMemory: true,
      watchLimits: { maxBufferedBytes: 256 * 1024 },
      log: () => {},
    });
    const { admin, authority } = plane.credentials;
    const path = `/api/v1/namespaces/${namespace}/configmaps?watch=1`;
    const tls = { cert: admin.certificate, key: admin.key, ca: authority.pem.certificate };
    const answer = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
      request({ host: '127.0.0.1', port: plane.port, path, ...tls }, resolve)
        .on('error', reject)
        .end();
    });
    answer.pause();
    const collection = { apiVersion: 'v1', plural: 'configmaps', namespace };
    for (let index = 0; index < 60; index++) {
      const object = { metadata: { name: `big-${index}` }, data: { a: 'x'.repeat(500_000) } };
      await plane.client.create(collection, object);
    }
    let text = '';
    for await (const chunk of answer as AsyncIterable<Buffer>) text = (text + chunk.toString()).slice(-2000);
    const last = JSON.parse(text.trimEnd().split('\n').at(-1) as string);
    expect(last).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } });
    await plane.stop();
  });
});
