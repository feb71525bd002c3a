// How a process becomes a container's user: setpriv(1), and a user namespace of its own where there is only one user.

import type { AgentRights } from '../host/agent-rights.ts';
import { systemProgram } from '../host/system-path.ts';

export interface Becoming {
  readonly user: { readonly uid: number; readonly gid: number; readonly groups: readonly number[] };
  /** Capabilities that stay, without `CAP_`; undefined keeps all (privileged). */
  readonly capabilities?: readonly string[];
  readonly noNewPrivileges: boolean;
  /** Of the agent: `user` is root of a user namespace that has no other user. */
  readonly rights: AgentRights['kind'];
}

/** What chroot(1) and a change of user need. */
const toLeave = ['SYS_CHROOT', 'SETUID', 'SETGID'];

/**
 * The words before a program that make it the container's user's, with that environment and no other.
 * @param change to another root, of which no program is needed (but a shell, for another folder than `/`)
 */
export function becomingWords(
  plan: Becoming,
  env: Readonly<Record<string, string>>,
  change?: { readonly root: string; readonly workingDir: string },
): string[] {
  const { user, capabilities, noNewPrivileges, rights } = plan;
  const cleared = ['env', '-i', ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  const confined = noNewPrivileges ? ['--no-new-privs'] : [];
  const limits = [
    ...(capabilities ? [`--bounding-set=${capabilitySet(capabilities)}`, '--inh-caps=-all'] : []),
    ...confined,
  ];
  const setpriv = ['setpriv', '--pdeathsig', 'KILL'];
  // Who may make no namespaces may hardly change capabilities or users.
  if (rights === 'none') return [...setpriv, ...confined, '--', ...cleared];
  if (rights === 'root') {
    const groups = user.groups.length > 0 ? `--groups=${user.groups.join(',')}` : '--clear-groups';
    const group = [`--regid=${user.gid}`, groups];
    if (!change) return [...setpriv, `--reuid=${user.uid}`, ...group, ...limits, '--', ...cleared];
    // chroot(1) ends in the root, whatever it was told before; the image's own shell goes where its program is to be.
    const there =
      change.workingDir === '/' ? [] : ['/bin/sh', '-c', 'cd "$1" && shift && exec "$@"', 'sh', change.workingDir];
    // The environment may have another PATH than this machine's.
    const chroot = [...cleared, systemProgram('chroot')];
    if (user.uid === 0) {
      // What changes the root may still do so when it has become the program: the one thing that such a container keeps.
      const kept = capabilities && [...new Set([...capabilities, 'SYS_CHROOT'])];
      const bounds = kept ? [`--bounding-set=${capabilitySet(kept)}`, '--inh-caps=-all'] : [];
      return [...setpriv, ...group, ...bounds, ...confined, '--', ...chroot, change.root, ...there];
    }
    // Root inherits them past bounds that are set later; they end where it becomes the user (capabilities(7), execve).
    const bounds = capabilities
      ? [`--inh-caps=${capabilitySet(toLeave)}`, '--', 'setpriv', `--bounding-set=${capabilitySet(capabilities)}`]
      : [];
    const owner = [`--userspec=${user.uid}:${user.gid}`, `--groups=${user.groups.join(',')}`];
    return [...setpriv, ...bounds, ...confined, '--', ...chroot, ...owner, change.root, ...there];
  }
  const place = change ? [`--root=${change.root}`, `--wd=${change.workingDir}`] : [];
  const unshare = systemProgram('unshare');
  if (user.uid === 0) return [...setpriv, ...limits, '--', ...cleared, ...(change ? [unshare, ...place, '--'] : [])];
  // Seen from there the one user has this number, and none of the rights that root has.
  const mapped = ['--user', `--map-user=${user.uid}`, `--map-group=${user.gid}`, ...place, '--'];
  if (change) return [...setpriv, ...limits, '--', ...cleared, unshare, ...mapped];
  return [...setpriv, ...limits, '--', unshare, ...mapped, 'setpriv', '--pdeathsig', 'KILL', '--', ...cleared];
}

/** setpriv refuses names it does not know, so that these stay within what every kernel since 5.9 has. */
const capabilitySet = (capabilities: readonly string[]): string =>
  ['-all', ...capabilities.map((name) => `+${name.toLowerCase()}`)].join(',');
