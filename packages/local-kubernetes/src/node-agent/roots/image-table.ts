// Which root an image reference means. The first match wins; none is ErrImageNeverPull.

import { homedir } from 'node:os';

export interface ImageMapping {
  /** A glob over the reference: `*` is any run of characters, `?` any one. */
  readonly image: string;
  /** This machine's file system, or a folder. */
  readonly root: 'host' | (string & {});
  /** Path in the pod to a folder of this machine, read-only. */
  readonly overlays?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly workingDir?: string;
  /** `USER`, `USER:GROUP`: numbers, or names of the image's own `/etc/passwd` and `/etc/group`. Root when absent. */
  readonly user?: string;
}

export interface Image {
  readonly reference: string;
  /** `/` for this machine's file system. */
  readonly root: string;
  readonly overlays: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly workingDir: string;
  readonly user: string;
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export function findImage(reference: string, table: readonly ImageMapping[]): Image | undefined {
  const mapping = table.find(({ image }) => matchesGlob(image, reference));
  if (!mapping) return undefined;
  const { root, overlays = {}, env = {}, entrypoint = [], command = [], workingDir = '/', user = '0' } = mapping;
  const home = root.startsWith('~/') ? `${homedir()}${root.slice(1)}` : root;
  return {
    reference,
    root: root === 'host' ? '/' : home,
    overlays,
    env: { PATH: defaultPath, ...env },
    entrypoint,
    command,
    workingDir,
    user,
  };
}

function matchesGlob(glob: string, text: string): boolean {
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 's').test(text);
}
