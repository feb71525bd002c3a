// How a process becomes a container's user: setpriv(1), and a user namespace of its own where there is only one user.

import type { AgentRights } from './agent-rights.ts';

export interface Becoming {
  readonly user: { readonly uid: number; readonly gid: number; readonly groups: readonly number[] };
  /** Capabilities that stay, without `CAP_`; undefined keeps all (privileged). */
  readonly capabilities?: readonly string[];
  readonly noNewPrivileges: boolean;
  /** Of the agent: `user` is root of a user namespace that has no other user. */
  readonly rights: AgentRights['kind'];
}

/**
 * The words before a program that make it the container's user's.
 * @param change to another root and to a folder there
 */
export function becomingWords(
  plan: Becoming,
  change?: { readonly root: string; readonly workingDir: string },
): string[] {
  const { user, capabilities, noNewPrivileges, rights } = plan;
  const limits = [
    ...(capabilities ? [`--bounding-set=${boundingSet(capabilities)}`, '--inh-caps=-all'] : []),
    ...(noNewPrivileges ? ['--no-new-privs'] : []),
  ];
  const setpriv = ['setpriv', '--pdeathsig', 'KILL'];
  // Who may make no namespaces may hardly change capabilities or users.
  if (rights === 'none') return [...setpriv, ...(noNewPrivileges ? ['--no-new-privs'] : []), '--'];
  if (rights === 'root') {
    const groups = user.groups.length > 0 ? `--groups=${user.groups.join(',')}` : '--clear-groups';
    if (!change) return [...setpriv, `--reuid=${user.uid}`, `--regid=${user.gid}`, groups, ...limits, '--'];
    const owner = [`--userspec=${user.uid}:${user.gid}`, `--groups=${user.groups.join(',')}`];
    // chroot(1) ends in the root, whatever it was told before; the image's own shell goes where its program is to be.
    const there =
      change.workingDir === '/' ? [] : ['/bin/sh', '-c', 'cd "$1" && shift && exec "$@"', 'sh', change.workingDir];
    return [...setpriv, ...limits, '--', 'chroot', ...owner, change.root, ...there];
  }
  const place = change ? [`--root=${change.root}`, `--wd=${change.workingDir}`] : [];
  if (user.uid === 0) return [...setpriv, ...limits, '--', ...(change ? ['unshare', ...place, '--'] : [])];
  // Seen from there the one user has this number, and none of the rights that root has.
  const mapped = ['unshare', '--user', `--map-user=${user.uid}`, `--map-group=${user.gid}`, ...place, '--'];
  return [...setpriv, ...limits, '--', ...mapped, ...(change ? [] : ['setpriv', '--pdeathsig', 'KILL', '--'])];
}

/** setpriv refuses names it does not know, so that these stay within what every kernel since 5.9 has. */
const boundingSet = (capabilities: readonly string[]): string =>
  ['-all', ...capabilities.map((name) => `+${name.toLowerCase()}`)].join(',');
