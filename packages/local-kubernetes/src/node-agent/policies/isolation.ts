// What NetworkPolicies mean for one pod: in which directions it is isolated, and which connections it may have all the
// same (networking.k8s.io/v1). Pure.

import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { matchesLabelSelector } from '../../kinds/object-selectors.ts';
import type { Pod } from '../pod-types.ts';
import { type AddressRange, addressRange, everywhere, includes, rangeOf, united, without } from './address-ranges.ts';

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

interface Peer {
  readonly podSelector?: object;
  readonly namespaceSelector?: object;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface PolicyPort {
  readonly protocol?: Protocol;
  readonly port?: number | string;
  readonly endPort?: number;
}

interface Rule {
  readonly ports?: readonly PolicyPort[];
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
}

export interface NetworkPolicy extends KubernetesObject {
  readonly spec?: {
    readonly podSelector?: object;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
  };
}

/** What policies read of the cluster. */
export interface PolicyView {
  readonly policies: readonly NetworkPolicy[];
  /** Those that have an address of their own. */
  readonly pods: readonly AddressedPod[];
  labelsOfNamespace(name: string): Readonly<Record<string, string>>;
}

export interface AddressedPod {
  readonly pod: Pod;
  readonly address: string;
}

export interface PortRange {
  readonly protocol: Protocol;
  /** Absent: every port of the protocol. */
  readonly first?: number;
  readonly last?: number;
}

export interface Allowance {
  readonly peers: readonly AddressRange[];
  /** Absent: everything, other protocols too. */
  readonly ports?: readonly PortRange[];
}

/** A direction that is absent is open. */
export interface Isolation {
  readonly ingress?: readonly Allowance[];
  readonly egress?: readonly Allowance[];
}

/** The policies of a pod's namespace that select it. A pod in its node's network is the subject of none. */
export function policiesOf({ metadata, spec }: Pod, policies: readonly NetworkPolicy[]): NetworkPolicy[] {
  if (spec.hostNetwork) return [];
  return policies.filter(
    (policy) =>
      policy.metadata.namespace === metadata.namespace &&
      matchesLabelSelector(policy.spec?.podSelector ?? {}, metadata.labels ?? {}),
  );
}

/** The policies that select a pod, added up. */
export function isolationOf(pod: Pod, view: PolicyView): Isolation {
  const own = policiesOf(pod, view.policies);
  const rulesOf = (direction: 'ingress' | 'egress') => {
    const concerned = own.filter((policy) => directionsOf(policy).includes(direction));
    if (concerned.length === 0) return undefined;
    return concerned.flatMap((policy) => (policy.spec?.[direction] ?? []).map((rule) => ({ policy, rule })));
  };
  const ingress = rulesOf('ingress')?.flatMap(({ policy, rule }) => {
    const ports = rule.ports?.length ? rule.ports.flatMap((port) => portOf(port, [pod])) : undefined;
    return allowance(rangesOf(rule.from, policy, view), ports);
  });
  const egress = rulesOf('egress')?.flatMap(({ policy, rule }) => egressOf(rule, policy, view));
  return { ...(ingress ? { ingress: added(ingress) } : {}), ...(egress ? { egress: added(egress) } : {}) };
}

/** What a policy is about; one that says nothing is about what comes in, and about what goes out if it has rules for it. */
function directionsOf({ spec }: NetworkPolicy): readonly string[] {
  const types = spec?.policyTypes ?? [];
  if (types.length > 0) return types.map((type) => type.toLowerCase());
  return ['ingress', ...(spec?.egress?.length ? ['egress'] : [])];
}

/** Ports by name are those of the pods at the other end, so that each number goes with the pods that call it so. */
function egressOf(rule: Rule, policy: NetworkPolicy, view: PolicyView): Allowance[] {
  const peers = rangesOf(rule.to, policy, view);
  if (!rule.ports?.length) return allowance(peers, undefined);
  const named = rule.ports.filter(({ port }) => typeof port === 'string');
  const plain = rule.ports.filter(({ port }) => typeof port !== 'string');
  const reached = named.length > 0 ? view.pods.filter(({ address }) => includes(peers, address)) : [];
  return [
    ...allowance(
      peers,
      plain.flatMap((port) => portOf(port, [])),
    ),
    ...reached.flatMap(({ pod, address }) =>
      allowance(
        [addressRange(address)],
        named.flatMap((port) => portOf(port, [pod])),
      ),
    ),
  ];
}

/** None where nobody, or no port, is meant. */
function allowance(peers: readonly AddressRange[], ports: readonly PortRange[] | undefined): Allowance[] {
  if (peers.length === 0 || ports?.length === 0) return [];
  return [{ peers, ...(ports ? { ports } : {}) }];
}

/** Ranges of peers are asked for by every pod that a policy selects. */
const known = new WeakMap<PolicyView, Map<readonly Peer[], readonly AddressRange[]>>();

/** No peers at all are everybody. */
function rangesOf(peers: readonly Peer[] | undefined, policy: NetworkPolicy, view: PolicyView) {
  if (!peers?.length) return everywhere;
  const before = known.get(view) ?? new Map<readonly Peer[], readonly AddressRange[]>();
  known.set(view, before);
  const ranges = before.get(peers) ?? united(peers.flatMap((peer) => rangesOfPeer(peer, policy, view)));
  before.set(peers, ranges);
  return ranges;
}

function rangesOfPeer({ ipBlock, ...selectors }: Peer, policy: NetworkPolicy, view: PolicyView): AddressRange[] {
  if (ipBlock) return without([rangeOf(ipBlock.cidr)], (ipBlock.except ?? []).map(rangeOf));
  const { podSelector = {}, namespaceSelector } = selectors;
  const isMeant = ({ metadata: { namespace = '', labels = {} } }: Pod): boolean =>
    (namespaceSelector
      ? matchesLabelSelector(namespaceSelector, view.labelsOfNamespace(namespace))
      : namespace === policy.metadata.namespace) && matchesLabelSelector(podSelector, labels);
  return view.pods.filter(({ pod }) => isMeant(pod)).map(({ address }) => addressRange(address));
}

/** @param pods among whose ports it is looked for where it is a name */
function portOf({ protocol = 'TCP', port, endPort }: PolicyPort, pods: readonly Pod[]): PortRange[] {
  if (port === undefined) return [{ protocol }];
  if (typeof port === 'number') return [{ protocol, first: port, last: endPort ?? port }];
  return pods
    .flatMap(({ spec }) => [
      ...spec.containers,
      ...(spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always'),
    ])
    .flatMap(({ ports = [] }) => ports)
    .filter((each) => each.name === port && (each.protocol ?? 'TCP') === protocol)
    .map(({ containerPort }) => ({ protocol, first: containerPort, last: containerPort }));
}

/** The same connections, each set of ports once. */
function added(allowances: readonly Allowance[]): Allowance[] {
  const byPorts = new Map<string, Allowance>();
  for (const { ports, peers } of allowances) {
    const sorted = ports && [...new Map(ports.map((port) => [keyOf(port), port])).values()].sort(inOrder);
    const key = sorted?.map(keyOf).join() ?? '';
    const all = united([...(byPorts.get(key)?.peers ?? []), ...peers]);
    byPorts.set(key, { peers: all, ...(sorted ? { ports: sorted } : {}) });
  }
  return [...byPorts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

const keyOf = ({ protocol, first, last }: PortRange): string => `${protocol} ${first ?? ''} ${last ?? ''}`;
const inOrder = (a: PortRange, b: PortRange): number => (keyOf(a) < keyOf(b) ? -1 : 1);

/** Whether one of the allowances lets a connection with this peer be, to this port. */
export function admits(allowances: readonly Allowance[], peer: string, protocol: Protocol, port: number): boolean {
  return allowances.some(
    ({ peers, ports }) =>
      includes(peers, peer) &&
      (!ports ||
        ports.some(
          ({ protocol: its, first, last }) =>
            its === protocol && (first === undefined || (first <= port && port <= (last ?? first))),
        )),
  );
}
