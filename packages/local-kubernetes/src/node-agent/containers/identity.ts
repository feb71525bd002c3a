// Who a container's program runs as, and what it may do.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Container, Pod } from '../pod-types.ts';
import { ContainerConfigError } from '../references/container-config-error.ts';

export interface Identity {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly home: string;
}

/** What container runtimes leave a container. */
const defaultCapabilities = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FSETID',
  'FOWNER',
  'MKNOD',
  'NET_RAW',
  'SETGID',
  'SETUID',
  'SETFCAP',
  'SETPCAP',
  'NET_BIND_SERVICE',
  'SYS_CHROOT',
  'KILL',
  'AUDIT_WRITE',
];

/**
 * The pod's word, or else the image's.
 * @throws {ContainerConfigError} when root is forbidden and is who it would be, or the image's user is not known to it
 */
export function identityOf(pod: Pod, container: Container, image: { root: string; user: string }): Identity {
  const shared = pod.spec.securityContext ?? {};
  const own = container.securityContext ?? {};
  const told = own.runAsUser ?? shared.runAsUser;
  const isRootForbidden = own.runAsNonRoot ?? shared.runAsNonRoot ?? false;
  const which = `(pod: "${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})", container: ${container.name})`;
  const [userName = '0', groupName] = image.user.split(':');
  if (told === undefined && isRootForbidden && !isNumber(userName)) {
    throw new ContainerConfigError(
      `container has runAsNonRoot and image has non-numeric user (${userName}), cannot verify user is non-root ${which}`,
    );
  }
  const accounts = entries(image.root, 'etc/passwd');
  const uid = told ?? numberOf(userName, accounts, 'user');
  if (isRootForbidden && uid === 0) {
    const why =
      told === undefined
        ? 'container has runAsNonRoot and image will run as root'
        : "container's runAsUser breaks non-root policy";
    throw new ContainerConfigError(`${why} ${which}`);
  }
  const account = accounts.find(([, , id]) => id === String(uid));
  const imageGroup =
    told === undefined && groupName ? numberOf(groupName, entries(image.root, 'etc/group'), 'group') : undefined;
  const gid = own.runAsGroup ?? shared.runAsGroup ?? imageGroup ?? Number(account?.[3] ?? 0);
  const ofImage = shared.supplementalGroupsPolicy === 'Strict' ? [] : groupsOf(account?.[0], image.root);
  const asked = [...(shared.supplementalGroups ?? []), ...(shared.fsGroup === undefined ? [] : [shared.fsGroup])];
  return { uid, gid, groups: [...new Set([gid, ...ofImage, ...asked])], home: account?.[5] || '/' };
}

const isNumber = (text: string): boolean => /^\d+$/.test(text);

function numberOf(name: string, lines: readonly (readonly string[])[], kind: 'user' | 'group'): number {
  if (isNumber(name)) return Number(name);
  const found = lines.find(([own]) => own === name)?.[2];
  if (found === undefined)
    throw new ContainerConfigError(
      `unable to find ${kind} ${name}: no matching entries in ${kind === 'user' ? 'passwd' : 'group'} file`,
    );
  return Number(found);
}

/** Groups in which the image has the user as a member; one of the user's own name is the user's first group. */
function groupsOf(user: string | undefined, root: string): number[] {
  if (!user) return [];
  return entries(root, 'etc/group').flatMap(([name, , id, members = '']) =>
    name !== user && members.split(',').includes(user) ? [Number(id)] : [],
  );
}

/** The capabilities that stay; undefined: all of them. */
export function capabilitiesOf(container: Container): string[] | undefined {
  const { privileged = false, capabilities = {} } = container.securityContext ?? {};
  const plain = (names: readonly string[] = []) => names.map((name) => name.toUpperCase().replace(/^CAP_/, ''));
  const added = plain(capabilities.add);
  if (privileged || added.includes('ALL')) return undefined;
  const dropped = plain(capabilities.drop);
  const kept = dropped.includes('ALL') ? [] : defaultCapabilities.filter((name) => !dropped.includes(name));
  return [...new Set([...kept, ...added])];
}

/** The fields of each line of a file of accounts: name, password, number and so on. */
function entries(root: string, file: string): string[][] {
  const path = join(root, file);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
}
