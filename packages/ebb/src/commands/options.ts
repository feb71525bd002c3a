/** Options that several commands share. */
import type { Command } from 'commander';
import type { Cluster, ClusterName } from '../cluster/cluster.ts';
import type { ClusterOptions } from '../cluster/open-cluster.ts';

/** Adds the options that say which cluster and namespace a command means. */
export function clusterOptions(command: Command): Command {
  return command
    .option('-n, --namespace <namespace>', 'namespace of the MiniCluster (default: that of the context)')
    .option('--name <instance>', 'a local instance by its name')
    .option('--kubeconfig <file>', 'a kubeconfig file (default: the running local instance, else that of kubectl)')
    .option('--context <context>', 'a context of the kubeconfig');
}

/** Adds the options that say into which cluster the operator goes. */
export function installOptions(command: Command): Command {
  return command
    .option('-n, --namespace <namespace>', 'namespace of the operator', 'operator-system')
    .option('--kubeconfig <file>', 'a kubeconfig file (default: that of kubectl)')
    .option('--context <context>', 'a context of the kubeconfig');
}

/**
 * The MiniCluster that an argument names, `NAME` or `NAMESPACE/NAME`. Without a namespace anywhere, the only
 * MiniCluster of that name is meant.
 * @throws Error when there is none of that name, or more than one
 */
export async function namedCluster(cluster: Cluster, argument: string, options: ClusterOptions): Promise<ClusterName> {
  const slash = argument.indexOf('/');
  if (slash > 0) return { namespace: argument.slice(0, slash), name: argument.slice(slash + 1) };
  if (options.namespace) return { namespace: options.namespace, name: argument };
  const found = (await cluster.miniClusters()).filter(({ metadata }) => metadata.name === argument);
  const inContext = found.find(({ metadata }) => metadata.namespace === cluster.namespace);
  const only = inContext ?? (found.length === 1 ? found[0] : undefined);
  if (only) return { namespace: only.metadata.namespace ?? 'default', name: argument };
  if (found.length === 0) throw new Error(`there is no MiniCluster ${argument}; see: ebb get`);
  const namespaces = found.map(({ metadata }) => metadata.namespace);
  throw new Error(`MiniCluster ${argument} is in namespaces ${namespaces.join(', ')}: say which with --namespace`);
}

/** @throws Error for a format that is none of these */
export function refuseOutput(format: string | undefined, ...formats: readonly string[]): void {
  if (format !== undefined && !formats.includes(format)) {
    throw new Error(`--output ${format}: use ${formats.join(' or ')}`);
  }
}
