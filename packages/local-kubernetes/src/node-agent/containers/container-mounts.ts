// What is mounted into a container: the pod's files of names, and its volumes where the container wants them.

import { statSync } from 'node:fs';
import type { Container, VolumeMount } from '../pod-types.ts';
import type { Mount } from '../processes/container-script.ts';
import { ContainerConfigError } from '../references/container-config-error.ts';
import { placeInVolume, subPathOf } from './sub-path.ts';

export interface PodFiles {
  readonly hosts: string;
  readonly resolver: string;
  /** Where each volume lies, by its name. */
  readonly volumes: ReadonlyMap<string, string>;
}

/** In the order in which they are made. @throws {ContainerConfigError} */
export function containerMounts(container: Container, env: Readonly<Record<string, string>>, files: PodFiles): Mount[] {
  const hosts = { source: files.hosts, target: '/etc/hosts', isReadOnly: false, isFile: true };
  const names = { source: files.resolver, target: '/etc/resolv.conf', isReadOnly: true, isFile: true };
  const volumes = (container.volumeMounts ?? []).map((mount): Mount => {
    refuseUnkept(mount);
    const volume = files.volumes.get(mount.name)!;
    const subPath = subPathOf(mount, env);
    const source = subPath ? placeInVolume(volume, subPath, mount.name, container.name) : volume;
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

/** What would be asked for in vain. */
function refuseUnkept({ name, mountPropagation = 'None', recursiveReadOnly = 'Disabled' }: VolumeMount): void {
  const lacks = (what: string) => new ContainerConfigError(`volumeMount "${name}": this node does not have ${what}`);
  if (mountPropagation !== 'None') throw lacks(`mountPropagation ${mountPropagation}: leave it out`);
  if (recursiveReadOnly === 'Enabled') throw lacks('recursiveReadOnly Enabled: ask for IfPossible');
}
