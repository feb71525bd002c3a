// A folder whose files all change at once, as kubelet's AtomicWriter makes it: `..TIME/` holds them, `..data` points to
// that, and each name points through `..data`, so that one rename changes all.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { giveAway } from '../roots/lay-root.ts';

export interface FolderFile {
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
  /** User id; root's without it. */
  readonly owner?: number;
}

/** @param group that may read it all (fsGroup) */
export function writeAtomically(place: string, files: readonly FolderFile[], group: number | undefined): void {
  const current = join(place, '..data');
  const modeOf = ({ mode }: FolderFile): number => (group === undefined ? mode : mode | 0o440);
  if (isSame(current, files, modeOf)) return;
  const stamp = `..${new Date().toISOString().replace(/[-:TZ.]/g, '_')}${process.hrtime.bigint() % 1000000n}`;
  const next = join(place, stamp);
  makeFolder(next, group);
  for (const file of files) {
    const path = join(next, file.path);
    for (const folder of foldersOf(file.path)) makeFolder(join(next, folder), group);
    writeFileSync(path, file.content);
    chmodSync(path, modeOf(file));
    if (group !== undefined || file.owner) giveAway(path, [file.owner ?? 0, group ?? 0]);
  }
  rmSync(`${current}_tmp`, { force: true });
  symlinkSync(stamp, `${current}_tmp`);
  renameSync(`${current}_tmp`, current);
  const names = new Set(files.map(({ path }) => path.split('/')[0]!));
  for (const name of names) if (!existsSync(join(place, name))) symlinkSync(`..data/${name}`, join(place, name));
  // What was there before, and what an agent that was killed at this left.
  const kept = new Set([...names, '..data', stamp]);
  for (const name of readdirSync(place)) {
    if (!kept.has(name)) rmSync(join(place, name), { recursive: true, force: true });
  }
}

/** Those above a file, outermost first. */
function foldersOf(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [...foldersOf(folder), folder];
}

function makeFolder(path: string, group: number | undefined): void {
  if (existsSync(path)) return;
  mkdirSync(path, { mode: 0o755 });
  if (group === undefined) return;
  giveAway(path, [0, group]);
  chmodSync(path, 0o2755);
}

function isSame(current: string, files: readonly FolderFile[], modeOf: (file: FolderFile) => number): boolean {
  if (!existsSync(current)) return false;
  const found = readdirSync(`${current}/`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(`${current}/`, join(entry.parentPath, entry.name)));
  const wanted = new Set(files.map(({ path }) => path));
  if (found.length !== wanted.size || !found.every((path) => wanted.has(path))) return false;
  return files.every((file) => {
    const path = join(current, file.path);
    return (statSync(path).mode & 0o777) === (modeOf(file) & 0o777) && readFileSync(path).equals(file.content);
  });
}
