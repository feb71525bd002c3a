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

/** @throws {ContainerConfigError} when root is forbidden and nothing else is said */
export function identityOf(pod: Pod, container: Container, imageRoot: string): Identity {
  const shared = pod.spec.securityContext ?? {};
  const own = container.securityContext ?? {};
  const uid = own.runAsUser ?? shared.runAsUser ?? 0;
  const account = accountOf(imageRoot, uid);
  const gid = own.runAsGroup ?? shared.runAsGroup ?? account?.gid ?? 0;
  if ((own.runAsNonRoot ?? shared.runAsNonRoot) && uid === 0) {
    throw new ContainerConfigError(
      `container has runAsNonRoot and image will run as root (pod: "${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})", container: ${container.name})`,
    );
  }
  const groups = [...(shared.supplementalGroups ?? []), ...(shared.fsGroup === undefined ? [] : [shared.fsGroup])];
  return { uid, gid, groups: [...new Set([gid, ...groups])], home: account?.home ?? '/' };
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

function accountOf(root: string, uid: number): { gid: number; home: string } | undefined {
  const path = join(root, 'etc/passwd');
  if (!existsSync(path)) return undefined;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [, , id, gid, , home] = line.split(':');
    if (id === String(uid)) return { gid: Number(gid), home: home || '/' };
  }
  return undefined;
}
