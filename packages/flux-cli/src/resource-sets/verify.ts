/** `flux R verify`: whether a node has what is expected of it. */
import type { ResourceSet } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';

/** What is wrong; more than expected is told, but is no failure. @throws CommandError when it cannot be used */
export async function verified(sets: readonly ResourceSet[]): Promise<string | undefined> {
  const [expected, found] = sets;
  if (!expected || !found || sets.length !== 2) {
    throw new CommandError('verify requires exactly 2 R objects on stdin');
  }
  if (found.nodeCount !== 1) throw new CommandError('Verification supported on single rank only');
  const rank = found.ranks.first()!;
  const { verifyHost } = await import('@ebb/flux-broker');
  const report = {
    rank,
    host: found.host(rank) ?? 'unknown',
    cores: found.cores(rank).toString(),
    gpus: found.gpus(rank).toString(),
  };
  const extraIsNoted = { isExplicit: true, hostname: 'strict', core: 'strict', gpu: 'strict' } as const;
  const missing = verifyHost(expected, report, { ...extraIsNoted, core: 'allow-extra', gpu: 'allow-extra' });
  if (missing !== undefined) throw new CommandError(missing);
  return verifyHost(expected, report, extraIsNoted);
}
