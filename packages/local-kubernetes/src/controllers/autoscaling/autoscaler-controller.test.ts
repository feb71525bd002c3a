/** The controller on a control plane without nodes, looking more often than it does by itself. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { type ControlPlane, startControlPlane } from '../../facade/control-plane.ts';
import { eventWriter } from '../event-writer.ts';
import { startAutoscalerController } from './autoscaler-controller.ts';
import type { AutoscalerStatus } from './autoscaler-types.ts';

const namespace = 'default';
const ships = { apiVersion: 'example.com/v1', plural: 'ships', namespace };
const autoscalers = { apiVersion: 'autoscaling/v2', plural: 'horizontalpodautoscalers', namespace };
const patience = { timeout: 20_000, interval: 20 };
let folder: string;
let plane: ControlPlane;
let controller: { stop(): Promise<void> };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'autoscalers-'));
  plane = await startControlPlane({ stateFolder: folder, port: 0, isInMemory: true, log: () => {} });
  const { client } = plane;
  const now = () => new Date();
  const events = eventWriter(client, 'horizontal-pod-autoscaler', now);
  controller = startAutoscalerController({ client, now, events, log: () => {} }, { autoscalerSyncPeriodMs: 20 });
  const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const scale = { specReplicasPath: '.spec.crew', statusReplicasPath: '.status.crew', labelSelectorPath: '.status.of' };
  for (const [kind, subresources, scope] of [
    ['Ship', { scale }, 'Namespaced'],
    ['Raft', {}, 'Namespaced'],
    ['Ocean', { scale }, 'Cluster'],
  ] as const) {
    const plural = `${kind.toLowerCase()}s`;
    await client.create(
      { apiVersion: 'apiextensions.k8s.io/v1', plural: 'customresourcedefinitions' },
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `${plural}.example.com` },
        spec: {
          group: 'example.com',
          scope,
          names: { kind, plural },
          versions: [
            { name: 'v1', served: true, storage: true, subresources, schema: { openAPIV3Schema: schema } },
            { name: 'v1beta1', served: true, storage: false, schema: { openAPIV3Schema: schema } },
          ],
        },
      },
    );
  }
  await vi.waitFor(() => client.list({ ...ships, plural: 'oceans' }), patience);
});

afterAll(async () => {
  await controller.stop();
  await plane.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function ship(name: string, crew: number, of?: string): Promise<void> {
  await plane.client.create(ships, {
    apiVersion: ships.apiVersion,
    kind: 'Ship',
    metadata: { name },
    spec: { crew },
    ...(of ? { status: { of } } : {}),
  });
}

async function autoscaler(name: string, target: object = {}, spec: object = {}): Promise<void> {
  await plane.client.create(autoscalers, {
    apiVersion: autoscalers.apiVersion,
    kind: 'HorizontalPodAutoscaler',
    metadata: { name },
    spec: {
      scaleTargetRef: { apiVersion: 'example.com/v1', kind: 'Ship', name, ...target },
      minReplicas: 2,
      maxReplicas: 5,
      ...spec,
    },
  });
}

const crewOf = async (name: string) => ((await plane.client.get({ ...ships, name }))['spec'] as { crew: number }).crew;
const statusOf = async (name: string) =>
  ((await plane.client.get({ ...autoscalers, name }))['status'] ?? {}) as AutoscalerStatus;
const eventsOf = async (name: string) => {
  const { items } = await plane.client.list({ apiVersion: 'v1', plural: 'events', namespace });
  const isOf = (event: KubernetesObject) => (event['involvedObject'] as { name: string }).name === name;
  return items.filter(isOf).map(({ type, reason, message }) => `${type} ${reason} ${message}`);
};
const saying = (name: string, reason: string) =>
  vi.waitFor(async () => {
    const status = await statusOf(name);
    expect(status.conditions?.map((condition) => condition.reason)).toContain(reason);
    return status;
  }, patience);

describe('HorizontalPodAutoscaler', () => {
  it.each([
    ['low', 1, 2, 'below Spec.MinReplicas'],
    ['high', 9, 5, 'above Spec.MaxReplicas'],
  ])('brings what is too %s within its bounds', async (name, before, after, why) => {
    await ship(name, before, `is=${name}`);
    await autoscaler(name);
    await vi.waitFor(async () => expect(await crewOf(name)).toBe(after), patience);
    const told = `Normal SuccessfulRescale New size: ${after}; reason: Current number of replicas ${why}`;
    await vi.waitFor(async () => expect(await eventsOf(name)).toContain(told), patience);
    // From the next look on its metrics are missed.
    const status = await saying(name, 'FailedGetResourceMetric');
    expect(status).toMatchObject({
      currentReplicas: after,
      desiredReplicas: after,
      lastScaleTime: expect.any(String),
      currentMetrics: [{ type: '' }],
      conditions: [
        { type: 'AbleToScale', status: 'True', reason: 'SucceededGetScale' },
        { type: 'ScalingActive', status: 'False' },
      ],
    });
  });

  it('follows new bounds, and leaves alone what has no replicas', async () => {
    await ship('moved', 3, 'is=moved');
    await autoscaler('moved');
    await saying('moved', 'FailedGetResourceMetric');
    await plane.client.patch({ ...autoscalers, name: 'moved' }, { spec: { minReplicas: 4 } }, 'merge');
    await vi.waitFor(async () => expect(await crewOf('moved')).toBe(4), patience);
    await plane.client.patch({ ...ships, name: 'moved' }, { spec: { crew: 0 } }, 'merge');
    const status = await saying('moved', 'ScalingDisabled');
    expect(status.desiredReplicas).toBe(0);
    expect(await crewOf('moved')).toBe(0);
  });

  it.each([
    ['nobody', {}, 'ships.example.com "nobody" not found'],
    ['kindless', { kind: 'Whale' }, 'no matches for kind "Whale" in group "example.com"'],
    ['scaleless', { kind: 'Raft', name: 'log' }, 'rafts.example.com "log" not found'],
    ['ocean', { kind: 'Ocean', name: 'deep' }, 'the server could not find the requested resource (get oceans deep)'],
    ['deployment', { apiVersion: 'apps/v1', kind: 'Deployment' }, 'deployments.apps "deployment" not found'],
    ['job', { apiVersion: 'batch/v1', kind: 'Job' }, 'the server could not find the requested resource'],
    [
      'cluster-wide',
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' },
      'the server could not find the requested resource',
    ],
  ])('says why it sees no scale: %s', async (name, target, why) => {
    await autoscaler(name, target);
    const { conditions } = await saying(name, 'FailedGetScale');
    expect(conditions).toMatchObject([
      { status: 'False', message: `the HPA controller was unable to get the target's current scale: ${why}` },
    ]);
    await vi.waitFor(async () => expect(await eventsOf(name)).toEqual([`Warning FailedGetScale ${why}`]), patience);
  });

  it('wants a selector, one that can be read, and one of its own', async () => {
    await ship('mute', 3);
    await autoscaler('mute');
    expect((await saying('mute', 'InvalidSelector')).conditions?.[1]?.message).toBe(
      "the HPA target's scale is missing a selector",
    );
    await ship('odd', 3, 'a b');
    await autoscaler('odd');
    expect((await saying('odd', 'FailedGetScale')).conditions?.[0]?.message).toMatch(
      /couldn't parse the selector string "a b": unable to parse requirement: found 'b', expected: in, notin, =/,
    );
    await plane.client.create(
      { apiVersion: 'v1', plural: 'pods', namespace },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'rower', labels: { of: 'both', at: 'oar' } },
        spec: { containers: [{ name: 'main', image: 'i' }] },
      },
    );
    await ship('left', 3, 'of=both');
    await ship('right', 3, 'at=oar');
    await autoscaler('left');
    await saying('left', 'FailedGetResourceMetric');
    await autoscaler('right');
    const message = 'are controlled by multiple HPAs: [{left default} {right default}]';
    for (const [name, selector] of [
      ['left', 'of=both'],
      ['right', 'at=oar'],
    ] as const) {
      const { conditions } = await saying(name, 'AmbiguousSelector');
      expect(conditions?.[1]?.message).toBe(`pods by selector ${selector} ${message}`);
    }
    await plane.client.delete({ ...autoscalers, name: 'right' });
    await saying('left', 'FailedGetResourceMetric');
  });

  it('says that the target may not be scaled', async () => {
    await ship('guarded', 1, 'is=guarded');
    await plane.client.patch(
      { apiVersion: 'apiextensions.k8s.io/v1', plural: 'customresourcedefinitions', name: 'ships.example.com' },
      [
        {
          op: 'add',
          path: '/spec/versions/0/schema/openAPIV3Schema/properties',
          value: { spec: { type: 'object', properties: { crew: { type: 'integer', maximum: 12 } } } },
        },
      ],
      'json',
    );
    await autoscaler('guarded', {}, { minReplicas: 20, maxReplicas: 20 });
    const { conditions } = await saying('guarded', 'FailedUpdateScale');
    const why =
      'Ship.example.com "guarded" is invalid: spec.crew: Invalid value: 20: spec.crew in body should be less than or equal to 12';
    expect(conditions?.[0]?.message).toBe(`the HPA controller was unable to update the target scale: ${why}`);
    const told = `Warning FailedRescale New size: 20; reason: Current number of replicas below Spec.MinReplicas; error: ${why}`;
    await vi.waitFor(async () => expect(await eventsOf('guarded')).toContain(told), patience);
    expect(await crewOf('guarded')).toBe(1);
  });
});
