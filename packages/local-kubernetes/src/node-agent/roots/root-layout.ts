// What a container's root is made of. An overlay shows one file system: what is mounted below its lower part it hides,
// and who is not root of the machine may not even look behind such mounts. So a folder with mounts below it is made
// of its parts, each an overlay of its own. Pure.

import { posix } from 'node:path';
import { isBelow } from '../host/mount-table.ts';

export type Piece =
  /** A folder shown through an overlay of its own. */
  | {
      readonly kind: 'overlay';
      readonly path: string;
      readonly mode: number;
      readonly owner: readonly [number, number];
    }
  /** A folder of the container's own, with nothing of the machine's in it. */
  | { readonly kind: 'folder'; readonly path: string; readonly mode: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | { readonly kind: 'file'; readonly path: string }
  /** As it is on the machine, only to be read: where parts would be too many. */
  | { readonly kind: 'tree'; readonly path: string; readonly mode: number };

export interface Entry {
  readonly name: string;
  readonly kind: 'folder' | 'link' | 'file' | 'other';
  readonly mode: number;
  readonly owner: readonly [number, number];
  /** Of a link. */
  readonly target?: string;
  /** Whether what is in it may be read. */
  readonly isReadable: boolean;
}

/** Made anew in every container, or of no use there. */
const own = ['/proc', '/sys', '/dev', '/run', '/boot', '/lost+found'];
const mostParts = 100;
/** Where nothing hinders the overlay, what is mounted deeper is left out rather than made of many parts. */
const deepestShown = 2;

/**
 * @param mounts places of all mounts that the container cannot have the overlay look behind or would miss
 * @param opened folders in which something is to be made
 * @param list what is in a folder
 * @returns nothing when one overlay of all of it will do; else the pieces, parents before what is in them
 */
export function rootLayout(
  mounts: readonly string[],
  isConfined: boolean,
  opened: readonly string[],
  list: (folder: string) => readonly Entry[],
): Piece[] {
  const isOwn = (place: string): boolean => own.some((each) => place === each || isBelow(place, each));
  const counted = isConfined ? mounts : mounts.filter((place) => depthOf(place) <= deepestShown && !isOwn(place));
  const hasMounts = (folder: string): boolean => counted.some((place) => isBelow(place, folder));
  if (!hasMounts('/')) return [];
  // Of a folder that is everybody's, only what belongs to the container's root.
  const entriesOf = (path: string): readonly Entry[] =>
    path === '/tmp' ? list(path).filter(({ owner: [user] }) => user === 0) : list(path);
  const isPassedOver = (path: string): boolean =>
    entriesOf(path).length > mostParts ||
    (depthOf(path) > 1 && !opened.some((each) => each === path || isBelow(each, path)));
  const pieces: Piece[] = [];
  const add = (folder: string): void => {
    for (const { name, kind, mode, owner, target, isReadable } of entriesOf(folder)) {
      const path = posix.join(folder, name);
      if (own.includes(path)) continue;
      if (kind === 'link') pieces.push({ kind, path, target: target! });
      else if (kind === 'file' && isReadable) pieces.push({ kind, path });
      else if (kind === 'folder') {
        if (!isReadable) pieces.push({ kind, path, mode });
        else if (!hasMounts(path)) pieces.push({ kind: 'overlay', path, mode, owner });
        else if (isPassedOver(path)) pieces.push({ kind: 'tree', path, mode });
        else {
          pieces.push({ kind, path, mode });
          add(path);
        }
      }
    }
  };
  add('/');
  return pieces;
}

const depthOf = (place: string): number => place.split('/').filter(Boolean).length;
