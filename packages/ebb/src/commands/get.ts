/** `ebb get`: MiniClusters as a table, or one of them as YAML or JSON. */
import { stringify } from 'yaml';
import type { KubernetesObject } from '../cluster/kubernetes-object.ts';
import { type ClusterOptions, openCluster } from '../cluster/open-cluster.ts';
import { commandName } from '../terminal/command-name.ts';
import { age, table } from '../terminal/table.ts';
import { namedCluster, refuseOutput } from './options.ts';

export interface GetOptions extends ClusterOptions {
  readonly output?: string;
  readonly allNamespaces?: boolean;
}

export async function get(name: string | undefined, options: GetOptions): Promise<number> {
  refuseOutput(options.output, 'yaml', 'json');
  const cluster = openCluster(options);
  const namespace = options.allNamespaces ? undefined : options.namespace;
  const items =
    name !== undefined
      ? [await cluster.miniCluster(await namedCluster(cluster, name, options))]
      : await cluster.miniClusters(namespace);
  if (options.output === 'json' || options.output === 'yaml') {
    const [first] = items;
    const shown = name !== undefined ? printed(first!) : { apiVersion: 'v1', kind: 'List', items: items.map(printed) };
    process.stdout.write(options.output === 'json' ? `${JSON.stringify(shown, null, 4)}\n` : stringify(shown));
    return 0;
  }
  if (items.length === 0) {
    const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
    process.stderr.write(`No MiniClusters found${where}; make one with: ${commandName()} kubectl apply -f FILE\n`);
    return 0;
  }
  process.stdout.write(miniClusterTable(items));
  return 0;
}

/** One row a MiniCluster: wanted size, maximum, brokers up as Flux says, status, age. */
export function miniClusterTable(items: readonly KubernetesObject[], now = Date.now()): string {
  const rows = items.map((item) => {
    const spec = (item['spec'] ?? {}) as { size?: number; maxSize?: number };
    const status = (item['status'] ?? {}) as { maximumSize?: number; ranks?: { up?: number }; phase?: string };
    return [
      item.metadata.namespace ?? '',
      item.metadata.name,
      String(spec.size ?? ''),
      String(status.maximumSize ?? spec.maxSize ?? ''),
      String(status.ranks?.up ?? ''),
      status.phase ?? '',
      age(isoTime(item.metadata.creationTimestamp), now),
    ];
  });
  return table(['NAMESPACE', 'NAME', 'SIZE', 'MAX', 'UP', 'STATUS', 'AGE'], rows);
}

/** As kubectl prints it: without who manages which field, times to the second. */
export function printed({ metadata, ...rest }: KubernetesObject): object {
  const { managedFields: _, ...shown } = metadata as KubernetesObject['metadata'] & { managedFields?: unknown };
  const fields = Object.entries(shown).map(([field, value]) => [field, isoTime(value) ?? value]);
  const { apiVersion, kind, ...others } = rest;
  return { apiVersion, kind, metadata: Object.fromEntries(fields), ...others };
}

// The client parses times of kinds it knows; a custom resource keeps its text.
function isoTime(time: unknown): string | undefined {
  return time instanceof Date ? time.toISOString().replace('.000Z', 'Z') : typeof time === 'string' ? time : undefined;
}
