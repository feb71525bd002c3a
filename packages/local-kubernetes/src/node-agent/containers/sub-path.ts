// Where a subPath of a volume lies: never outside of it, whatever links a container made there.

import { existsSync, lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isBelow } from '../host/mount-table.ts';
import type { VolumeMount } from '../pod-types.ts';
import { ContainerConfigError } from '../references/container-config-error.ts';
import { expand } from '../references/environment.ts';

/** The path in the volume that a mount asks for; empty for all of it. @throws {ContainerConfigError} */
export function subPathOf(mount: VolumeMount, env: Readonly<Record<string, string>>): string {
  const { subPath = '', subPathExpr } = mount;
  const missing = [...(subPathExpr ?? '').matchAll(/\$\$|\$\(([^()]*)\)/g)].find(
    ([, name]) => name !== undefined && env[name] === undefined,
  );
  if (missing) throw new ContainerConfigError(`missing value for "${missing[1]}"`);
  const path = subPathExpr ? expand(subPathExpr, env) : subPath;
  if (path.startsWith('/')) throw new ContainerConfigError(`error SubPath \`${path}\` must not be an absolute path`);
  if (path.split('/').includes('..'))
    throw new ContainerConfigError(`unable to provision SubPath \`${path}\`: must not contain '..'`);
  return path;
}

/** The folder or file, made as a folder where there is none. @throws {ContainerConfigError} for one outside the volume */
export function placeInVolume(volume: string, path: string, mount: string, container: string): string {
  const root = realpathSync(volume);
  const place = join(root, path);
  const isInside = (real: string): boolean => real === root || isBelow(real, root);
  if (!isThere(place)) {
    try {
      if (!isInside(realpathSync(nearest(place)))) throw new Error('it leads out of the volume');
      mkdirSync(place, { recursive: true, mode: statSync(root).mode & 0o7777 });
    } catch {
      // What hinders would tell of the machine's files.
      throw new ContainerConfigError(
        `failed to create subPath directory for volumeMount "${mount}" of container "${container}"`,
      );
    }
  }
  const real = existsSync(place) ? realpathSync(place) : undefined;
  if (real !== undefined && isInside(real)) return real;
  throw new ContainerConfigError(`failed to prepare subPath for volumeMount "${mount}" of container "${container}"`);
}

/** The path itself or the first above it that is there. */
const nearest = (path: string): string => (isThere(path) ? path : nearest(dirname(path)));

/** A link that leads nowhere is there as well. */
const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;
