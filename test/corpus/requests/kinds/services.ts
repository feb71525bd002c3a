import type { CorpusRequest } from '../../corpus-request.ts';
import { bad, change, goes, inNamespace, make, post } from './kind-requests.ts';

const { at, opens, closes } = inNamespace('corpus-services');
const services = at('services');
const slices = at('endpointslices', 'apis/discovery.k8s.io/v1');

/** Services and the slices of their endpoints. */
export const serviceRequests: readonly CorpusRequest[] = [
  ...opens,
  make(services)('a service with a name for its port', {
    spec: {
      selector: { a: 'b' },
      ports: [
        { name: 'http', port: 80, targetPort: 'web' },
        { name: 'dns', port: 53, protocol: 'UDP' },
      ],
    },
  }),
  bad(services)('service: a target', { spec: { ports: [{ port: 80, targetPort: 'A_b' }] } }),
  bad(services)('service: a target out of range', { spec: { ports: [{ port: 80, targetPort: 70000 }] } }),
  bad(services)('service: a node port of a cluster service', { spec: { ports: [{ port: 80, nodePort: 30000 }] } }),
  bad(services)('service: a node port out of range', {
    spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] },
  }),
  bad(services)('service: ports of one name', {
    spec: {
      ports: [
        { name: 'a', port: 80 },
        { name: 'a', port: 81 },
      ],
    },
  }),
  bad(services)('service: one port twice', {
    spec: {
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 80 },
      ],
    },
  }),
  bad(services)('service: a protocol', { spec: { ports: [{ port: 80, protocol: 'ODD' }] } }),
  bad(services)('service: an address outside', { spec: { clusterIP: '1.2.3.4', ports: [{ port: 80 }] } }),
  bad(services)('service: two families', { spec: { ipFamilies: ['IPv4', 'IPv4'], ports: [{ port: 80 }] } }),
  bad(services)('service: headless and of nodes', {
    spec: { type: 'NodePort', clusterIP: 'None', ports: [{ port: 80 }] },
  }),
  bad(services)('service: a name outside that is none', { spec: { type: 'ExternalName', externalName: 'A_b' } }),
  bad(services)('service: external addresses', { spec: { externalIPs: ['127.0.0.1', 'x'], ports: [{ port: 80 }] } }),
  bad(services)('service: a traffic policy', { spec: { internalTrafficPolicy: 'Odd', ports: [{ port: 80 }] } }),
  bad(services)('service: a time of affinity', {
    spec: {
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 0 } },
      ports: [{ port: 80 }],
    },
  }),
  bad(services)('service: several at once', {
    spec: {
      type: 'Odd',
      selector: { 'a b': 'c' },
      sessionAffinity: 'Odd',
      externalIPs: ['169.254.1.1', '0.0.0.0', '224.0.0.1', '300.1.1.1'],
      ipFamilies: ['Odd'],
      ipFamilyPolicy: 'Odd',
      trafficDistribution: 'Odd',
      ports: [{ name: 'A_b', port: 0, protocol: 'ODD', targetPort: '', appProtocol: 'a b' }, { port: 1 }],
    },
  }),
  bad(services)('service: what a balancer alone has', {
    spec: {
      ports: [{ port: 80 }],
      loadBalancerClass: 'a/b',
      loadBalancerSourceRanges: ['10.0.0.0/8', 'x'],
      allocateLoadBalancerNodePorts: false,
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 30000,
    },
  }),
  bad(services)('service: of the wrong family', {
    spec: { clusterIP: '10.96.0.91', ipFamilies: ['IPv6'], ports: [{ port: 80 }] },
  }),
  bad(services)('service: addresses that do not agree', {
    spec: { clusterIP: '10.96.0.91', clusterIPs: ['10.96.0.92', '10.96.0.93', 'x'], ports: [{ port: 80 }] },
  }),
  bad(services)('service: node ports twice', {
    spec: {
      type: 'NodePort',
      externalTrafficPolicy: 'Odd',
      ports: [
        { name: 'a', port: 80, nodePort: 30041 },
        { name: 'b', port: 81, nodePort: 30041 },
      ],
    },
  }),
  bad(services)('service: outside with an address', {
    spec: { type: 'ExternalName', externalName: 'a.b', clusterIP: '10.96.0.91', ipFamilies: ['IPv4'] },
  }),
  post('service outside', services, {
    metadata: { name: 'outside' },
    spec: { type: 'ExternalName', externalName: 'example.com' },
  }),
  { name: 'services by type', path: `${services}?fieldSelector=spec.type%3DExternalName` },
  { name: 'services by address', path: `${services}?fieldSelector=spec.clusterIP%3DNone` },
  change('service: its port', `${services}/made`, { spec: { ports: [{ name: 'http', port: 81 }] } }),
  change('service: a policy that is none, and a bad port', `${services}/made`, {
    spec: { ipFamilyPolicy: 'Odd', ports: [{ port: 80, targetPort: 'a/b' }] },
  }),
  change('service: an address that is none', `${services}/made`, { spec: { clusterIP: 'odd' } }),
  change('service: headless now', `${services}/made`, { spec: { clusterIP: 'None' } }),
  change('service: another address', `${services}/made`, { spec: { clusterIP: '1.2.3.4' } }),
  change('service: a name now, without one', `${services}/made`, { spec: { type: 'ExternalName' } }),
  change('service: a node’s port now', `${services}/made`, {
    spec: { type: 'NodePort', ports: [{ name: 'http', port: 81, nodePort: 30047 }] },
  }),
  change('service: a balancer now', `${services}/made`, {
    spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30048 },
  }),
  change('service: its own address alone', `${services}/made`, { spec: { type: 'ClusterIP' } }),
  change('service: a name and an address', `${services}/made`, {
    spec: { type: 'ExternalName', externalName: 'a.b', clusterIP: '10.96.0.99' },
  }),
  change('service: a name now', `${services}/made`, { spec: { type: 'ExternalName', externalName: 'a.b' } }),
  change('service: an address again', `${services}/made`, { spec: { type: 'ClusterIP', externalName: null } }),
  change('service: its status', `${services}/made/status`, {
    status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } },
  }),

  make(slices)('a slice', {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.1.2.3'], conditions: { ready: true }, hostname: 'h' }],
    ports: [{ name: 'a', port: 80 }],
  }),
  bad(slices)('slice: no type', { endpoints: [], ports: [] }),
  bad(slices)('slice: addresses', {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['x'] }, { addresses: [] }],
    ports: [],
  }),
  bad(slices)('slice: ports', {
    addressType: 'IPv4',
    endpoints: [],
    ports: [{ name: 'A_b', port: 0, protocol: 'ODD' }],
  }),
  bad(slices)('slice: empty texts', {
    addressType: 'IPv4',
    endpoints: [],
    ports: [{ name: '', port: 80, protocol: '', appProtocol: '' }],
  }),
  bad(slices)('slice: several at once', {
    addressType: 'IPv4',
    endpoints: [
      { addresses: ['127.0.0.1', '::1'], hostname: 'A_b', nodeName: 'A_b' },
      { addresses: ['10.0.0.1'], hints: { forZones: [{ name: 'a' }, { name: 'a' }], forNodes: [{ name: 'A_b' }] } },
    ],
    ports: [{ name: 'a' }, { name: 'a', appProtocol: 'a b' }, { name: 'A_b', protocol: 'ODD' }],
  }),
  bad(slices)('slice: names for addresses', {
    addressType: 'FQDN',
    endpoints: [{ addresses: ['', 'one', 'A_b.c', 'a.b.'] }],
    ports: [],
  }),
  bad(slices)('slice: a type that is none', { addressType: 'Odd', endpoints: [{ addresses: ['x'] }], ports: [] }),
  change('slice: another type', `${slices}/made`, { addressType: 'IPv6' }),
  goes('the slice goes', `${slices}/made`),
  ...closes,
];
