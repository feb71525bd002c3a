// What policies let be: single rules as a table, and sets of policies made by chance, judged by a second reading of the
// API reference that asks of one connection after the other.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../pod-types.ts';
import { blocksOf } from './address-ranges.ts';
import { admits, isolationOf, type NetworkPolicy, type PolicyView, type Protocol } from './isolation.ts';

type Rules = NetworkPolicy['spec'];

interface PodOptions {
  namespace?: string;
  labels?: Record<string, string>;
  ports?: { name: string; containerPort: number; protocol?: Protocol }[];
  hostNetwork?: boolean;
}

const podOf = (name: string, { namespace = 'a', labels = {}, ports = [], hostNetwork = false }: PodOptions = {}): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, uid: name, labels },
    spec: { containers: [{ name: 'main', image: 'host', ports }], hostNetwork },
  }) as unknown as Pod;
const policyOf = (spec: Rules, namespace = 'a'): NetworkPolicy => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'policy', namespace, uid: JSON.stringify(spec) },
  spec,
});

const web = podOf('web', { labels: { app: 'web' }, ports: [{ name: 'http', containerPort: 8080 }] });
const client = podOf('client', { labels: { app: 'client' } });
const dns = podOf('dns', {
  namespace: 'b',
  labels: { app: 'dns' },
  ports: [
    { name: 'dns', containerPort: 5353, protocol: 'UDP' },
    { name: 'http', containerPort: 9090 },
  ],
});
const addresses = new Map([
  [web, '10.64.0.2'],
  [client, '10.64.0.3'],
  [dns, '10.64.0.9'],
]);
const viewOf = (policies: readonly NetworkPolicy[]): PolicyView => ({
  policies,
  pods: [...addresses].map(([pod, address]) => ({ pod, address })),
  labelsOfNamespace: (name) => ({ 'kubernetes.io/metadata.name': name, team: name === 'b' ? 'blue' : 'green' }),
});

/** What web may take or send: `PROTOCOL/PORT of ADDRESSES`, or whether the direction is open. */
function words(policies: readonly NetworkPolicy[], direction: 'ingress' | 'egress', pod = web): string[] {
  const allowances = isolationOf(pod, viewOf(policies))[direction];
  if (!allowances) return ['open'];
  return allowances.map(({ peers, ports }) => {
    const which = ports?.map(
      ({ protocol, first, last }) => `${protocol}/${first ?? '*'}${last === first ? '' : `-${last}`}`,
    );
    return `${which?.join(',') ?? 'all'} of ${peers.flatMap(blocksOf).join(',')}`;
  });
}

const all = '0.0.0.0/0,0:0:0:0:0:0:0:0/0';
const selector = (app: string) => ({ matchLabels: { app } });
const open = ['open'];

describe('a pod under NetworkPolicies', () => {
  it.each<[string, Rules, string[], string[]]>([
    ['nothing but a selector: nobody comes in', { podSelector: {} }, [], open],
    ['no selector selects all', {}, [], open],
    ['one that selects others', { podSelector: selector('other') }, open, open],
    ['everybody', { ingress: [{}] }, [`all of ${all}`], open],
    ['empty lists are everybody', { ingress: [{ from: [], ports: [] }] }, [`all of ${all}`], open],
    ['rules for egress concern ingress too', { egress: [{}] }, [], [`all of ${all}`]],
    ['egress alone', { policyTypes: ['Egress'] }, open, []],
    ['both', { policyTypes: ['Ingress', 'Egress'] }, [], []],
    ['rules of a direction that is not meant', { policyTypes: ['Ingress'], egress: [{}] }, [], open],
    ['pods of its namespace', { ingress: [{ from: [{ podSelector: {} }] }] }, ['all of 10.64.0.2/31'], open],
    ['pods by label', { ingress: [{ from: [{ podSelector: selector('client') }] }] }, ['all of 10.64.0.3/32'], open],
    [
      'all namespaces',
      { ingress: [{ from: [{ namespaceSelector: {} }] }] },
      ['all of 10.64.0.2/31,10.64.0.9/32'],
      open,
    ],
    [
      'a namespace by label',
      { ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'blue' } } }] }] },
      ['all of 10.64.0.9/32'],
      open,
    ],
    [
      'a pod in a namespace: both must fit',
      {
        ingress: [
          { from: [{ namespaceSelector: { matchLabels: { team: 'blue' } }, podSelector: selector('client') }] },
        ],
      },
      [],
      open,
    ],
    [
      'two peers: one must fit',
      {
        ingress: [
          { from: [{ namespaceSelector: { matchLabels: { team: 'blue' } } }, { podSelector: selector('client') }] },
        ],
      },
      ['all of 10.64.0.3/32,10.64.0.9/32'],
      open,
    ],
    [
      'expressions',
      {
        ingress: [
          { from: [{ podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] } }] },
        ],
      },
      ['all of 10.64.0.3/32'],
      open,
    ],
    [
      'a block with an exception',
      { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/30', except: ['10.0.0.0/31'] } }] }] },
      ['all of 10.0.0.2/31'],
      open,
    ],
    ['a peer that nobody is', { ingress: [{ from: [{ podSelector: selector('nobody') }] }] }, [], open],
    [
      'ports',
      { ingress: [{ ports: [{ port: 80 }, { port: 90, endPort: 99, protocol: 'UDP' }, { protocol: 'SCTP' }] }] },
      [`SCTP/*,TCP/80,UDP/90-99 of ${all}`],
      open,
    ],
    [
      'a port by the name that the pod has for it',
      { ingress: [{ ports: [{ port: 'http' }] }] },
      [`TCP/8080 of ${all}`],
      open,
    ],
    ['a name of another protocol', { ingress: [{ ports: [{ port: 'http', protocol: 'UDP' }] }] }, [], open],
    ['a name that it has not', { ingress: [{ ports: [{ port: 'dns', protocol: 'UDP' }] }] }, [], open],
    [
      'names of those whom it reaches',
      { policyTypes: ['Egress'], egress: [{ ports: [{ port: 'http' }] }] },
      open,
      ['TCP/8080 of 10.64.0.2/32', 'TCP/9090 of 10.64.0.9/32'],
    ],
    [
      'a name among those of a block',
      { policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '10.64.0.8/29' } }], ports: [{ port: 'http' }] }] },
      open,
      ['TCP/9090 of 10.64.0.9/32'],
    ],
    [
      'a name and a number',
      {
        policyTypes: ['Egress'],
        egress: [
          {
            to: [{ namespaceSelector: {} }],
            ports: [
              { port: 53, protocol: 'UDP' },
              { port: 'dns', protocol: 'UDP' },
            ],
          },
        ],
      },
      open,
      ['UDP/53 of 10.64.0.2/31,10.64.0.9/32', 'UDP/5353 of 10.64.0.9/32'],
    ],
  ])('%s', (_, spec, ingress, egress) => {
    const policy = policyOf(spec);
    expect([words([policy], 'ingress'), words([policy], 'egress')]).toEqual([ingress, egress]);
  });

  it('may have what any of them lets it have', () => {
    const some = policyOf({ podSelector: selector('web'), ingress: [{ from: [{ podSelector: selector('client') }] }] });
    const more = policyOf({ ingress: [{ from: [{ ipBlock: { cidr: '10.64.0.2/32' } }] }, { ports: [{ port: 22 }] }] });
    const none = policyOf({ podSelector: {} });
    expect(words([some, none, more], 'ingress')).toEqual(['all of 10.64.0.2/31', `TCP/22 of ${all}`]);
    expect(words([some, none, more], 'ingress', client)).toEqual(['all of 10.64.0.2/32', `TCP/22 of ${all}`]);
  });

  it('is no subject of those of other namespaces, nor of any where it has the network of its node', () => {
    expect(words([policyOf({}, 'b')], 'ingress')).toEqual(open);
    expect(words([policyOf({})], 'ingress', podOf('host', { hostNetwork: true }))).toEqual(open);
  });
});

// By chance.

const label = fc.constantFrom('web', 'client', 'dns');
const labelSelector = fc.oneof(fc.constant({}), label.map(selector));
const namespaceSelector = fc.oneof(
  fc.constant({}),
  fc.constantFrom('blue', 'green').map((team) => ({ matchLabels: { team } })),
);
const peer = fc.oneof(
  fc.record({ podSelector: labelSelector }),
  fc.record({ namespaceSelector }),
  fc.record({ namespaceSelector, podSelector: labelSelector }),
  fc.constantFrom(
    { ipBlock: { cidr: '10.64.0.0/24', except: ['10.64.0.8/29'] } },
    { ipBlock: { cidr: '192.0.2.0/24' } },
    { ipBlock: { cidr: '0.0.0.0/0', except: ['10.64.0.2/32', '192.0.2.128/25'] } },
    { ipBlock: { cidr: '::/0' } },
  ),
);
const protocol = fc.constantFrom<Protocol>('TCP', 'UDP', 'SCTP');
const port = fc.oneof(
  fc.record({ protocol }),
  fc.record({ protocol, port: fc.constantFrom<number | string>(80, 8080, 'http', 'dns') }),
  fc.record({ protocol, port: fc.constant(80), endPort: fc.constantFrom(80, 9090) }),
);
const some = <T>(each: fc.Arbitrary<T>) => fc.option(fc.array(each, { maxLength: 3 }), { nil: undefined });
const spec = fc.record({
  podSelector: labelSelector,
  policyTypes: fc.constantFrom<string[] | undefined>(undefined, ['Ingress'], ['Egress'], ['Ingress', 'Egress']),
  ingress: some(fc.record({ from: some(peer), ports: some(port) })),
  egress: some(fc.record({ to: some(peer), ports: some(port) })),
});
const policies = fc.array(
  fc.tuple(spec, fc.constantFrom('a', 'b')).map(([its, namespace]) => policyOf(its as Rules, namespace)),
  { maxLength: 4 },
);

interface Connection {
  direction: 'ingress' | 'egress';
  subject: Pod;
  other: string;
  protocol: Protocol;
  port: number;
}

/** The API reference of networking.k8s.io/v1, read once more, of one connection. */
function isAllowed(all: readonly NetworkPolicy[], { direction, subject, other, protocol, port }: Connection): boolean {
  const labelsFit = (wanted: { matchLabels?: Record<string, string> }, has: Readonly<Record<string, string>>) =>
    Object.entries(wanted.matchLabels ?? {}).every(([name, value]) => has[name] === value);
  const namespaceOf = ({ metadata }: Pod) => metadata.namespace!;
  const teamOf = (namespace: string) => ({ team: namespace === 'b' ? 'blue' : 'green' });
  const otherPod = [...addresses].find(([, address]) => address === other)?.[0];
  const destination = direction === 'ingress' ? subject : otherPod;
  const number = (text: string) =>
    text.includes(':') ? -1 : text.split('.').reduce((sum, n) => sum * 256 + Number(n), 0);
  const isInBlock = (block: string) => {
    const [address, prefix] = block.split('/') as [string, string];
    if (address.includes(':') || other.includes(':')) return address.includes(':') === other.includes(':');
    const size = 2 ** (32 - Number(prefix));
    return Math.floor(number(address) / size) === Math.floor(number(other) / size);
  };
  const selecting = all.filter(({ metadata, spec: its }) => {
    const types = its!.policyTypes ?? (its!.egress?.length ? ['Ingress', 'Egress'] : ['Ingress']);
    const isOf = types.includes(direction === 'ingress' ? 'Ingress' : 'Egress');
    return (
      isOf && metadata.namespace === namespaceOf(subject) && labelsFit(its!.podSelector!, subject.metadata.labels!)
    );
  });
  if (selecting.length === 0) return true;
  return selecting.some(({ metadata, spec: its }) =>
    (its![direction] ?? []).some((rule) => {
      const peers = (direction === 'ingress' ? rule.from : rule.to) ?? [];
      const isPeer = peers.some(({ ipBlock, podSelector, namespaceSelector: namespaces }) => {
        if (ipBlock) return isInBlock(ipBlock.cidr) && !(ipBlock.except ?? []).some(isInBlock);
        if (!otherPod) return false;
        if (namespaces && !labelsFit(namespaces, teamOf(namespaceOf(otherPod)))) return false;
        if (!namespaces && namespaceOf(otherPod) !== metadata.namespace) return false;
        return labelsFit(podSelector ?? {}, otherPod.metadata.labels!);
      });
      const ports = rule.ports ?? [];
      const isPort = ports.some((each) => {
        if ((each.protocol ?? 'TCP') !== protocol) return false;
        if (each.port === undefined) return true;
        if (typeof each.port === 'number') return each.port <= port && port <= (each.endPort ?? each.port);
        const named = destination?.spec.containers[0]?.ports?.find(({ name }) => name === each.port);
        return named !== undefined && (named.protocol ?? 'TCP') === protocol && named.containerPort === port;
      });
      return (peers.length === 0 || isPeer) && (ports.length === 0 || isPort);
    }),
  );
}

const connection = fc.record<Connection>({
  direction: fc.constantFrom('ingress', 'egress'),
  subject: fc.constantFrom(...addresses.keys()),
  other: fc.constantFrom(...addresses.values(), '192.0.2.1', '192.0.2.200', '10.64.0.10', '2001:db8::1'),
  protocol,
  port: fc.constantFrom(22, 80, 8080, 5353, 9090),
});

it('may have just the connections that the API reference says', () => {
  fc.assert(
    fc.property(policies, connection, (all, one) => {
      const allowances = isolationOf(one.subject, viewOf(all))[one.direction];
      const isOpen = !allowances || admits(allowances, one.other, one.protocol, one.port);
      expect(isOpen).toBe(isAllowed(all, one));
    }),
    { numRuns: 5000 },
  );
});
