// How rules are written for the programs that put them into a network, and that these take all that policies can ask for.

import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasProgram } from '../../system-program.fixture.ts';
import { canRunPods } from '../agent-process.fixture.ts';
import { addressRange, rangeOf, united } from './address-ranges.ts';
import { filterRules } from './filter-rules.ts';
import { iptablesRules } from './iptables-rules.ts';
import type { Isolation } from './isolation.ts';
import { nftRules } from './nft-rules.ts';

const ingress = [
  { peers: ['10.64.0.2', '10.64.0.3', '10.64.0.5'].map(addressRange) },
  {
    peers: [rangeOf('192.0.2.0/24'), rangeOf('2001:db8::/32')],
    ports: [
      { protocol: 'TCP' as const, first: 80, last: 90 },
      { protocol: 'UDP' as const, first: 53, last: 53 },
    ],
  },
];
const rules = filterRules({ ingress: ingress.map((each) => ({ ...each, peers: united(each.peers) })) }, ['10.64.0.1']);

it('rules for iptables are asked in this order', () => {
  expect(iptablesRules(rules, 4, false).split('\n')).toEqual([
    '*mangle',
    ':pod-ingress - [0:0]',
    ':pod-egress - [0:0]',
    '-I PREROUTING -j pod-ingress',
    '-I POSTROUTING -j pod-egress',
    '-A pod-ingress -i lo -j ACCEPT',
    '-A pod-ingress -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    '-A pod-ingress -p tcp ! --syn -m conntrack --ctstate NEW -j ACCEPT',
    '-A pod-ingress -s 10.64.0.1/32 -j ACCEPT',
    '-A pod-ingress -s 10.64.0.2/31 -j ACCEPT',
    '-A pod-ingress -s 10.64.0.5/32 -j ACCEPT',
    '-A pod-ingress -s 192.0.2.0/24 -p tcp --dport 80:90 -j ACCEPT',
    '-A pod-ingress -s 192.0.2.0/24 -p udp --dport 53:53 -j ACCEPT',
    '-A pod-ingress -j DROP',
    'COMMIT',
    '',
  ]);
});

it('of IPv6 the neighbours are let through, and those who are meant', () => {
  expect(iptablesRules(rules, 6, true).split('\n').slice(3, -3)).toEqual([
    '-A pod-ingress -i lo -j ACCEPT',
    '-A pod-ingress -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    '-A pod-ingress -p tcp ! --syn -m conntrack --ctstate NEW -j ACCEPT',
    ...[133, 134, 135, 136].map((type) => `-A pod-ingress -p ipv6-icmp --icmpv6-type ${type} -j ACCEPT`),
    '-A pod-ingress -s 2001:db8:0:0:0:0:0:0/32 -p tcp --dport 80:90 -j ACCEPT',
    '-A pod-ingress -s 2001:db8:0:0:0:0:0:0/32 -p udp --dport 53:53 -j ACCEPT',
  ]);
});

it('what was put there goes when nothing isolates any more', () => {
  const chains = ['*mangle', ':pod-ingress - [0:0]', ':pod-egress - [0:0]', 'COMMIT', ''];
  expect(iptablesRules([], 4, true).split('\n')).toEqual(chains);
  const table = 'inet local-kubernetes';
  expect(nftRules([]).split('\n')).toEqual([
    `add table ${table}`,
    `delete table ${table}`,
    `table ${table} {`,
    '}',
    '',
  ]);
});

it('rules for nft are those for iptables', () => {
  expect(nftRules(rules).split('\n').slice(2, -1)).toEqual([
    'table inet local-kubernetes {',
    '  chain ingress {',
    '    type filter hook prerouting priority -150;',
    '    iifname "lo" accept',
    '    ct state established,related accept',
    '    tcp flags & (fin|syn|rst|ack) != syn ct state new accept',
    '    icmpv6 type { 133, 134, 135, 136 } accept',
    '    ip saddr { 10.64.0.1/32 } accept',
    '    ip saddr { 10.64.0.2/31, 10.64.0.5/32 } accept',
    '    ip saddr { 192.0.2.0/24 } tcp dport 80-90 accept',
    '    ip saddr { 192.0.2.0/24 } udp dport 53 accept',
    '    ip6 saddr { 2001:db8:0:0:0:0:0:0/32 } tcp dport 80-90 accept',
    '    ip6 saddr { 2001:db8:0:0:0:0:0:0/32 } udp dport 53 accept',
    '    drop',
    '  }',
    '}',
  ]);
});

const address = fc.oneof(fc.ipV4(), fc.ipV6());
const range = fc
  .tuple(address, fc.nat(128))
  .map(([each, prefix]) => rangeOf(`${each}/${each.includes(':') ? prefix : prefix % 33}`));
const port = fc
  .tuple(
    fc.constantFrom('TCP', 'UDP', 'SCTP' as const),
    fc.option(fc.tuple(fc.integer({ min: 1, max: 65_535 }), fc.nat(9))),
  )
  .map(([protocol, span]) =>
    span ? { protocol, first: span[0], last: Math.min(span[0] + span[1], 65_535) } : { protocol },
  );
const allowances = fc.array(
  fc.record({
    peers: fc.array(range, { minLength: 1, maxLength: 4 }).map(united),
    ports: fc.option(fc.array(port, { minLength: 1, maxLength: 4 }), { nil: undefined }),
  }),
  { maxLength: 4 },
);
const isolation = fc.record({
  ingress: fc.option(allowances, { nil: undefined }),
  egress: fc.option(allowances, { nil: undefined }),
});
const inNetwork = (words: string[], input: string) =>
  spawnSync('unshare', ['--net', ...words], { input, encoding: 'utf8' }).stderr;

describe.skipIf(!canRunPods || !hasProgram('iptables-restore') || !hasProgram('ip6tables-restore'))('iptables', () => {
  it.each([
    [4, 'iptables-restore'],
    [6, 'ip6tables-restore'],
  ] as const)('takes rules of IPv%d, whatever they let through', (family, program) => {
    fc.assert(
      fc.property(isolation, (each) => {
        const text = iptablesRules(filterRules(each as Isolation, ['10.64.0.1', 'fe80::1']), family, false);
        expect(inNetwork([program, '--noflush'], text)).toBe('');
      }),
      { numRuns: 30 },
    );
  });
});

describe.skipIf(!canRunPods || !hasProgram('nft'))('nft', () => {
  it('takes rules, whatever they let through', () => {
    fc.assert(
      fc.property(isolation, (each) => {
        const text = nftRules(filterRules(each as Isolation, ['10.64.0.1', 'fe80::1']));
        expect(inNetwork(['nft', '-f', '-'], text)).toBe('');
      }),
      { numRuns: 30 },
    );
  });
});
