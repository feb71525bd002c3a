import { expect, test } from 'vitest';
import type { Pod, PodSpec } from '../pod-types.ts';
import { misfitOf } from './node-fit.ts';

const allocatable = { cpu: '2', memory: '4Gi', 'ephemeral-storage': '10Gi', pods: '3', 'example.com/gpu': '1' };

function pod(spec: Partial<PodSpec> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'it', namespace: 'default', uid: '1' },
    spec: { containers: [], ...spec },
  };
}
const asks = (requests: Record<string, string>, more: object = {}) =>
  pod({ containers: [{ name: 'main', image: 'host', resources: { requests }, ...more }] });
const port = (hostPort: number) => asks({}, { ports: [{ containerPort: 80, hostPort }] });
const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-0', labels: { rack: 'a' } } };

test.each([
  ['what fits', asks({ cpu: '500m' }), [asks({ cpu: '1500m' })], undefined],
  ['nothing, where all is taken', pod(), [asks({ cpu: '2', memory: '4Gi' })], undefined],
  [
    'more than there is',
    asks({ cpu: '2500m', memory: '5Gi' }),
    [],
    "OutOfcpu: Node didn't have enough resource: cpu, requested: 2500, used: 0, capacity: 2000",
  ],
  [
    'more than is left',
    asks({ memory: '1Gi' }),
    [asks({ memory: '2Gi' }), asks({ memory: '1.5Gi' })],
    "OutOfmemory: Node didn't have enough resource: memory, requested: 1073741824, used: 3758096384, capacity: 4294967296",
  ],
  [
    'a part of the smallest unit',
    asks({ cpu: '1500100u' }),
    [asks({ cpu: '500m' })],
    "OutOfcpu: Node didn't have enough resource: cpu, requested: 1501, used: 500, capacity: 2000",
  ],
  [
    'a device that another has',
    asks({ 'example.com/gpu': '1' }),
    [asks({ 'example.com/gpu': '1' })],
    "OutOfexample.com/gpu: Node didn't have enough resource: example.com/gpu, requested: 1, used: 1, capacity: 1",
  ],
  ['a device that no node has', asks({ 'example.com/other': '1' }), [], undefined],
  [
    'a place among as many as there may be',
    pod(),
    [pod(), pod(), pod()],
    "OutOfpods: Node didn't have enough resource: pods, requested: 1, used: 3, capacity: 3",
  ],
  [
    'a port that another has',
    port(8080),
    [port(8080)],
    "NodePorts: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
  ],
  ['a port that is free', port(8081), [port(8080)], undefined],
  ['its node by a label', pod({ nodeSelector: { rack: 'a' } }), [], undefined],
  [
    'another node by a label',
    pod({ nodeSelector: { rack: 'b' } }),
    [],
    "NodeAffinity: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
  ],
] as const)('a pod that asks for %s', (_, asking, others, told) => {
  const misfit = misfitOf(asking, allocatable, others, node);
  expect(misfit && `${misfit.reason}: ${misfit.message}`).toBe(told);
});
