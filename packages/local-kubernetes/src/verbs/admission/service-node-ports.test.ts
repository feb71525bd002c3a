import { describe, expect, it } from 'vitest';
import { allocateNodePorts, type NodePortSpec } from './service-node-ports.ts';

interface Case {
  readonly spec: NodePortSpec;
  readonly old?: NodePortSpec;
  readonly held?: readonly number[];
  readonly dry?: boolean;
}

/** The node ports and the port for health checks that a service has then, or what is wrong. */
function allocated({ spec, old, held = [], dry = false }: Case): unknown {
  const refused = allocateNodePorts(spec, old, held, dry);
  if (refused) return 'field' in refused ? `${refused.field.field}: ${refused.field.detail}` : refused.whole;
  return [...(spec.ports ?? []).map(({ nodePort }) => nodePort), ...[spec.healthCheckNodePort ?? []].flat()];
}

const nodePort = (...numbers: (number | undefined)[]): NodePortSpec => ({
  type: 'NodePort',
  ports: numbers.map((number, index) => ({
    name: `p${index}`,
    port: 80 + index,
    ...(number === undefined ? {} : { nodePort: number }),
  })),
});
const local = (spec: NodePortSpec): NodePortSpec => ({
  ...spec,
  type: 'LoadBalancer',
  externalTrafficPolicy: 'Local',
});

// The sentences are those of kube-apiserver 1.35; the whole is held to it by the corpus.
describe('ports of nodes', () => {
  it.each<[what: string, of: Case, into: unknown]>([
    [
      'the first free one above those that are left to who names one',
      { spec: nodePort(undefined), held: [30086] },
      [30087],
    ],
    [
      'one of those, when no other is free',
      { spec: nodePort(undefined), held: Array.from({ length: 2682 }, (_, index) => 30086 + index) },
      [30000],
    ],
    ['none within the cluster', { spec: { ...nodePort(undefined), type: 'ClusterIP' } }, [undefined]],
    [
      'out of range',
      { spec: nodePort(30005, 80) },
      'spec.ports[1].nodePort: provided port is not in the valid range. The range of valid ports is 30000-32767',
    ],
    ['taken', { spec: nodePort(30005), held: [30005] }, 'spec.ports[0].nodePort: provided port is already allocated'],
    [
      'shared by two protocols of one port',
      {
        spec: {
          type: 'NodePort',
          ports: [
            { name: 'a', port: 53 },
            { name: 'b', port: 53, protocol: 'UDP', nodePort: 30053 },
          ],
        },
      },
      [30053, 30053],
    ],
    ['kept by name', { spec: nodePort(undefined), old: nodePort(31000), held: [] }, [31000]],
    ['kept, though no number of the range', { spec: nodePort(80), old: nodePort(80) }, [80]],
    [
      'full',
      { spec: nodePort(undefined), held: Array.from({ length: 2768 }, (_, index) => 30000 + index) },
      'failed to allocate a nodePort: range is full',
    ],
    ['a dry run takes any number', { spec: nodePort(80), dry: true }, [80]],
    ['a dry run makes numbers up', { spec: nodePort(undefined, undefined), dry: true }, [32769, 32770]],
    ['one for health checks', { spec: local(nodePort(undefined)) }, [30086, 30087]],
    [
      'the same for health checks',
      { spec: local(nodePort(1)), old: { ...local(nodePort(1)), healthCheckNodePort: 7 } },
      [1, 7],
    ],
    [
      'one for health checks that is taken',
      { spec: { ...local(nodePort(30000)), healthCheckNodePort: 30000 } },
      'failed to allocate requested HealthCheck NodePort 30000: provided port is already allocated',
    ],
    [
      'none of a balancer that wants none',
      { spec: { ...nodePort(undefined), type: 'LoadBalancer', allocateLoadBalancerNodePorts: false } },
      [undefined],
    ],
  ])('%s', (_, of, into) => expect(allocated(of)).toEqual(into));
});
