// Puts rules into the network of a pod, from outside: by nft(8) or iptables(8), whichever this machine has.

import { existsSync } from 'node:fs';
import { byNftOrIptables } from '../host/filter-program.ts';
import { runCommand } from '../host/run-command.ts';
import { type DirectionRules, filterRules } from './filter-rules.ts';
import { iptablesRules } from './iptables-rules.ts';
import type { Isolation } from './isolation.ts';
import { nftRules } from './nft-rules.ts';

export interface PacketFilter {
  /**
   * Puts rules in the place of those before, at once.
   * @param processId any process in the network
   * @param isJoined whether it had rules before
   * @throws Error with what hinders
   */
  put(processId: number, rules: readonly DirectionRules[], isJoined: boolean): Promise<void>;
}

/** Runs a program in a network, with `input`. */
type Inside = (words: readonly string[], input: string) => Promise<unknown>;
type Put = (inside: Inside, rules: readonly DirectionRules[], isJoined: boolean) => Promise<unknown>;

const byNft: Put = (inside, rules) => inside(['nft', '-f', '-'], nftRules(rules));

const byIptables: Put = (inside, rules, isJoined) =>
  Promise.all(
    families().map((family) =>
      inside(
        [family === 4 ? 'iptables-restore' : 'ip6tables-restore', '-w', '--noflush'],
        iptablesRules(rules, family, isJoined),
      ),
    ),
  );

/** A kernel without IPv6 has no rules for it either. */
const families = (): (4 | 6)[] => (existsSync('/proc/net/if_inet6') ? [4, 6] : [4]);

/**
 * Tries, in a network that ends with the trial, all that a policy may ask for.
 * @throws Error with what hinders each of the two programs, or that neither is installed
 */
export async function findPacketFilter(): Promise<PacketFilter> {
  const put = await byNftOrIptables({ nft: () => tried(byNft), iptables: () => tried(byIptables) });
  return {
    put: async (processId, rules, isJoined) => {
      const enter = ['-t', String(processId), '-n'];
      await put((words, input) => runCommand('nsenter', [...enter, ...words], input), rules, isJoined);
    },
  };
}

async function tried(put: Put): Promise<Put> {
  await put((words, input) => runCommand('unshare', ['--net', ...words], input), trial, false);
  return put;
}

const addresses = [{ family: 4, first: 1n, last: 2n } as const, { family: 6, first: 1n, last: 2n } as const];
const everyPort = (['TCP', 'UDP', 'SCTP'] as const).map((protocol) => ({ protocol, first: 1, last: 2 }));
const every: Isolation = {
  ingress: [{ peers: addresses, ports: everyPort }],
  egress: [{ peers: addresses, ports: everyPort }],
};
const trial = filterRules(every, ['127.0.0.1', '::1']);
