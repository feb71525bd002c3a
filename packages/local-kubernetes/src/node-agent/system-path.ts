/** Where the programs are that set pods up: `ip`, `pivot_root` and `nft` stand in folders that a user's PATH may lack. */

const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The path with the folders of system programs that it lacks, after its own. */
export function withSystemFolders(path = ''): string {
  const folders = path.split(':').filter((folder) => folder !== '');
  return [...folders, ...systemFolders.filter((folder) => !folders.includes(folder))].join(':');
}
