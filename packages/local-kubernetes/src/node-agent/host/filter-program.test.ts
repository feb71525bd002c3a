import { expect, it } from 'vitest';
import { byNftOrIptables } from './filter-program.ts';

const does = async () => 'done';
const fails = (why: string) => async (): Promise<string> => {
  throw new Error(why);
};
const asked = (ways: Parameters<typeof byNftOrIptables<string>>[0], ...installed: string[]) =>
  byNftOrIptables(ways, (program) => installed.includes(program)).catch((error: Error) => `! ${error.message}`);

it.each([
  ['nft first', asked({ nft: does, iptables: fails('asked') }, 'nft', 'iptables'), 'done'],
  ['iptables where nft fails', asked({ nft: fails('no'), iptables: does }, 'nft', 'iptables'), 'done'],
  ['iptables where there is no nft', asked({ nft: fails('asked'), iptables: does }, 'iptables'), 'done'],
  ['what hinders both', asked({ nft: fails('a'), iptables: fails('b') }, 'nft', 'iptables'), '! a; b'],
  ['what hinders the one that is there', asked({ nft: fails('a'), iptables: fails('asked') }, 'nft'), '! a'],
  ['that neither is there', asked({ nft: does, iptables: does }), '! neither nft nor iptables is installed'],
])('%s', async (_name, outcome, expected) => expect(await outcome).toBe(expected));
