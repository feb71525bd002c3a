import type { CorpusRequest } from '../../corpus-request.ts';
import { change, goes, inNamespace, post } from './kind-requests.ts';

const { at, opens, closes } = inNamespace('corpus-node-ports');
const services = at('services');

interface Port {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly nodePort?: number;
}

const service = (name: string, ports: readonly Port[], spec: object = {}) => ({
  metadata: { name },
  spec: { type: 'NodePort', ports, ...spec },
});
const make = (what: string, ...rest: Parameters<typeof service>) => post(what, services, service(...rest));
const dry = (what: string, ...rest: Parameters<typeof service>) =>
  post(what, `${services}?dryRun=All`, service(...rest));
const local = { type: 'LoadBalancer', externalTrafficPolicy: 'Local' };

/**
 * Ports of nodes: which numbers there are, who has them, and what a dry run says of them. Those that are named stand below
 * 30086, and addresses below 10.96.1.0: a server gives none of these to who names none (KEP-3668, KEP-3070).
 */
export const nodePortRequests: readonly CorpusRequest[] = [
  ...opens,
  make('too low', 'low', [{ port: 80, nodePort: 80 }]),
  make('too high', 'high', [{ port: 80, nodePort: 32768 }]),
  make('below one', 'negative', [{ port: 80, nodePort: -1 }]),
  make('the second is too low', 'second', [
    { name: 'a', port: 80, nodePort: 30001 },
    { name: 'b', port: 81, nodePort: 81 },
  ]),
  make('one number', 'one', [{ name: 'a', port: 80, nodePort: 30001 }]),
  make('the same number', 'other', [{ port: 80, nodePort: 30001 }]),
  make('the same number by another protocol', 'other', [{ port: 80, protocol: 'UDP', nodePort: 30001 }]),
  make('twice in one service', 'twice', [
    { name: 'a', port: 80, nodePort: 30002 },
    { name: 'b', port: 81, nodePort: 30002 },
  ]),
  make('one number for two protocols', 'dns', [
    { name: 'tcp', port: 53 },
    { name: 'udp', port: 53, protocol: 'UDP', nodePort: 30003 },
  ]),
  dry('dry: no number', 'dry', [
    { name: 'a', port: 80 },
    { name: 'b', port: 81 },
    { name: 'c', port: 80, protocol: 'UDP' },
  ]),
  dry('dry: a number and none', 'dry', [
    { name: 'a', port: 80, nodePort: 30070 },
    { name: 'b', port: 81 },
  ]),
  dry('dry: too low', 'dry', [{ port: 80, nodePort: 80 }]),
  dry('dry: taken', 'dry', [{ port: 80, nodePort: 30001 }]),
  change('its own number once more', `${services}/one`, {
    spec: { ports: [{ name: 'a', port: 81, nodePort: 30001 }] },
  }),
  change('without its number', `${services}/one`, { spec: { ports: [{ name: 'a', port: 82 }] } }),
  change('another number', `${services}/one`, { spec: { ports: [{ name: 'a', port: 82, nodePort: 30004 }] } }),
  change('a number of another', `${services}/one`, { spec: { ports: [{ name: 'a', port: 82, nodePort: 30003 }] } }),
  change('a number too low', `${services}/one`, { spec: { ports: [{ name: 'a', port: 82, nodePort: 82 }] } }),
  change('dry: a number too low', `${services}/one?dryRun=All`, {
    spec: { ports: [{ name: 'a', port: 82, nodePort: 82 }] },
  }),
  make('what was left is free', 'again', [{ port: 80, nodePort: 30001 }]),
  change('no ports of nodes', `${services}/again`, { spec: { type: 'ClusterIP' } }),
  make('what was given up is free', 'free', [{ port: 80, nodePort: 30001 }]),
  goes('it goes', `${services}/free`),
  make('what has gone is free', 'after', [{ port: 80, nodePort: 30001 }]),
  make('a balancer without ports of nodes', 'bare', [{ port: 80 }], {
    type: 'LoadBalancer',
    allocateLoadBalancerNodePorts: false,
  }),
  make('a balancer that checks', 'checked', [{ port: 80, nodePort: 30005 }], { ...local, healthCheckNodePort: 30006 }),
  make('a check by a number of another', 'taken', [{ port: 80, nodePort: 30007 }], {
    ...local,
    healthCheckNodePort: 30001,
  }),
  make('a check by its own number', 'taken', [{ port: 80, nodePort: 30007 }], { ...local, healthCheckNodePort: 30007 }),
  make('a check too low', 'taken', [{ port: 80, nodePort: 30007 }], { ...local, healthCheckNodePort: 80 }),
  dry('dry: a check', 'taken', [{ port: 80, nodePort: 30007 }], local),
  dry('dry: a check below one', 'taken', [{ port: 80, nodePort: 30007 }], { ...local, healthCheckNodePort: -1 }),
  change('another check', `${services}/checked`, { spec: { healthCheckNodePort: 30008 } }),
  change('no check named', `${services}/checked`, { spec: { healthCheckNodePort: null } }),
  change('checks no more', `${services}/checked`, { spec: { externalTrafficPolicy: 'Cluster' } }),
  change('checks again', `${services}/checked`, {
    spec: { externalTrafficPolicy: 'Local', healthCheckNodePort: 30006 },
  }),
  post('the address of the API', services, {
    metadata: { name: 'api' },
    spec: { clusterIP: '10.96.0.1', ports: [{ port: 80 }] },
  }),
  post('dry: the address of the API', `${services}?dryRun=All`, {
    metadata: { name: 'api' },
    spec: { clusterIP: '10.96.0.1', ports: [{ port: 80 }] },
  }),
  post('an address', services, {
    metadata: { name: 'address' },
    spec: { clusterIP: '10.96.0.77', ports: [{ port: 80 }] },
  }),
  post('the same address', services, {
    metadata: { name: 'address-too' },
    spec: { clusterIP: '10.96.0.77', ports: [{ port: 80 }] },
  }),
  post('the last address of all', services, {
    metadata: { name: 'broadcast' },
    spec: { clusterIP: '10.96.255.255', ports: [{ port: 80 }] },
  }),
  post('the first address of all', services, {
    metadata: { name: 'network' },
    spec: { clusterIP: '10.96.0.0', ports: [{ port: 80 }] },
  }),
  ...closes,
];
