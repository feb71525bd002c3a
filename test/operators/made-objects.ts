/**
 * What an operator makes of MiniClusters: each is created in a namespace of its own, on a real control plane without
 * nodes; when nothing more comes, the objects that belong to each are what the operator made.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, configFrom } from '@ebb/ebb/internal';
import { CustomObjectsApi } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import { startControlPlane } from '../control-plane/control-plane.ts';
import { OperatorProcess } from './operator-process.ts';

export interface Made {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; ownerReferences?: { kind: string }[] };
}

export interface MadeOfAll {
  /** Objects by the MiniCluster's name here (its file and its number). Namespaces read NAMESPACE. */
  readonly made: ReadonlyMap<string, readonly Made[]>;
  /** What the API server said of the MiniClusters that it did not take. */
  readonly refused: ReadonlyMap<string, string>;
}

const kinds: readonly [string, string][] = [
  ['v1', 'ConfigMap'],
  ['v1', 'Secret'],
  ['v1', 'Service'],
  ['v1', 'Pod'],
  ['batch/v1', 'Job'],
  ['networking.k8s.io/v1', 'Ingress'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
];
/** An operator that has made nothing new for so long has no more to make. */
const quietMs = 15_000;

/** Every MiniCluster of a folder, by its file and its number, in the order of the files' names. */
export function miniClustersIn(root: string): Map<string, Made> {
  const found = (readdirSync(root, { recursive: true }) as string[])
    .filter((file) => /\.ya?ml$/.test(file) && statSync(join(root, file)).isFile())
    .sort()
    .flatMap((file) =>
      [...parseAllDocuments(readFileSync(join(root, file), 'utf8'))].flatMap((document) => {
        const object = document.errors.length === 0 ? (document.toJS() as Made | null) : null;
        return object?.kind === 'MiniCluster' ? [[file, object] as const] : [];
      }),
    );
  return new Map(found.map(([file, object], index) => [`${file}#${index}`, object]));
}

/**
 * @param command starts the operator, which finds the cluster by KUBECONFIG
 * @param definition the CustomResourceDefinition that it expects
 * @throws Error with the end of the operator's log when it ends before it is asked to
 */
export async function madeBy(
  command: string,
  definition: object,
  clusters: ReadonlyMap<string, Made>,
): Promise<MadeOfAll> {
  const folder = mkdtempSync(join(tmpdir(), 'ebb-operators-'));
  const controlPlane = await startControlPlane({ folder, log: console.error });
  let operator: OperatorProcess | undefined;
  try {
    const config = configFrom(controlPlane.kubeconfigPath);
    const cluster = new Cluster(config);
    const creator = config.makeApiClient(CustomObjectsApi);
    await cluster.apply(definition as never);
    for (const version of new Set([...clusters.values()].map(({ apiVersion }) => apiVersion)))
      await answered(() => cluster.list(version, 'MiniCluster'));
    operator = new OperatorProcess(command, controlPlane.kubeconfigPath, join(folder, 'operator.log'));
    const namespaces = new Map<string, string>();
    const refused = new Map<string, string>();
    for (const [file, object] of clusters) {
      const namespace = `example-${namespaces.size + refused.size}`;
      await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
      try {
        // Created, not applied: an apply refuses fields that the definition does not know, a create leaves them out.
        const [group = '', version = ''] = object.apiVersion.split('/');
        const body = { ...object, metadata: { ...object.metadata, namespace } };
        await creator.createNamespacedCustomObject({ group, version, namespace, plural: 'miniclusters', body });
        namespaces.set(namespace, file);
      } catch (error) {
        refused.set(file, (error as Error).message);
      }
    }
    const all = await untilQuiet(cluster, operator);
    const made = new Map(
      [...namespaces].map(([namespace, file]) => {
        const objects = all.filter(({ metadata }) => metadata.namespace === namespace);
        const text = JSON.stringify(objects).replaceAll(new RegExp(`\\b${namespace}\\b`, 'g'), 'NAMESPACE');
        return [file, JSON.parse(text) as Made[]];
      }),
    );
    return { made, refused };
  } finally {
    await operator?.stop();
    await controlPlane.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The objects that belong to MiniClusters. @throws Error when the operator has ended */
async function belonging(cluster: Cluster, running: OperatorProcess): Promise<Made[]> {
  running.check();
  const lists = await Promise.all(kinds.map(([apiVersion, kind]) => cluster.list(apiVersion, kind)));
  return lists.flatMap((objects, index) =>
    objects
      .map((object) => ({ ...object, apiVersion: kinds[index]?.[0] ?? '', kind: kinds[index]?.[1] ?? '' }) as Made)
      .filter(({ metadata }) => metadata.ownerReferences?.some(({ kind }) => kind === 'MiniCluster')),
  );
}

async function untilQuiet(cluster: Cluster, running: OperatorProcess): Promise<Made[]> {
  let made = await belonging(cluster, running);
  for (let since = Date.now(); Date.now() - since < quietMs; await sleep(1000)) {
    const now = await belonging(cluster, running);
    if (now.length !== made.length) since = Date.now();
    made = now;
  }
  return made;
}

async function answered(ask: () => Promise<unknown>): Promise<void> {
  for (let left = 100; ; left -= 1) {
    try {
      await ask();
      return;
    } catch (error) {
      if (left === 0) throw error;
      await sleep(200);
    }
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
