// Lays out a container's root in its folder: the skeleton, and the layers of its overlays. What is left to do in the
// container's own mount namespace are the mounts themselves.

import { chmodSync, chownSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { isBelow, lockedOptions, type MountEntry } from '../host/mount-table.ts';
import type { Piece } from './root-layout.ts';

export type RootMount = {
  /** A path of the container. */
  readonly target: string;
  /** What is shown there. */
  readonly source: string;
  /** Of the mount that the source lies in. */
  readonly options: readonly string[];
  /** Absent: only to be read. */
  readonly layers?: { readonly upper: string; readonly work: string };
};

export interface RootPlan {
  readonly imageRoot: string;
  /** Of this container's run, empty: gets `root`, and the layers beside it. */
  readonly folder: string;
  /** Empty: the whole image in one overlay. */
  readonly pieces: readonly Piece[];
  readonly mounts: readonly MountEntry[];
  /** Folders of the container in which something will be made by who may not write to the image's own. */
  readonly opened: readonly string[];
}

/** Targets of the mounts are paths of the container. */
export function layRoot({ imageRoot, folder, pieces, mounts, opened }: RootPlan): RootMount[] {
  const root = join(folder, 'root');
  mkdirSync(root, { recursive: true });
  const made: RootMount[] = [];
  const show = (path: string, layers?: { upper: string; work: string }): void => {
    const source = join(imageRoot, path);
    made.push({ target: path, source, options: lockedOptions(mounts, source), ...(layers ? { layers } : {}) });
  };
  const overlay = (path: string, mode: number, owner: readonly [number, number]): void => {
    const [upper, work] = [join(folder, 'upper', String(made.length)), join(folder, 'work', String(made.length))];
    for (const each of [upper, work]) mkdirSync(each, { recursive: true });
    chmodSync(upper, mode);
    giveAway(upper, owner);
    show(path, { upper, work });
  };
  if (pieces.length === 0) overlay('/', 0o755, [0, 0]);
  for (const piece of pieces) {
    const place = join(root, piece.path);
    if (piece.kind === 'link') symlinkSync(piece.target, place);
    else if (piece.kind === 'file') writeFileSync(place, '');
    else mkdirSync(place, { recursive: true });
    if (piece.kind === 'overlay') overlay(piece.path, piece.mode, piece.owner);
    if (piece.kind === 'folder') chmodSync(place, piece.mode);
    if (piece.kind === 'file' || piece.kind === 'tree') show(piece.path);
  }
  for (const path of opened) open(path, root, made);
  return made;
}

/** Makes a folder of the upper part, or of the skeleton, so that it belongs to the container; what is in it stays in view. */
function open(path: string, root: string, made: readonly RootMount[]): void {
  const holder = made.find(({ target }) => target === path || isBelow(path, target));
  if (holder && !holder.layers) return;
  const start = holder ? holder.target : '/';
  let place = holder?.layers ? holder.layers.upper : root;
  let below = holder ? holder.source : '';
  for (const name of posix.relative(start, path).split('/').filter(Boolean)) {
    place = join(place, name);
    below = join(below, name);
    try {
      mkdirSync(place);
      if (holder) chmodSync(place, lstatSync(below).mode & 0o7777);
    } catch {
      // It is there already, or only here.
    }
  }
}

/** Ids that are not of this user namespace stay what they are. */
export function giveAway(path: string, [user, group]: readonly [number, number]): void {
  try {
    chownSync(path, user, group);
  } catch (error) {
    if (!['EINVAL', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
