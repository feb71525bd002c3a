// What this machine lets the node agent do, and what to do about what it does not.

import { spawnSync } from 'node:child_process';
import { ControlGroups } from './cgroup.ts';

export interface Finding {
  readonly subject: string;
  readonly state: 'good' | 'limited' | 'missing';
  readonly found: string;
  readonly remedy?: string;
}

/** Tries each thing a pod needs, once, and leaves nothing behind. */
export async function probeCapabilities(): Promise<Finding[]> {
  const tried = (words: string[]): string | undefined => {
    const { status, stderr, error } = spawnSync(words[0]!, words.slice(1), { encoding: 'utf8', timeout: 5000 });
    return status === 0 ? undefined : (error?.message ?? (stderr.trim() || `ended with ${status}`));
  };
  const findings: Finding[] = [];
  const note = (subject: string, failure: string | undefined, good: string, remedy: string): void => {
    findings.push(
      failure ? { subject, state: 'missing', found: failure, remedy } : { subject, state: 'good', found: good },
    );
  };
  note(
    'pod namespaces',
    tried(['unshare', '--mount', '--uts', '--ipc', '--net', '--pid', '--fork', '--kill-child', 'true']),
    'every pod can have its own file system, name, network and processes',
    'run as root on Linux, with util-linux installed',
  );
  note(
    'pod network',
    tried(['unshare', '--net', 'ip', 'link', 'add', 'br0', 'type', 'bridge']),
    'every pod gets an address and an eth0',
    'install iproute2; without it pods share this network and two cannot listen on one port',
  );
  const [nft, iptables] = [tried(['nft', '--version']), tried(['iptables', '--version'])];
  if (nft && iptables)
    findings.push({
      subject: 'pods to the outside',
      state: 'limited',
      found: 'neither nft nor iptables is here: pods reach each other, the API and this machine, but nothing beyond',
      remedy: 'install nftables or iptables',
    });
  else findings.push({ subject: 'pods to the outside', state: 'good', found: 'pods reach what this machine reaches' });
  note(
    'process guards',
    tried(['setpriv', '--pdeathsig', 'KILL', 'true']),
    'pods end with their agent',
    'install util-linux',
  );
  const key = `doctor-${process.pid}`;
  const limits = await ControlGroups.open(key).then(
    (groups) => groups.close(),
    (error: unknown) => (error as Error).message,
  );
  if (limits === undefined)
    findings.push({ subject: 'pod limits', state: 'good', found: 'memory and cpu limits are kept' });
  else {
    const remedy = 'run where control groups can be written; without them limits are not kept and nothing is OOMKilled';
    findings.push({ subject: 'pod limits', state: 'limited', found: limits, remedy });
  }
  return findings;
}
