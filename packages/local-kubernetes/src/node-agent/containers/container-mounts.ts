// What is mounted into a container: the pod's files of names, and its volumes where the container wants them.

import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Container } from '../pod-types.ts';
import type { Mount } from '../processes/container-script.ts';
import { expand } from '../references/environment.ts';

export interface PodFiles {
  readonly hosts: string;
  readonly resolver: string;
  /** Where each volume lies, by its name. */
  readonly volumes: ReadonlyMap<string, string>;
}

/** In the order in which they are made. */
export function containerMounts(container: Container, env: Readonly<Record<string, string>>, files: PodFiles): Mount[] {
  const hosts = { source: files.hosts, target: '/etc/hosts', isReadOnly: false, isFile: true };
  const names = { source: files.resolver, target: '/etc/resolv.conf', isReadOnly: true, isFile: true };
  const volumes = (container.volumeMounts ?? []).map((mount): Mount => {
    const subPath = mount.subPathExpr ? expand(mount.subPathExpr, env) : (mount.subPath ?? '');
    const source = join(files.volumes.get(mount.name)!, subPath);
    if (subPath && !existsSync(source)) mkdirSync(source, { recursive: true });
    return {
      source,
      target: mount.mountPath.replace(/\/+$/, '') || '/',
      isReadOnly: mount.readOnly ?? false,
      isFile: !statSync(source).isDirectory(),
    };
  });
  // What lies inside another mount comes after it.
  const isOwnHosts = !volumes.some(({ target }) => target === '/etc/hosts');
  return [...(isOwnHosts ? [hosts] : []), names, ...volumes.sort((a, b) => a.target.length - b.target.length)];
}
