import { describe, expect, it } from 'vitest';
import type { Pod } from '../node-agent/pod-types.ts';
import { hostPortsClash } from './host-ports.ts';
import { type Node, placePod } from './placement.ts';

const pod = (name: string, port: object, nodeName?: string) =>
  ({
    metadata: { name, namespace: 'default' },
    spec: { ...(nodeName ? { nodeName } : {}), containers: [{ name: 'main', image: 'host', ports: [port] }] },
  }) as unknown as Pod;

describe('ports of a node', () => {
  const held = pod('held', { containerPort: 80, hostPort: 8080 });
  const local = { containerPort: 80, hostPort: 8080, hostIP: '127.0.0.1' };
  it.each([
    ['the same one', held, { containerPort: 81, hostPort: 8080 }, true],
    ['another one', held, { containerPort: 80, hostPort: 8081 }, false],
    ['that of another protocol', held, { containerPort: 80, hostPort: 8080, protocol: 'UDP' }, false],
    ['none', held, { containerPort: 8080 }, false],
    ['the same one at one address', held, local, true],
    ['the same one at another address', pod('local', local), { ...local, hostIP: '10.0.0.1' }, false],
  ])('clash with %s: %#', (_, other, port, expected) => {
    expect(hostPortsClash(pod('new', port), other)).toBe(expected);
  });

  it('that are taken send a pod to another node, or keep it waiting', () => {
    const node = (name: string) =>
      ({ metadata: { name }, status: { allocatable: { cpu: '4', memory: '4Gi', pods: '110' } } }) as unknown as Node;
    const port = { containerPort: 80, hostPort: 8080 };
    const one = pod('one', port, 'a');
    expect(placePod(pod('two', port), [node('a'), node('b')], [one])).toEqual({ node: 'b' });
    expect(placePod(pod('three', port), [node('a')], [one]).message).toBe(
      "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. " +
        'no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    );
  });
});
