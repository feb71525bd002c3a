/** The parent of a rank, for those that name the rank. */
import { CommandError } from '../command-module.ts';
import { parentOf, type Topology } from './topology.ts';

/** @throws CommandError when the rank is not there, or is 0 */
export function lookupParent(topology: Topology, rank: number): number {
  if (rank < 0 || rank >= topology.size) throw new CommandError(`${rank} is not a valid rank in this instance`);
  if (rank === 0) throw new CommandError('0 has no parent');
  return parentOf(topology, rank)!;
}
