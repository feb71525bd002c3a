/** Options that several commands share. */
import type { Command } from 'commander';
import type { Cluster, ClusterName } from '../cluster/cluster.ts';
import type { ClusterOptions } from '../cluster/open-cluster.ts';
import { commandName } from '../terminal/command-name.ts';

/** Adds the options that say which cluster and namespace a command means. */
export function clusterOptions(command: Command): Command {
  return command
    .option('-n, --namespace <namespace>', 'namespace of the MiniCluster (default: where there is one of that name)')
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
 * The MiniCluster that an argument names, `NAME` or `NAMESPACE/NAME`. Without a namespace anywhere, the one of the
 * context's namespace is meant, else the only one of that name.
 * @throws Error when there is none of that name, or more than one
 */
export async function namedCluster(cluster: Cluster, argument: string, options: ClusterOptions): Promise<ClusterName> {
  const { namespace = options.namespace, name } = nameParts(argument);
  const found = (await cluster.miniClusters(namespace)).filter(({ metadata }) => metadata.name === name);
  const inContext = found.find(({ metadata }) => metadata.namespace === cluster.namespace);
  const only = inContext ?? (found.length === 1 ? found[0] : undefined);
  if (only) return { namespace: only.metadata.namespace ?? 'default', name };
  if (found.length === 0) {
    const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
    throw new Error(`there is no MiniCluster ${name}${where}; see: ${commandName()} get`);
  }
  const namespaces = found.map(({ metadata }) => metadata.namespace);
  throw new Error(`MiniCluster ${name} is in namespaces ${namespaces.join(', ')}: say which with --namespace`);
}

/** @throws Error for what is neither `NAME` nor `NAMESPACE/NAME` */
export function nameParts(argument: string): { namespace?: string; name: string } {
  const parts = argument.split('/');
  if (parts.length > 2 || parts.includes('')) {
    throw new Error(`NAME ${JSON.stringify(argument)}: use NAME or NAMESPACE/NAME`);
  }
  return parts.length === 2 ? { namespace: parts[0]!, name: parts[1]! } : { name: parts[0]! };
}

/** @throws Error naming the option for what is no whole number within these bounds */
export function wholeNumber(option: string, text: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  const bounds = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  throw new Error(`${option} ${text === '' ? '""' : text}: use a whole number ${bounds}`);
}

/** @throws Error for a format that is none of these */
export function refuseOutput(format: string | undefined, ...formats: readonly string[]): void {
  if (format !== undefined && !formats.includes(format)) {
    throw new Error(`--output ${format}: use ${formats.join(' or ')}`);
  }
}
