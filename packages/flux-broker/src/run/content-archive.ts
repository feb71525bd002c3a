// What the attributes content.restore and content.dump ask for (flux-broker-attributes(7)): the KVS comes from an
// archive before it starts, and goes into one when the instance ends in order. `auto` is a folder beside the state.
import { existsSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { AttributeStore } from '../attributes/attribute-store.ts';

/** Runs a flux command at this broker. @throws {Error} with what it wrote when it fails */
export type RunFlux = (words: readonly string[]) => Promise<void>;

/** Names the archive that the next start restores. */
const nextRestore = 'RESTORE';

/** Before the KVS starts. Resolves with what is to be logged, undefined when there is nothing to restore. */
export async function restoreContent(attributes: AttributeStore, runFlux: RunFlux): Promise<string | undefined> {
  const wanted = attributes.get('content.restore');
  if (wanted === undefined) return undefined;
  if (wanted !== 'auto') {
    await runFlux(restoreWords(wanted));
    return `restoring content from ${wanted}`;
  }
  const folder = dumpFolder(attributes);
  const link = join(folder, nextRestore);
  const name = linkTarget(link);
  if (name === undefined) return undefined;
  const path = resolve(folder, name);
  if (existsSync(path)) await runFlux(restoreWords(path));
  rmSync(link);
  return `restoring content from ${path}`;
}

/** While the KVS still runs. Resolves with what is to be logged, undefined when nothing is to be dumped. */
export async function dumpContent(
  attributes: AttributeStore,
  runFlux: RunFlux,
  now: Date,
): Promise<string | undefined> {
  const wanted = attributes.get('content.dump');
  if (wanted === undefined) return undefined;
  if (wanted !== 'auto') {
    await runFlux(['dump', '--quiet', wanted]);
    return `dumping content to ${wanted}`;
  }
  const folder = dumpFolder(attributes);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${timestamp(now)}.tgz`);
  await runFlux(['dump', '--quiet', path]);
  const link = join(folder, nextRestore);
  rmSync(link, { force: true });
  symlinkSync(basename(path), link);
  return `dumping content to ${path}`;
}

function restoreWords(path: string): string[] {
  return ['restore', '--quiet', '--checkpoint', '--size-limit=100M', path];
}

function dumpFolder(attributes: AttributeStore): string {
  const isKept = attributes.get('statedir-cleanup') === '0';
  return join((isKept ? attributes.get('statedir') : undefined) ?? '.', 'dump');
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** As 20240131_235959. */
function timestamp(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  return `${day}_${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
}
