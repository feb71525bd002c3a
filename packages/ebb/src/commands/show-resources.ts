/** The first resource list of a MiniCluster that has come up. */
import type { Writable } from 'node:stream';
import pc from 'picocolors';
import type { Cluster, ClusterName } from '../cluster/cluster.ts';
import { commandName } from '../terminal/command-name.ts';
import { errorText } from '../terminal/error-text.ts';
import { fluxCommand } from './exec.ts';

/**
 * Types `flux resource list` at rank 0. It is for people to look at: where it cannot be had, because the program has ended
 * meanwhile for one, that is said and all goes on.
 * @throws the reason of `signal`
 */
export async function showResources(
  cluster: Pick<Cluster, 'exec' | 'podOfRank'>,
  target: ClusterName,
  { stdout, stderr }: { readonly stdout: Writable; readonly stderr: Writable },
  signal: AbortSignal,
): Promise<void> {
  stdout.write(`\n${pc.dim('$')} ${commandName()} flux ${target.name} resource list\n`);
  try {
    await cluster.exec(target.namespace, await cluster.podOfRank(target, '0'), {
      container: target.name,
      command: fluxCommand(['resource', 'list']),
      stdout,
      stderr,
    });
  } catch (error) {
    signal.throwIfAborted();
    stderr.write(`ebb: no resource list: ${errorText(error)}\n`);
  }
}
