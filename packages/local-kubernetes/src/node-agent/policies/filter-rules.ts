// The rules of an isolated pod's network, in the order in which they are asked; what none of them lets pass is dropped.
// They stand where packets come in and go out of the pod's network, before and after what its own programs may do to
// them. Pure; `iptables-rules.ts` and `nft-rules.ts` write them down.

import { type AddressRange, addressRange, united } from './address-ranges.ts';
import type { Allowance, Isolation, PortRange } from './isolation.ts';

export type Direction = keyof Isolation;

export type FilterRule =
  /** What the pod says to itself. */
  | { readonly kind: 'loopback' }
  /** What belongs to a connection that was let pass. */
  | { readonly kind: 'answers' }
  /** TCP of a connection that is older than the rules: it goes on. Only a SYN can begin one. */
  | { readonly kind: 'begun' }
  /** ICMPv6 by which neighbours find one another, as ARP does for IPv4 (RFC 4861). */
  | { readonly kind: 'neighbours' }
  | { readonly kind: 'peers'; readonly peers: readonly AddressRange[]; readonly ports?: readonly PortRange[] };

export interface DirectionRules {
  readonly direction: Direction;
  readonly rules: readonly FilterRule[];
}

/**
 * @param nodeAddresses of the pod's node, which may always reach it, and be reached
 * @returns the directions that are not open
 */
export function filterRules(isolation: Isolation, nodeAddresses: readonly string[]): DirectionRules[] {
  const node: Allowance = { peers: united(nodeAddresses.map(addressRange)) };
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const allowances = isolation[direction];
    if (!allowances) return [];
    const always: FilterRule[] = [{ kind: 'loopback' }, { kind: 'answers' }, { kind: 'begun' }, { kind: 'neighbours' }];
    const peers = [node, ...allowances].map((each) => ({ kind: 'peers' as const, ...each }));
    return [{ direction, rules: [...always, ...peers] }];
  });
}
