// Rules of a pod's network as input of iptables-restore(8) and ip6tables-restore(8). Pure.

import { blocksOf } from './address-ranges.ts';
import type { Direction, DirectionRules, FilterRule } from './filter-rules.ts';
import type { PortRange } from './isolation.ts';

/** The chains of the table `mangle` that every packet passes, and ours, to which they lead. */
const places: Readonly<Record<Direction, { from: string; chain: string; peer: string; loopback: string }>> = {
  ingress: { from: 'PREROUTING', chain: 'pod-ingress', peer: '-s', loopback: '-i lo' },
  egress: { from: 'POSTROUTING', chain: 'pod-egress', peer: '-d', loopback: '-o lo' },
};

/**
 * In one go ours are emptied and filled again; others' chains stay as they are.
 * @param isJoined whether the network had such rules before, so that the way to our chains is there
 */
export function iptablesRules(directions: readonly DirectionRules[], family: 4 | 6, isJoined: boolean): string {
  const all = Object.values(places);
  return [
    '*mangle',
    ...all.map(({ chain }) => `:${chain} - [0:0]`),
    ...(isJoined ? [] : all.map(({ from, chain }) => `-I ${from} -j ${chain}`)),
    ...directions.flatMap(({ direction, rules }) => {
      const append = `-A ${places[direction].chain}`;
      const matches = rules.flatMap((rule) => matchesOf(rule, direction, family));
      return [...matches.map((match) => `${append} ${match} -j ACCEPT`), `${append} -j DROP`];
    }),
    'COMMIT',
    '',
  ].join('\n');
}

function matchesOf(rule: FilterRule, direction: Direction, family: 4 | 6): string[] {
  switch (rule.kind) {
    case 'loopback':
      return [places[direction].loopback];
    case 'answers':
      return ['-m conntrack --ctstate RELATED,ESTABLISHED'];
    case 'begun':
      return ['-p tcp ! --syn -m conntrack --ctstate NEW'];
    case 'neighbours':
      return family === 4 ? [] : [133, 134, 135, 136].map((type) => `-p ipv6-icmp --icmpv6-type ${type}`);
    case 'peers': {
      const blocks = rule.peers.filter((range) => range.family === family).flatMap(blocksOf);
      const ports = rule.ports?.map(portMatch) ?? [''];
      return blocks.flatMap((block) => ports.map((port) => `${places[direction].peer} ${block}${port}`));
    }
  }
}

function portMatch({ protocol, first, last }: PortRange): string {
  const name = protocol.toLowerCase();
  return first === undefined ? ` -p ${name}` : ` -p ${name} --dport ${first}:${last ?? first}`;
}
