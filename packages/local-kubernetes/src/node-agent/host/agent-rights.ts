// What this machine lets a node agent do for its pods: all of it as root, most of it in a user namespace
// (user_namespaces(7)), or nothing but start processes.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export type AgentRights =
  | {
      /** `user`: root of a user namespace in which this user is the only one. */
      readonly kind: 'root' | 'user';
      /** Where what containers write to their roots can lie: under the agent's folder, or only in memory. */
      readonly layers: 'disk' | 'memory';
    }
  | {
      readonly kind: 'none';
      /** Why no namespaces can be had. */
      readonly why: string;
    };

/**
 * Makes, in namespaces that end with it, what a pod needs. Writes `disk` or `memory`. Only file systems that can be the
 * upper part of an overlay will do; the lower part of a container is this machine's.
 */
const trial = `set -e
hostname trial
mount -t proc proc /proc
cd "$1"
mkdir -p root upper work memory
overlay() {
  mkdir -p "$1/upper" "$1/work"
  mount -t overlay overlay -o "$2lowerdir=/etc,upperdir=$1/upper,workdir=$1/work" root && : > root/written && umount root
}
if overlay . "$2" 2>/dev/null; then layers=disk
else
  mount -t tmpfs memory memory
  overlay memory "$2"
  umount memory
  layers=memory
fi
rm -rf root upper work memory
echo "$layers"`;

const isolated = ['--mount', '--uts', '--ipc', '--net', '--pid', '--fork', '--kill-child'];

/** Makes this user root of a user namespace. */
const asRootOfOwn = ['--user', '--map-root-user'];

/** @param folder under which the agent will keep its pods */
export async function findRights(folder: string): Promise<AgentRights> {
  if (process.platform !== 'linux') return { kind: 'none', why: `${process.platform} has no Linux namespaces` };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const place = mkdtempSync(join(folder, 'trial-'));
  try {
    const kind = process.geteuid?.() === 0 ? 'root' : 'user';
    const words = [...(kind === 'user' ? asRootOfOwn : []), ...isolated, 'sh', '-c', trial, 'trial', place];
    const layers = await attempt([...words, kind === 'user' ? 'userxattr,' : '']);
    return { kind, layers: layers === 'disk' ? 'disk' : 'memory' };
  } catch (error) {
    return { kind: 'none', why: (error as Error).message };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** The words that run `words` with these rights: its mounts are its own, and end with it. */
export function withRights({ kind }: AgentRights, words: readonly string[]): string[] {
  if (kind === 'none') return [...words];
  // What this machine mounts later is seen, what the agent mounts is not seen here.
  const unshare = ['unshare', '--mount', '--propagation', 'slave'];
  return [...unshare, ...(kind === 'user' ? asRootOfOwn : []), ...words];
}

/** Something that pods have to do without on this machine. */
export interface Loss {
  readonly what: string;
  readonly remedy: string;
}

type LossWords = readonly [what: string, remedy: string];

export const noNetwork: LossWords = [
  'pods share the network of this machine, and no two can listen on one port',
  'install iproute2',
];
export const noEgress: LossWords = [
  'pods reach each other and the API, but nothing beyond this machine',
  'run as root, with nftables or iptables installed',
];
export const noPolicies: LossWords = [
  'NetworkPolicies hold no connection back',
  'run where pods have a network of their own, with nftables or iptables installed',
];
export const noLimits: LossWords = [
  'limits of memory and cpu are not kept, and nothing is OOMKilled',
  'run where control groups can be written, as root or with a cgroup that is delegated to you',
];

export function lossesOf(rights: AgentRights): Loss[] {
  if (rights.kind === 'none')
    return [
      {
        what:
          `no namespaces are to be had (${rights.why}): pods are plain processes that share the network, the name and ` +
          'the files of this machine, no two can listen on one port, and no volume is in its place: MiniClusters cannot run',
        remedy:
          'run as root, or let users have namespaces: sysctl user.max_user_namespaces above 0, and where this kernel has ' +
          'them kernel.unprivileged_userns_clone=1 and kernel.apparmor_restrict_unprivileged_userns=0; in a container ' +
          'let its runtime allow them (--privileged)',
      },
    ];
  const losses: Loss[] = [];
  if (rights.kind === 'user')
    losses.push({
      what:
        'not as root: all users of pods are you, so that they cannot give files away nor change those of the system, and ' +
        'fsGroup and supplementalGroups do nothing',
      remedy: 'run as root to have them',
    });
  if (rights.layers === 'memory')
    losses.push({
      what: 'what containers write outside their volumes lies in memory',
      remedy: 'put the state on a file system that takes overlay mounts, such as ext4, xfs or btrfs',
    });
  return losses;
}

/** Resolves with what it wrote. @throws Error with the last words of its complaint */
function attempt(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('unshare', args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/', timeout: 10_000 });
    let [out, complaint] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk));
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk));
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new Error('unshare is not installed: install util-linux') : error),
    );
    child.once('close', (code) => {
      if (code === 0) resolve(out.trim());
      else reject(new Error(complaint.trim().split('\n')[0] || `unshare ended with ${code}`));
    });
  });
}
