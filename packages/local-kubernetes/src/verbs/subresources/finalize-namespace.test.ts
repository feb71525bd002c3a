import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../facade/control-plane.ts';

const namespace = { apiVersion: 'v1', plural: 'namespaces', name: 'held' };
let folder: string;
let plane: ControlPlane;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'finalizers-'));
  plane = await startControlPlane({ stateFolder: folder, port: 0, isInMemory: true, log: () => {} });
  const { name, ...namespaces } = namespace;
  await plane.client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
});

afterAll(async () => {
  await plane.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** @returns the revision of the namespace afterwards */
async function finalize(finalizers: readonly string[]): Promise<string> {
  const sent = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace.name }, spec: { finalizers } };
  const { metadata } = await plane.client.update({ ...namespace, subresource: 'finalize' }, sent);
  return metadata.resourceVersion!;
}

it('writes what changes, and nothing where nothing does', async () => {
  const { metadata } = await plane.client.get(namespace);
  expect(await finalize(['kubernetes'])).toBe(metadata.resourceVersion);
  const changed = await finalize(['kubernetes', 'example.com/x']);
  expect(Number(changed)).toBeGreaterThan(Number(metadata.resourceVersion));
  expect(await finalize(['kubernetes', 'example.com/x'])).toBe(changed);
});
