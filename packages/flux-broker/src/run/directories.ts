// The directories of a broker: `rundir` for its socket, gone at exit, and `statedir` for what outlives it
// (flux-broker-attributes(7)).
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { AttributeStore } from '../attributes/attribute-store.ts';

export interface BrokerDirectory {
  path: string;
  /** Removes it, where it is the broker's to remove. */
  cleanUp(): void;
}

/** Room for `/local-9999` in the 108 bytes of a Unix socket's path. */
const longestRundir = 108 - '/local-9999'.length - 1;

/**
 * Makes the directory that attribute `name` says, or a temporary one below `parent`. What was there before is left at
 * the end, unless `NAME-cleanup` says otherwise.
 * @throws {Error} with the reason, for a person
 */
export function makeDirectory(
  attributes: AttributeStore,
  name: 'rundir' | 'statedir',
  parent: string,
): BrokerDirectory {
  const asked = attributes.get(name);
  let path = asked;
  let isOurs = true;
  if (path === undefined) path = makeTemporary(parent);
  else {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) mkdirSync(path, { recursive: true, mode: 0o700 });
    else if (found.mode & constants.S_IFDIR && found.mode & 0o1000) path = makeTemporary(path);
    else isOurs = false;
  }
  checkDirectory(path);
  attributes.set(name, path);
  const cleanup = attributes.get(`${name}-cleanup`);
  if (cleanup === undefined) attributes.set(`${name}-cleanup`, isOurs ? '1' : '0');
  const removes = cleanup === undefined ? isOurs : cleanup !== '0';
  if (name === 'rundir') prepareRundir(path);
  const final = path;
  return { path: final, cleanUp: () => removes && rmSync(final, { recursive: true, force: true }) };
}

/** @throws {Error} when the directory is not the owner's own. */
export function checkDirectory(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new Error(`cannot stat ${path}: No such file or directory`);
  if (!found.isDirectory()) throw new Error(`${path}: Not a directory`);
  if (found.uid !== process.getuid?.()) throw new Error(`${path} is not owned by instance owner`);
  if ((found.mode & 0o700) !== 0o700) throw new Error(`${path} does not have owner=rwx permissions`);
}

function prepareRundir(path: string): void {
  if (Buffer.byteLength(path) > longestRundir) {
    throw new Error(
      `${path}: length of ${Buffer.byteLength(path)} bytes exceeds max ${longestRundir} to allow for AF_UNIX socket creation.`,
    );
  }
  linkCommand(path);
}

/** Leaves `bin/flux` there, where `flux relay` over ssh looks for it. */
function linkCommand(rundir: string): void {
  const command = process.argv[1];
  if (command === undefined || !/\/flux(\.js)?$/.test(command)) return;
  try {
    accessSync(command, constants.X_OK);
    mkdirSync(join(rundir, 'bin'), { recursive: true });
    symlinkSync(command, join(rundir, 'bin', 'flux'));
  } catch {
    // Not executable by name, or linked by another broker of this rundir.
  }
}

function makeTemporary(parent: string): string {
  try {
    return mkdtempSync(join(parent, 'flux-'));
  } catch (error) {
    throw new Error(`cannot create directory in ${parent}: ${(error as Error).message}`, { cause: error });
  }
}
