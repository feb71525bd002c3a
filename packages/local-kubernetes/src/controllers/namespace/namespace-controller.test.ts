/** The controller on a control plane without nodes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { KubernetesClient } from '../../client/kubernetes-client.ts';
import { type ControlPlane, startControlPlane } from '../../facade/control-plane.ts';
import { eventWriter } from '../event-writer.ts';
import { startNamespaceController } from './namespace-controller.ts';

const namespaces = { apiVersion: 'v1', plural: 'namespaces' };
const named = { ...namespaces, name: 'held' };
let folder: string;
let plane: ControlPlane;
let controller: { stop(): Promise<void> };
let updates = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'namespaces-'));
  plane = await startControlPlane({ stateFolder: folder, port: 0, isInMemory: true, log: () => {} });
  const now = () => new Date();
  const client = counting(plane.client);
  const events = eventWriter(client, 'namespace-controller', now);
  const maps = { apiVersion: 'v1', plural: 'configmaps' };
  controller = startNamespaceController({ client, now, events, log: () => {} }, () => [maps]);
});

afterAll(async () => {
  await controller.stop();
  await plane.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The client; what updates without end is stopped, since nothing else of this process would have its turn. */
function counting(client: KubernetesClient): KubernetesClient {
  return new Proxy(client, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...words: unknown[]) => {
        if (name === 'update' && ++updates > 100) throw new Error('updates without end');
        return Reflect.apply(value, target, words);
      };
    },
  });
}

it('lets a namespace go once, and leaves it to who else holds it', async () => {
  const { client } = plane;
  const metadata = { name: 'held', finalizers: ['example.com/x'] };
  await client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata });
  await client.delete(named);
  await vi.waitUntil(async () => {
    const { spec } = await client.get(named);
    return (spec as { finalizers?: string[] }).finalizers === undefined;
  });
  const { metadata: held } = await client.get(named);
  // Its own update has come back to it meanwhile.
  for (let turn = 0; turn < 10; turn++) await pause(1);
  expect((await client.get(named)).metadata.resourceVersion).toBe(held.resourceVersion);
  expect(updates).toBe(1);
});
