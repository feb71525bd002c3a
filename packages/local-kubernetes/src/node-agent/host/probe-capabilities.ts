// What this machine lets the node agent do, and what to do about what it does not.

import { spawnSync } from 'node:child_process';
import {
  type AgentRights,
  findRights,
  type Loss,
  lossesOf,
  noEgress,
  noLimits,
  noNetwork,
  noPolicies,
  withRights,
} from './agent-rights.ts';
import { ControlGroups } from './cgroup.ts';
import { byNftOrIptables } from './filter-program.ts';
import { withSystemFolders } from './system-path.ts';

export interface Finding {
  readonly subject: string;
  readonly state: 'good' | 'limited' | 'missing';
  readonly found: string;
  readonly remedy?: string;
}

/**
 * Tries each thing a pod needs, once, and leaves nothing behind.
 * @param folder where a node agent would keep its pods
 */
export async function probeCapabilities(folder: string): Promise<Finding[]> {
  const rights = await findRights(folder);
  const [first, ...more] = lossesOf(rights);
  const isLost = (subject: string, { what, remedy }: Loss, state: 'limited' | 'missing' = 'limited'): Finding => ({
    subject,
    state,
    found: what,
    remedy,
  });
  if (rights.kind === 'none') return [isLost('Pods', first!, 'missing')];
  const findings: Finding[] = first
    ? [first, ...more].map((loss) => isLost('Pods', loss))
    : [{ subject: 'Pods', state: 'good', found: 'each has its own files, name, network, users and processes' }];
  const failure = networkFailure(rights);
  if (failure) findings.push(isLost('Pod network', lost(noNetwork, failure), 'missing'));
  else findings.push({ subject: 'Pod network', state: 'good', found: 'every pod gets an address and an eth0' });
  const inside = rights.kind === 'root' ? await egressFailure() : 'only root can let them out';
  if (inside) findings.push(isLost('Beyond it', lost(noEgress, inside)));
  else findings.push({ subject: 'Beyond it', state: 'good', found: 'pods reach what this machine reaches' });
  const unfiltered = failure ?? (await filterFailure(rights));
  if (unfiltered) findings.push(isLost('Policies', lost(noPolicies, unfiltered)));
  else findings.push({ subject: 'Policies', state: 'good', found: 'pods are held to NetworkPolicies' });
  const limits = await limitsFailure();
  if (limits === undefined)
    findings.push({ subject: 'Pod limits', state: 'good', found: 'memory and cpu limits are kept' });
  else findings.push(isLost('Pod limits', lost(noLimits, limits)));
  return findings;
}

const lost = ([what, remedy]: readonly [string, string], why?: string): Loss => ({
  what: why ? `${what} (${why})` : what,
  remedy,
});

/** What hinders the making of a bridge; undefined when nothing does. */
function networkFailure(rights: AgentRights): string | undefined {
  return failureOf(withRights(rights, ['unshare', '--net', 'ip', 'link', 'add', 'br0', 'type', 'bridge']));
}

/** What hinders the programs that let pods out of this machine. */
function egressFailure(): Promise<string | undefined> {
  return eitherFailure(['nft', '--version'], ['iptables', '--version']);
}

/** What hinders the programs that hold back connections of pods. */
function filterFailure(rights: AgentRights): Promise<string | undefined> {
  const inNetwork = (...words: string[]) => withRights(rights, ['unshare', '--net', ...words]);
  return eitherFailure(inNetwork('nft', 'list', 'tables'), inNetwork('iptables', '-t', 'mangle', '-S'));
}

/** @param nft words that run nft; those of `iptables` are run where it fails */
async function eitherFailure(nft: string[], iptables: string[]): Promise<string | undefined> {
  const running = (words: string[]) => async () => {
    const failure = failureOf(words);
    if (failure) throw new Error(failure);
  };
  try {
    await byNftOrIptables({ nft: running(nft), iptables: running(iptables) });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function failureOf([program, ...args]: string[]): string | undefined {
  const env = { ...process.env, PATH: withSystemFolders(process.env['PATH']) };
  const { status, stderr, error } = spawnSync(program!, args, { encoding: 'utf8', timeout: 5000, env });
  return status === 0 ? undefined : (error?.message ?? (stderr.trim() || `ended with ${status}`));
}

async function limitsFailure(): Promise<string | undefined> {
  try {
    await (await ControlGroups.open(`doctor-${process.pid}`)).close();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
