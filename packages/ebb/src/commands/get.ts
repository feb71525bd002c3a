/** `ebb get`: MiniClusters as a table, or one of them as YAML or JSON. */
import type { KubernetesObject } from '../cluster/cluster.ts';
import { type ClusterOptions, openCluster } from '../cluster/open-cluster.ts';
import { age, table } from '../terminal/table.ts';
import { namedCluster, refuseOutput } from './options.ts';

export interface GetOptions extends ClusterOptions {
  readonly output?: string;
}

export async function get(name: string | undefined, options: GetOptions): Promise<number> {
  refuseOutput(options.output, 'yaml', 'json');
  const cluster = openCluster(options);
  const items = name
    ? [await cluster.miniCluster(await namedCluster(cluster, name, options))]
    : await cluster.miniClusters(options.namespace);
  if (options.output === 'json' || options.output === 'yaml') {
    const shown = name ? items[0] : { apiVersion: 'v1', kind: 'List', items };
    process.stdout.write(
      options.output === 'json' ? `${JSON.stringify(shown, null, 4)}\n` : (await import('yaml')).stringify(shown),
    );
    return 0;
  }
  if (items.length === 0) {
    process.stderr.write('No MiniClusters found; make one with: ebb up -f FILE, or kubectl apply -f FILE\n');
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

// The client parses times of kinds it knows; a custom resource keeps its text.
function isoTime(time: unknown): string | undefined {
  return time instanceof Date ? time.toISOString() : typeof time === 'string' ? time : undefined;
}
