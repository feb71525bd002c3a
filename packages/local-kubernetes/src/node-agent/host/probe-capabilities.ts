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
  const isOutside = rights.kind === 'root' && ['nft', 'iptables'].some((program) => !failureOf([program, '--version']));
  if (isOutside) findings.push({ subject: 'Beyond it', state: 'good', found: 'pods reach what this machine reaches' });
  else findings.push(isLost('Beyond it', lost(noEgress)));
  const filters = failure ? [failure] : filterFailures(rights);
  if (filters.includes(undefined))
    findings.push({ subject: 'Policies', state: 'good', found: 'pods are held to NetworkPolicies' });
  else findings.push(isLost('Policies', lost(noPolicies, filters.join('; '))));
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

/** What hinders each of the programs that hold back connections of pods. */
function filterFailures(rights: AgentRights): (string | undefined)[] {
  const looks = [
    ['nft', 'list', 'tables'],
    ['iptables', '-t', 'mangle', '-S'],
  ];
  return looks.map((words) => failureOf(withRights(rights, ['unshare', '--net', ...words])));
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
