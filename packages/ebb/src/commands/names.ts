/** `ebb _names`: names of the MiniClusters, one a line, for completion; prints nothing where no cluster answers. */
import { setTimeout as pause } from 'node:timers/promises';
import { openCluster } from '../cluster/open-cluster.ts';

/** Somebody waits at a prompt. */
const withinMs = 2000;

export async function names(): Promise<number> {
  try {
    const late = pause(withinMs, [], { ref: false });
    for (const { metadata } of await Promise.race([openCluster({}).miniClusters(), late])) {
      process.stdout.write(`${metadata.name}\n`);
    }
  } catch {
    // A completion must not print errors into the command line.
  }
  return 0;
}
