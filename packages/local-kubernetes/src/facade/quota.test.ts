// Quotas on a running server: nobody gets past one however many ask at once, and what goes is given back.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startControllers } from '../controllers/start-controllers.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';

const quotas = { apiVersion: 'v1', plural: 'resourcequotas' };
const maps = { apiVersion: 'v1', plural: 'configmaps' };
const waiting = { timeout: 30_000, interval: 20 };

describe('quotas of a namespace', () => {
  let folder: string;
  let plane: ControlPlane;
  let controllers: ReturnType<typeof startControllers>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'quota-'));
    plane = await startControlPlane({ stateFolder: folder, port: 0, isInMemory: true, log: () => {} });
    controllers = startControllers(plane.client.withUserAgent('kube-controller-manager'));
  });
  afterAll(async () => {
    await controllers?.stop();
    await plane?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const namespaceWith = async (namespace: string, hard: Record<string, string>) => {
    await plane.client.create({ apiVersion: 'v1', plural: 'namespaces' }, { metadata: { name: namespace } });
    await plane.client.get({ ...maps, namespace, name: 'kube-root-ca.crt' }).catch(() => {});
    await vi.waitFor(() => plane.client.get({ ...maps, namespace, name: 'kube-root-ca.crt' }), waiting);
    await plane.client.create({ ...quotas, namespace }, { metadata: { name: 'q' }, spec: { hard } });
  };
  const status = async (namespace: string) =>
    (await plane.client.get({ ...quotas, namespace, name: 'q' }))['status'] as {
      hard?: Record<string, string>;
      used?: Record<string, string>;
    };
  const used = async (namespace: string) => (await status(namespace)).used;
  const create = (namespace: string, name: string) =>
    plane.client.create({ ...maps, namespace }, { metadata: { name } }).then(
      () => 'made',
      (error: Error) => error.message,
    );

  it('let no more through than there is room for, and give back what is deleted', async () => {
    await namespaceWith('crowd', { configmaps: '11' });
    await vi.waitFor(async () => expect(await used('crowd')).toEqual({ configmaps: '1' }), waiting);
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => create('crowd', `m${index}`)));
    expect(answers.filter((answer) => answer === 'made')).toHaveLength(10);
    const refused = 'exceeded quota: q, requested: configmaps=1, used: configmaps=11, limited: configmaps=11';
    expect(
      new Set(answers.filter((answer) => answer !== 'made').map((text) => text.replace(/^.*forbidden: /, ''))),
    ).toEqual(new Set([refused]));
    expect(await used('crowd')).toEqual({ configmaps: '11' });
    for (let index = 0; index < 10; index++)
      await plane.client.delete({ ...maps, namespace: 'crowd', name: `m${index}` });
    await vi.waitFor(async () => expect(await used('crowd')).toEqual({ configmaps: '1' }), waiting);
    expect(await create('crowd', 'again')).toBe('made');
    await vi.waitFor(async () => expect(await used('crowd')).toEqual({ configmaps: '2' }), waiting);
  });

  it('charge nothing for what is refused after all, or only tried', async () => {
    await namespaceWith('tried', { configmaps: '5' });
    await vi.waitFor(async () => expect(await used('tried')).toEqual({ configmaps: '1' }), waiting);
    expect(await create('tried', 'kube-root-ca.crt')).toBe('configmaps "kube-root-ca.crt" already exists');
    await plane.client.create({ ...maps, namespace: 'tried' }, { metadata: { name: 'dry' } }, { dryRun: true });
    expect(await used('tried')).toEqual({ configmaps: '1' });
  });

  it('follow their limits, and count kinds that are defined later', async () => {
    await namespaceWith('later', { 'count/things.a.b': '1', secrets: '1' });
    await vi.waitFor(async () => expect(await used('later')).toEqual({ secrets: '0' }), waiting);
    await plane.client.create(
      { apiVersion: 'apiextensions.k8s.io/v1', plural: 'customresourcedefinitions' },
      {
        metadata: { name: 'things.a.b' },
        spec: {
          group: 'a.b',
          scope: 'Namespaced',
          names: { plural: 'things', kind: 'Thing' },
          versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
        },
      },
    );
    await vi.waitFor(
      async () => expect(await used('later')).toEqual({ 'count/things.a.b': '0', secrets: '0' }),
      waiting,
    );
    const thing = (name: string) =>
      plane.client.create(
        { apiVersion: 'a.b/v1', plural: 'things', namespace: 'later' },
        { apiVersion: 'a.b/v1', kind: 'Thing', metadata: { name } },
      );
    await thing('one');
    await expect(thing('two')).rejects.toThrow(
      'things.a.b "two" is forbidden: exceeded quota: q, requested: count/things.a.b=1, used: count/things.a.b=1, limited: count/things.a.b=1',
    );
    await plane.client.patch(
      { ...quotas, namespace: 'later', name: 'q' },
      { spec: { hard: { 'count/things.a.b': '2' } } },
      'merge',
    );
    await vi.waitFor(async () => expect((await status('later')).hard?.['count/things.a.b']).toBe('2'), waiting);
    await thing('two');
    await plane.client.delete({ apiVersion: 'a.b/v1', plural: 'things', namespace: 'later', name: 'one' });
    await vi.waitFor(async () => expect((await used('later'))?.['count/things.a.b']).toBe('1'), waiting);
  });
});
