import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { StatusError } from '../../client/status-error.ts';
import { type ControlPlane, startControlPlane } from '../../facade/control-plane.ts';

const ships = { apiVersion: 'example.com/v1', plural: 'ships', namespace: 'default' };
const argo = { ...ships, name: 'argo', subresource: 'scale' };
let folder: string;
let plane: ControlPlane;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'scales-'));
  plane = await startControlPlane({ stateFolder: folder, port: 0, isInMemory: true, log: () => {} });
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const scale = { specReplicasPath: '.spec.crew', statusReplicasPath: '.status.crew' };
  await plane.client.create(
    { apiVersion: 'apiextensions.k8s.io/v1', plural: 'customresourcedefinitions' },
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'ships.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { kind: 'Ship', plural: 'ships' },
        versions: [{ name: 'v1', served: true, storage: true, subresources: { scale }, schema }],
      },
    },
  );
  await vi.waitFor(() => plane.client.list(ships));
  const ship = { apiVersion: ships.apiVersion, kind: 'Ship', metadata: { name: 'argo' }, spec: { crew: 2, sails: 1 } };
  await plane.client.create(ships, ship, { fieldManager: 'builder' });
});

afterAll(async () => {
  await plane.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a scale', () => {
  it('that is refused is shown with who manages its number', async () => {
    const error = await plane.client.patch(argo, { spec: { replicas: 'many' } }, 'merge').catch((error) => error);
    expect(error).toBeInstanceOf(StatusError);
    expect(error.code).toBe(422);
    const shown = /Invalid value: ("(?:\\.|[^"\\])*"): json: cannot unmarshal string/.exec(error.message);
    expect(JSON.parse(JSON.parse(shown![1]!))).toMatchObject({
      metadata: {
        managedFields: [
          {
            manager: 'builder',
            operation: 'Update',
            apiVersion: 'autoscaling/v1',
            fieldsV1: { 'f:spec': { 'f:replicas': {} } },
          },
        ],
      },
      spec: { replicas: 'many' },
    });
  });

  it('is not there for a built-in kind that has none, be there an object or not', async () => {
    const job = { apiVersion: 'batch/v1', plural: 'jobs', namespace: 'default', name: 'nobody', subresource: 'scale' };
    await expect(plane.client.get(job)).rejects.toThrow('the server could not find the requested resource');
    await expect(plane.client.get({ ...argo, name: 'nobody' })).rejects.toThrow('ships.example.com "nobody" not found');
  });
});
