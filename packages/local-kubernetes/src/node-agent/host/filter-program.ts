/** The programs by which this machine filters packets: nft(8), or iptables(8) where nft is not there or does not do. */
import { systemProgram } from './system-path.ts';

/** What to do by either program. */
export interface FilterWays<T> {
  nft(): Promise<T>;
  iptables(): Promise<T>;
}

const isThere = (program: string): boolean => systemProgram(program) !== program;

/**
 * Does it by nft, or else by iptables.
 * @param isInstalled whether the system has a program
 * @throws Error with what hinders each, or that neither is installed
 */
export async function byNftOrIptables<T>(ways: FilterWays<T>, isInstalled = isThere): Promise<T> {
  const installed = (['nft', 'iptables'] as const).filter(isInstalled);
  const hindrances: string[] = [];
  for (const program of installed) {
    try {
      return await ways[program]();
    } catch (error) {
      hindrances.push((error as Error).message);
    }
  }
  throw new Error(hindrances.join('; ') || 'neither nft nor iptables is installed');
}
