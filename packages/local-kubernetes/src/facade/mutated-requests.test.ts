// Tens of thousands of requests made wrong by chance (ROUNDS for more): every one is answered, with a Status where something is wrong,
// never by a mistake of the server's own, and what is stored stays whole. The seed is printed; set SEED to repeat.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { HttpPeer, type RawRequest } from './http-peer.fixture.ts';
import { type LocalKubernetes, startLocalKubernetes } from './start-local-kubernetes.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const rounds = Number(process.env['ROUNDS'] ?? 20_000);
let folder: string;
let cluster: LocalKubernetes;
let peer: HttpPeer;
const mistakes: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mutated-'));
  cluster = await startLocalKubernetes({
    stateFolder: folder,
    nodes: [],
    inMemory: true,
    // The server tells of a request that failed by its own mistake as `METHOD PATH: ...`.
    log: (text) => void (/^[A-Z]+ \//.test(text) && mistakes.push(text)),
  });
  peer = new HttpPeer(cluster.kubeconfigPath);
});

afterAll(async () => {
  peer.close();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** mulberry32: small, seeded, good enough to choose with. */
function chance(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pod = { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i', env: [{ name: 'A', value: 'b' }] }] };
const bodies: object[] = [
  { metadata: { name: 'a', labels: { x: 'y' } }, data: { a: '1' } },
  { metadata: { generateName: 'a-', finalizers: ['example.com/x'] }, spec: pod },
  {
    metadata: { name: 'j' },
    spec: { completions: 2, parallelism: 2, completionMode: 'Indexed', template: { spec: pod } },
  },
  { metadata: { name: 's' }, spec: { clusterIP: 'None', selector: { a: 'b' }, ports: [{ port: 80 }] } },
  { metadata: { name: 'w' }, spec: { size: 1, parts: [{ name: 'p' }] } },
  { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'w' }, spec: { replicas: 3 } },
  { metadata: { name: 'r' }, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
  { spec: { resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'default' } } },
  { metadata: { name: 'n' } },
  { propagationPolicy: 'Foreground', preconditions: { uid: 'x' } },
  [{ op: 'add', path: '/metadata/labels/q', value: 'r' }],
  [{ op: 'move', from: '/metadata/name', path: '/spec' }],
];
/** A field of protobuf's wire format that has a length. */
const field = (number: number, ...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of((number << 3) | 2, content.length), content]);
};
const word = (number: number, text: string): Buffer => field(number, Buffer.from(text));
/** An object in the envelope of the API's protobuf bodies: `k8s`, 0, and a runtime.Unknown of TypeMeta and bytes. */
const enveloped = (kind: string, ...fields: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from('k8s\0'), field(1, word(1, 'v1'), word(2, kind)), field(2, ...fields)]);
const binaryBodies = [
  enveloped('Namespace', field(1, word(1, 'p'))),
  enveloped('ConfigMap', field(1, word(1, 'p')), field(2, word(1, 'k'), word(2, 'v'))),
  enveloped('ServiceAccount', field(1, word(2, 'p-'))),
  enveloped('Pod', field(1, word(1, 'p')), field(2, field(2, word(1, 'c'), word(2, 'i')), word(3, 'Never'))),
];
const widgets = {
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' } },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  size: { type: 'integer', default: 1 },
                  parts: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name'],
                    items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
                  },
                },
                'x-kubernetes-validations': [{ rule: 'self.size < 100' }],
              },
            },
          },
        },
      },
    ],
  },
};
const places = [
  '/api/v1/namespaces',
  '/api/v1/namespaces/default/configmaps',
  '/api/v1/namespaces/default/pods',
  '/api/v1/namespaces/default/services',
  '/api/v1/namespaces/default/serviceaccounts',
  '/apis/batch/v1/namespaces/default/jobs',
  '/apis/example.com/v1/namespaces/default/widgets',
  '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles',
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  '/apis/coordination.k8s.io/v1/namespaces/default/leases',
  '/apis/events.k8s.io/v1/namespaces/default/events',
  '/openapi/v3/api/v1',
  '/apis',
];
const tails = [
  '',
  '/a',
  '/j',
  '/w',
  '/w/scale',
  '/w/status',
  '/a/status',
  '/a/log',
  '/a/exec',
  '/a/binding',
  '/a/eviction',
  '/default/token',
  '/%00',
  '/a%2fb',
  '/..',
];
const queries = [
  '',
  'dryRun=All',
  'fieldValidation=Strict',
  'fieldManager=m',
  'fieldManager=m&force=true',
  'limit=2',
  'labelSelector=a',
  'labelSelector=a%20in%20(',
  'fieldSelector=metadata.name%3Da',
  'resourceVersion=3&resourceVersionMatch=Exact',
  'continue=zzz',
  'watch=1&timeoutSeconds=1&resourceVersion=99999999',
  'propagationPolicy=Orphan',
  'includeObject=Object',
];
const types = [
  'application/json',
  'application/yaml',
  'application/merge-patch+json',
  'application/json-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
  'application/vnd.kubernetes.protobuf',
  'text/plain',
];
const accepts = [
  'application/json',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/yaml',
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  '*/*',
  'text/html',
];
const odd: unknown[] = [
  null,
  '',
  0,
  -1,
  1.5,
  1e21,
  true,
  [],
  {},
  [null],
  'x'.repeat(300),
  '\u0000',
  '__proto__',
  { $patch: 'delete' },
  [[]],
  '😀',
  { a: { b: { c: null } } },
];

describe('mutated requests', () => {
  it('begin from binary bodies that are well made', async () => {
    const headers = { 'content-type': 'application/vnd.kubernetes.protobuf', accept: 'application/json' };
    const paths = ['', '/default/configmaps', '/default/serviceaccounts', '/default/pods'];
    for (const [index, body] of binaryBodies.entries()) {
      const path = `/api/v1/namespaces${paths[index]}?dryRun=All`;
      const answer = await peer.send({ method: 'POST', path, headers, body });
      expect(answer, answer.text).toMatchObject({ code: 201 });
    }
  });

  it(`answers ${rounds} of them (seed ${seed})`, { timeout: 600_000 }, async () => {
    const next = chance(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
    await peer.json('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', widgets);
    let left = rounds;
    const worker = async (): Promise<void> => {
      while (left-- > 0) await check(makeRequest(next, pick));
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    expect(mistakes).toEqual([]);
  });

  it('left nothing half-written', async () => {
    const { body: definitions } = await peer.json('GET', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions');
    const isServed = (definitions['items'] as KubernetesObject[]).some(
      ({ metadata }) => metadata.name === 'widgets.example.com' && metadata.deletionTimestamp === undefined,
    );
    for (const place of places.slice(0, 9)) {
      // A deletion of all definitions is one of the requests; what it defined is then not there to list.
      if (place.includes('/widgets') && !isServed) {
        expect(await peer.send({ method: 'GET', path: place })).toMatchObject({ code: 404 });
        continue;
      }
      const { code, body } = await peer.json('GET', place);
      expect(code).toBe(200);
      for (const item of body['items'] as { metadata: Record<string, unknown> }[]) {
        expect(item.metadata).toMatchObject({
          name: expect.any(String),
          uid: expect.any(String),
          resourceVersion: expect.any(String),
        });
        const one = await peer.json('GET', `${place}/${encodeURIComponent(String(item.metadata['name']))}`);
        expect(one.code).toBe(200);
      }
    }
    expect(await peer.send({ method: 'GET', path: '/readyz' })).toMatchObject({ code: 200, text: 'ok' });
  });
});

async function check(sent: RawRequest): Promise<void> {
  const { code, type, text } = await peer.send(sent);
  const what = `seed ${seed}: ${sent.method} ${sent.path} ${JSON.stringify(sent.headers)} ${sent.body ?? ''} -> ${code} ${text.slice(0, 500)}`;
  if (code < 400 || sent.method === 'HEAD') return;
  if (type.startsWith('text/plain')) expect(text, what).toBe('404 page not found\n');
  else expect(JSON.parse(text), what).toMatchObject({ kind: 'Status', status: 'Failure', code });
  if (mistakes.length > 0) throw new Error(`${what}\n${mistakes[0]}`);
}

function makeRequest(next: () => number, pick: <T>(list: readonly T[]) => T): RawRequest {
  const method = pick(['GET', 'POST', 'POST', 'POST', 'PUT', 'PATCH', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);
  const query = pick(queries);
  const path = `${pick(places)}${pick(tails)}${query ? `?${query}` : ''}`;
  const headers = { 'content-type': pick(types), accept: pick(accepts), 'user-agent': 'mutator/1' };
  if (method === 'GET' || method === 'HEAD') return { method, path, headers };
  if (headers['content-type'] === 'application/vnd.kubernetes.protobuf' && next() < 0.9) {
    return { method, path, headers, body: spoiled(pick(binaryBodies), next) };
  }
  const value = structuredClone(pick(bodies)) as unknown;
  for (let count = Math.floor(next() * 3); count > 0; count--) mutate(value, next, pick);
  let body = JSON.stringify(value);
  if (next() < 0.1) {
    const at = Math.floor(next() * body.length);
    body = body.slice(0, at) + pick(['', '{', '"', '\u0000', ',', ']']) + body.slice(at + Math.floor(next() * 3));
  }
  return { method, path, headers, body };
}

/** Bytes of which up to three are others, more, or missing. */
function spoiled(bytes: Buffer, next: () => number): Buffer {
  let result = Buffer.from(bytes);
  for (let count = Math.floor(next() * 4); count > 0; count--) {
    const at = Math.floor(next() * result.length);
    const draw = next();
    if (draw < 0.5) result[at] = Math.floor(next() * 256);
    else if (draw < 0.8) result = Buffer.concat([result.subarray(0, at), Buffer.of(next() * 256), result.subarray(at)]);
    else result = Buffer.from(result.subarray(0, at));
  }
  return result;
}

/** Puts something odd somewhere, or takes something away. */
function mutate(value: unknown, next: () => number, pick: <T>(list: readonly T[]) => T): void {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Record<string, unknown>;
  const keys = Object.keys(holder);
  const key = keys.length > 0 ? pick(keys) : 'x';
  if (typeof holder[key] === 'object' && holder[key] !== null && next() < 0.75) {
    mutate(holder[key], next, pick);
    return;
  }
  const draw = next();
  if (draw < 0.2) delete holder[key];
  else if (draw < 0.4)
    Object.defineProperty(holder, pick(['extra', '__proto__', 'kind', 'status', 'metadata']), {
      value: structuredClone(pick(odd)),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  else holder[key] = structuredClone(pick(odd));
}
