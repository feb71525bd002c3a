import { accessSync, constants } from 'node:fs';

/** Where the programs are that set pods up: `ip`, `pivot_root` and `nft` stand in folders that a user's PATH may lack. */

const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The path with the folders of system programs that it lacks, after its own. */
export function withSystemFolders(path = ''): string {
  const folders = path.split(':').filter((folder) => folder !== '');
  return [...folders, ...systemFolders.filter((folder) => !folders.includes(folder))].join(':');
}

/** The path of a program by the PATH of this process, for where another PATH will be in force; its name where it is nowhere. */
export function systemProgram(name: string): string {
  const paths = withSystemFolders(process.env['PATH'])
    .split(':')
    .map((folder) => `${folder}/${name}`);
  return paths.find(isProgram) ?? name;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
