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
  post('service outside', services, {
    metadata: { name: 'outside' },
    spec: { type: 'ExternalName', externalName: 'example.com' },
  }),
  { name: 'services by type', path: `${services}?fieldSelector=spec.type%3DExternalName` },
  { name: 'services by address', path: `${services}?fieldSelector=spec.clusterIP%3DNone` },
  change('service: its port', `${services}/made`, { spec: { ports: [{ name: 'http', port: 81 }] } }),
  change('service: headless now', `${services}/made`, { spec: { clusterIP: 'None' } }),
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
  change('slice: another type', `${slices}/made`, { addressType: 'IPv6' }),
  goes('the slice goes', `${slices}/made`),
  ...closes,
];
