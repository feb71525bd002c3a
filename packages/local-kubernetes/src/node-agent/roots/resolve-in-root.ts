// Where a path of a container lies: its symbolic links mean paths of the container, not of this machine.

import { lstatSync, readlinkSync } from 'node:fs';
import { posix } from 'node:path';

const mostLinks = 40;

/**
 * The path with no symbolic link in it, as the container sees it. What is not there yet is taken as it is.
 * @throws Error when links go in a circle
 */
export function resolveInRoot(root: string, path: string): string {
  let rest = path.split('/');
  let resolved = '/';
  for (let links = 0; rest.length > 0; ) {
    const [part = '', ...others] = rest;
    rest = others;
    const next = posix.join(resolved, part);
    const target = linkTarget(posix.join(root, next));
    if (target === undefined) {
      resolved = next;
      continue;
    }
    if (++links > mostLinks) throw new Error(`${path}: too many levels of symbolic links`);
    if (target.startsWith('/')) resolved = '/';
    rest = [...target.split('/'), ...rest];
  }
  return resolved === '/' ? resolved : resolved.replace(/\/+$/, '');
}

function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}
