// The entries of a folder, as `rootLayout` asks for them.

import { accessSync, constants, lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from './root-layout.ts';

/** Empty when it cannot be read. */
export function listFolder(folder: string): Entry[] {
  return namesIn(folder).flatMap((name) => {
    const path = join(folder, name);
    try {
      const stats = lstatSync(path);
      const kind = kindOf(stats);
      return [
        {
          name,
          kind,
          mode: stats.mode & 0o7777,
          owner: [stats.uid, stats.gid] as const,
          ...(kind === 'link' ? { target: readlinkSync(path) } : {}),
          isReadable: kind === 'link' || mayRead(path, kind),
        },
      ];
    } catch {
      return [];
    }
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function kindOf(stats: Stats): Entry['kind'] {
  if (stats.isSymbolicLink()) return 'link';
  if (stats.isDirectory()) return 'folder';
  return stats.isFile() ? 'file' : 'other';
}

function mayRead(path: string, kind: Entry['kind']): boolean {
  try {
    accessSync(path, kind === 'folder' ? constants.R_OK | constants.X_OK : constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
