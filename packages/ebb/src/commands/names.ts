/** `ebb _names`: names of the MiniClusters, one a line, for completion; prints nothing where no cluster answers. */
import { openCluster } from '../cluster/open-cluster.ts';

export async function names(): Promise<number> {
  try {
    for (const { metadata } of await openCluster({}).miniClusters()) process.stdout.write(`${metadata.name}\n`);
  } catch {
    // A completion must not print errors into the command line.
  }
  return 0;
}
