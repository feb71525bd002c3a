/**
 * Lays out Ebb's own Flux as the folder tree that pods get: `bin/flux`, `bin/ebb` and what they need, in the shape of
 * the public Flux view images (`/opt/views/._view/HASH/...`), so that the entrypoints are the same for both.
 */
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Absolute path of the bundled `flux` command. */
export function fluxProgram(): string {
  return createRequire(import.meta.url).resolve('@ebb/flux-cli/bin/flux.js');
}

/**
 * Writes the view into `folder`, replacing what stood there.
 * @returns the folder that holds `bin/flux`
 */
export function layFluxView(folder: string, program = fluxProgram(), node = process.execPath): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'bin'), { recursive: true });
  const script = join(folder, 'bin', 'flux');
  writeFileSync(script, `#!/bin/sh\nexec ${quote(node)} ${quote(program)} "$@"\n`);
  chmodSync(script, 0o755);
  return folder;
}

/** A word as a POSIX shell reads it back, whatever is in it. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Folders of the host that a pod needs to see, unchanged, to run Ebb's Flux: Node itself and the bundles. */
export function fluxViewNeeds(program = fluxProgram(), node = process.execPath): string[] {
  return [dirname(node), dirname(dirname(program))];
}
