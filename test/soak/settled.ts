/** What is not yet as it was asked for: empty once everything has converged and nothing is left over. */
import type { Cluster } from '@ebb/ebb/internal';
import { clusterLabel } from '@ebb/minicluster';

const namespace = 'default';
const kinds: readonly [string, string][] = [
  ['v1', 'ConfigMap'],
  ['v1', 'Secret'],
  ['v1', 'Service'],
  ['v1', 'Pod'],
  ['batch/v1', 'Job'],
];

interface Looked {
  readonly kind: string;
  readonly metadata: { name: string; labels?: Record<string, string>; deletionTimestamp?: unknown };
  readonly spec?: { size?: number; parallelism?: number; completions?: number };
  readonly status?: {
    phase?: string;
    size?: number;
    ready?: number;
    ranks?: { up?: number };
    nodes?: { drained?: number };
    conditions?: { type: string; status: string }[];
  };
}

/** @param wanted sizes by the names of the MiniClusters that shall be there */
export async function unsettled(cluster: Cluster, wanted: ReadonlyMap<string, number>): Promise<string[]> {
  const lists = await Promise.all(
    kinds.map(async ([apiVersion, kind]) =>
      (await cluster.list(apiVersion, kind, namespace)).map((object) => ({ ...object, kind }) as unknown as Looked),
    ),
  );
  const objects = lists.flat();
  const clusters = (await cluster.miniClusters(namespace)) as unknown as Looked[];
  const leftover = [
    ...clusters
      .filter(({ metadata }) => !wanted.has(metadata.name))
      .map(({ metadata }) => `MiniCluster ${metadata.name}`),
    ...objects
      .filter(({ metadata: { labels } }) => labels?.[clusterLabel] && !wanted.has(labels[clusterLabel]))
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`),
  ].map((what) => `${what} is left over`);
  const missing = [...wanted].flatMap(([name, size]) => {
    const mine = objects.filter(({ metadata }) => metadata.labels?.[clusterLabel] === name);
    return differences(
      name,
      size,
      clusters.find(({ metadata }) => metadata.name === name),
      mine,
    );
  });
  return [...leftover, ...missing];
}

function differences(name: string, size: number, cluster: Looked | undefined, mine: readonly Looked[]): string[] {
  if (!cluster) return [`${name} is not there`];
  const { phase, size: told, ready, ranks, nodes } = cluster.status ?? {};
  const job = mine.find(({ kind }) => kind === 'Job');
  const pods = mine.filter(({ kind, status }) => kind === 'Pod' && status?.phase === 'Running');
  const readyPods = pods.filter(({ status, metadata }) => {
    const isReady = status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True');
    return isReady && !metadata.deletionTimestamp;
  });
  const facts: readonly [string, unknown, unknown][] = [
    ['spec.size', cluster.spec?.size, size],
    ['status.phase', phase, 'Running'],
    ['status.size', told, size],
    ['status.ready', ready, size],
    ['status.ranks.up', ranks?.up, size],
    ['status.nodes.drained', nodes?.drained, 0],
    ['the parallelism of its Job', job?.spec?.parallelism, size],
    ['the completions of its Job', job?.spec?.completions, size],
    ['the number of its ready pods', readyPods.length, size],
    ['the number of its running pods', pods.length, size],
  ];
  return facts
    .filter(([, is, should]) => is !== should)
    .map(([what, is, should]) => `${name}: ${what} is ${is}, not ${should}`);
}
