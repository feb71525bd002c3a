import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schema/schema.ts';
import { create, update } from '../through-strategy.fixture.ts';

const service = (spec: JsonObject) => create('Service', { spec: { ports: [{ port: 80 }], ...spec } }).errors;
const slice = (body: JsonObject) => create('EndpointSlice', { endpoints: [], ports: [], ...body }).errors;

// The sentences are those of kube-apiserver 1.35; the whole list is held to it by the corpus.
describe('services', () => {
  it.each<[string, string[], string[]]>([
    [
      'one port twice, shown as Go prints it',
      service({
        ports: [
          { name: 'a', port: 80 },
          { name: 'b', port: 80 },
        ],
      }),
      [
        'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
      ],
    ],
    ['a family twice', service({ ipFamilies: ['IPv4', 'IPv4'] }), ['spec.ipFamilies[1]: Duplicate value: "IPv4"']],
    [
      'an address of another family',
      service({ clusterIP: '10.96.1.1', ipFamilies: ['IPv6'] }),
      ['spec.clusterIPs[0]: Invalid value: "10.96.1.1": expected an IPv6 value as indicated by `ipFamilies[0]`'],
    ],
    [
      'addresses from outside that nobody outside can reach',
      service({ externalIPs: ['127.0.0.1', '0.0.0.0', 'fe80::1'] }),
      [
        'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
        'spec.externalIPs[1]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)',
        'spec.externalIPs[2]: Invalid value: "fe80::1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
      ],
    ],
    [
      'a time of no length',
      service({ sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 0 } } }),
      [
        'spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 0: must be greater than 0 and less than 86400',
      ],
    ],
    [
      'what a balancer alone has',
      service({ loadBalancerSourceRanges: ['x'], externalTrafficPolicy: 'Local' }),
      [
        "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
        'spec.LoadBalancerSourceRanges[0]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
      ],
    ],
  ])('%s', (_name, errors, wanted) => expect(errors).toEqual(wanted));

  it('keep the address they got', () => {
    const { object } = create('Service', { spec: { clusterIP: '10.96.1.1', ports: [{ port: 80 }] } });
    const set = (address: string) => (next: JsonObject) =>
      Object.assign(next['spec'] as JsonObject, { clusterIP: address, clusterIPs: [address] });
    expect(update('Service', object, set('10.96.1.2'))).toEqual([
      'spec.clusterIPs[0]: Invalid value: ["10.96.1.2"]: may not change once set',
    ]);
  });
});

describe('slices of endpoints', () => {
  it.each<[string, string[], string[]]>([
    ['no type', slice({}), ['addressType: Required value']],
    [
      'no addresses, and wrong ones',
      slice({ addressType: 'IPv4', endpoints: [{ addresses: [] }, { addresses: ['x', '::2'] }] }),
      [
        'endpoints[0].addresses: Required value: must contain at least 1 address',
        'endpoints[1].addresses[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        'endpoints[1].addresses: Invalid value: "::2": must be an IPv4 address',
      ],
    ],
    [
      'ports without names twice',
      slice({ addressType: 'IPv4', ports: [{}, {}] }),
      ['ports[1].name: Duplicate value: ""'],
    ],
    [
      'a name of one part',
      slice({ addressType: 'FQDN', endpoints: [{ addresses: ['one'] }] }),
      [
        'endpoints[0].addresses[0]: Invalid value: "one": should be a domain with at least two segments separated by dots',
      ],
    ],
  ])('%s', (_name, errors, wanted) => expect(errors).toEqual(wanted));

  it('stay of one type, and are not judged for what they were', () => {
    const { object } = create('EndpointSlice', {
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.0.0.1'] }],
      ports: [{ port: 80 }],
    });
    expect(object).toMatchObject({ ports: [{ name: '', port: 80, protocol: 'TCP' }] });
    expect(update('EndpointSlice', object, (next) => Object.assign(next, { addressType: 'IPv6' }))).toEqual([
      'addressType: Invalid value: "IPv6": field is immutable',
    ]);
  });
});
