// Rules of a pod's network as input of nft(8): a table of its own, which is made anew in one go. Pure.

import { type AddressRange, blocksOf } from './address-ranges.ts';
import type { Direction, DirectionRules, FilterRule } from './filter-rules.ts';
import type { PortRange } from './isolation.ts';

const table = 'inet local-kubernetes';
const places: Readonly<Record<Direction, { hook: string; peer: string; loopback: string }>> = {
  ingress: { hook: 'prerouting', peer: 'saddr', loopback: 'iifname' },
  egress: { hook: 'postrouting', peer: 'daddr', loopback: 'oifname' },
};

export function nftRules(directions: readonly DirectionRules[]): string {
  return [
    // Adding first makes the deletion of a table that is not there none.
    `add table ${table}`,
    `delete table ${table}`,
    `table ${table} {`,
    ...directions.flatMap(({ direction, rules }) => [
      `  chain ${direction} {`,
      `    type filter hook ${places[direction].hook} priority -150;`,
      ...rules.flatMap((rule) => matchesOf(rule, direction).map((match) => `    ${match} accept`)),
      '    drop',
      '  }',
    ]),
    '}',
    '',
  ].join('\n');
}

function matchesOf(rule: FilterRule, direction: Direction): string[] {
  const { loopback, peer } = places[direction];
  switch (rule.kind) {
    case 'loopback':
      return [`${loopback} "lo"`];
    case 'answers':
      return ['ct state established,related'];
    case 'begun':
      return ['tcp flags & (fin|syn|rst|ack) != syn ct state new'];
    case 'neighbours':
      return ['icmpv6 type { 133, 134, 135, 136 }'];
    case 'peers':
      return ([4, 6] as const).flatMap((family) => {
        const blocks = blocksIn(rule.peers, family);
        if (!blocks) return [];
        const peers = `${family === 4 ? 'ip' : 'ip6'} ${peer} ${blocks}`;
        return (rule.ports?.map(portMatch) ?? ['']).map((port) => peers + port);
      });
  }
}

function blocksIn(ranges: readonly AddressRange[], family: 4 | 6): string | undefined {
  const blocks = ranges.filter((range) => range.family === family).flatMap(blocksOf);
  return blocks.length > 0 ? `{ ${blocks.join(', ')} }` : undefined;
}

function portMatch({ protocol, first, last }: PortRange): string {
  const name = protocol.toLowerCase();
  if (first === undefined) return ` meta l4proto ${name}`;
  return ` ${name} dport ${last === undefined || last === first ? first : `${first}-${last}`}`;
}
