/**
 * Lays out Ebb's own Flux as the folder tree that pods get: `bin/flux`, `bin/ebb` and what they need, in the shape of
 * the public Flux view images (`/opt/views/._view/HASH/...`), so that the entrypoints are the same for both.
 */
import { chmodSync, copyFileSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, sep } from 'node:path';
import type { ImageMapping } from '@ebb/local-kubernetes';

/** The public Flux view images, whose place Ebb's own Flux takes on this machine. */
const publicFluxViews = 'ghcr.io/converged-computing/flux-view-*';
/** Where pods find the modules with native parts; they find one another by the last part of the name. */
const modulesInPods = '/opt/ebb-modules/node_modules';
const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Absolute path of the bundled `flux` command. */
export function fluxProgram(): string {
  return createRequire(import.meta.url).resolve('@ebb/flux-cli/bin/flux.js');
}

/**
 * Writes the view into `folder`, replacing what stood there. The command is copied: pods that run keep theirs when a
 * new one is built.
 * @returns the folder that holds `bin/flux`
 */
export function layFluxView(folder: string, program = fluxProgram(), node = process.execPath): string {
  rmSync(folder, { recursive: true, force: true });
  copyProgram(program, join(folder, 'flux-cli'));
  // From where it stands in the pod: the folder on this machine may be closed to the pod's user.
  const own = `"\${0%/bin/flux}"/flux-cli/bin/${quote(basename(program))}`;
  layCommand(folder, `${quote(node)} ${own}`);
  return folder;
}

/** Writes `bin/flux` of a view. @param words of the shell, by which it is run */
export function layCommand(view: string, words: string): void {
  mkdirSync(join(view, 'bin'), { recursive: true });
  const script = join(view, 'bin', 'flux');
  writeFileSync(script, `#!/bin/sh\nexec ${words} "$@"\n`);
  chmodSync(script, 0o755);
}

/** Copies the package of a `bin/NAME.js` and its bundle. */
function copyProgram(program: string, folder: string): void {
  const source = dirname(dirname(program));
  cpSync(join(source, 'bin'), join(folder, 'bin'), { recursive: true });
  cpSync(join(source, 'dist'), join(folder, 'dist'), { recursive: true, filter: (path) => !path.endsWith('.map') });
  copyFileSync(join(source, 'package.json'), join(folder, 'package.json'));
  symlinkSync(modulesInPods, join(folder, 'node_modules'));
}

/** The folder of the modules with native parts, which the bundle leaves out. */
function nativeModules(): string {
  const native = createRequire(fluxProgram()).resolve('zeromq');
  return native.slice(0, native.lastIndexOf(`${sep}zeromq${sep}`));
}

/** A word as a POSIX shell reads it back, whatever is in it. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** What images mean on this machine: its own file system, with the view laid in. */
export function fluxImages(view: string): ImageMapping[] {
  return viewImages(view, '/opt/ebb/bin', { '/opt/ebb': view, [modulesInPods]: nativeModules() });
}

/**
 * The public views mean this one, and all other images this machine's file system.
 * @param folder in which these find `flux`
 * @param overlays what is laid over them
 */
export function viewImages(view: string, folder: string, overlays: Record<string, string> = {}): ImageMapping[] {
  return [
    { image: publicFluxViews, root: 'host', overlays: { '/opt/views/._view/ebb': view } },
    { image: '*', root: 'host', overlays, env: { PATH: `${folder}:${systemPath}` } },
  ];
}
