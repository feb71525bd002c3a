/** Asks the Flux instance of a MiniCluster itself, where its status may be from before. */
import { Writable } from 'node:stream';
import type { Cluster, ClusterName } from '../cluster/cluster.ts';
import { fluxCommand } from './exec.ts';

/**
 * How many brokers are online by Flux's own word; 0 while it does not answer, or cannot list its resources yet. Sums the
 * lines of `flux resource status`, one for each state (flux-resource(1)).
 */
export async function onlineBrokers(
  cluster: Pick<Cluster, 'exec' | 'podOfRank'>,
  target: ClusterName,
): Promise<number> {
  try {
    const pod = await cluster.podOfRank(target, '0');
    const ask = (words: readonly string[]) => answer(cluster, target, pod, words);
    const status = await ask(['resource', 'status', '-s', 'online', '-no', '{nnodes}']);
    await ask(['resource', 'list']);
    return status.split('\n').reduce((sum, line) => sum + Number(line), 0);
  } catch {
    return 0;
  }
}

/** @throws Error when the command cannot be run, or fails */
async function answer(
  cluster: Pick<Cluster, 'exec'>,
  { namespace, name }: ClusterName,
  pod: string,
  words: readonly string[],
): Promise<string> {
  let text = '';
  const stdout = new Writable({
    write(chunk: Buffer, _, done) {
      text += chunk;
      done();
    },
  });
  const stderr = new Writable({ write: (_chunk, _, done) => done() });
  const code = await cluster.exec(namespace, pod, { container: name, command: fluxCommand(words), stdout, stderr });
  if (code !== 0) throw new Error(`flux ${words.join(' ')} ended with status ${code}`);
  return text;
}
