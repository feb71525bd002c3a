// A broker that is alone.
import { Topology } from '../overlay/topology.ts';
import type { Bootstrap } from './bootstrap.ts';

export function bootSingle(hostname: string): Bootstrap {
  return {
    method: 'single',
    rank: 0,
    size: 1,
    hostname,
    hostnames: [hostname],
    topology: Topology.create('kary:32', 1),
    transport: undefined,
    neighbours: { meet: async () => ({}) },
    attributes: {},
  };
}
