// The mounts that this process sees (proc_pid_mountinfo(5)).

import { readFileSync } from 'node:fs';

export interface MountEntry {
  readonly place: string;
  /** Options of the mount, such as `nosuid`. */
  readonly options: readonly string[];
}

export function readMounts(): MountEntry[] {
  return parseMounts(readFileSync('/proc/self/mountinfo', 'utf8'));
}

export function parseMounts(text: string): MountEntry[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const fields = line.split(' ');
      // A blank is written as \040.
      const place = fields[4]!.replace(/\\([0-7]{3})/g, (_, code) => String.fromCharCode(parseInt(code, 8)));
      return { place, options: fields[5]!.split(',') };
    });
}

export const isBelow = (place: string, folder: string): boolean =>
  place !== folder && place.startsWith(folder === '/' ? '/' : `${folder}/`);

/** Options that who is not root of the machine may not take from a mount, and so has to name again. */
const locked = ['nosuid', 'nodev', 'noexec', 'noatime', 'nodiratime', 'relatime', 'nosymfollow'];

/** Those of the mount that `path` lies in. */
export function lockedOptions(mounts: readonly MountEntry[], path: string): string[] {
  // The last of two mounts in one place lies over the other.
  const holder = mounts
    .filter(({ place }) => place === path || isBelow(path, place))
    .reduce<MountEntry | undefined>(
      (best, each) => (each.place.length >= (best?.place.length ?? 0) ? each : best),
      undefined,
    );
  return holder ? holder.options.filter((option) => locked.includes(option)) : [];
}
