/**
 * What an operator makes of MiniClusters: applies each of a folder of YAML files in a namespace of its own, on a real
 * control plane without nodes, and writes the objects that the operator made, one JSON file per MiniCluster.
 *
 *   npx tsx test/operators/collect.ts EXAMPLES OUTPUT 'COMMAND' [CRD]
 *
 * COMMAND starts the operator, which finds the cluster by KUBECONFIG; CRD is a file with its CustomResourceDefinition (ours).
 * `test/operators/compare.ts` compares two such outputs.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, configFrom } from '@ebb/ebb/internal';
import { customResourceDefinition } from '@ebb/minicluster';
import { parse, parseAllDocuments } from 'yaml';
import { startControlPlane } from '../control-plane/control-plane.ts';
import { OperatorProcess } from './operator-process.ts';

interface Made {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; ownerReferences?: { kind: string }[] };
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

const [examples, output, command, definitionFile] = process.argv.slice(2);
if (!examples || !output || !command) {
  console.error("usage: npx tsx test/operators/collect.ts EXAMPLES OUTPUT 'COMMAND' [CRD]");
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'ebb-operators-'));
const controlPlane = await startControlPlane({ folder, log: console.error });
const logPath = join(folder, 'operator.log');
let operator: OperatorProcess | undefined;
try {
  const cluster = new Cluster(configFrom(controlPlane.kubeconfigPath));
  await cluster.apply(
    (definitionFile ? parse(readFileSync(definitionFile, 'utf8')) : customResourceDefinition()) as never,
  );
  await answered(() => cluster.miniClusters());
  operator = new OperatorProcess(command, controlPlane.kubeconfigPath, logPath);
  const namespaces = new Map<string, string>();
  for (const [index, [file, object]] of miniClusters(examples).entries()) {
    const namespace = `example-${index}`;
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    try {
      await cluster.apply({ ...object, metadata: { ...object.metadata, namespace } } as never);
      namespaces.set(namespace, file);
    } catch (error) {
      console.log(`${file}: refused: ${(error as Error).message}`);
    }
  }
  const made = await untilQuiet(() => madeBy(cluster, operator as OperatorProcess));
  mkdirSync(output, { recursive: true });
  for (const [namespace, file] of namespaces) {
    const objects = made.filter(({ metadata }) => metadata.namespace === namespace);
    if (!objects.some(({ kind }) => kind === 'Job')) console.log(`${file}: no Job`);
    const text = JSON.stringify(objects, null, 2).replaceAll(namespace, 'NAMESPACE');
    writeFileSync(join(output, `${file.replaceAll('/', '-')}-${namespace}.json`), text);
  }
  console.log(`${namespaces.size} MiniClusters, ${made.length} objects`);
} catch (error) {
  console.error(readFileSync(logPath, 'utf8').slice(-3000));
  throw error;
} finally {
  await operator?.stop();
  await controlPlane.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Every MiniCluster of the folder with its file, in the order of the files' names. */
function miniClusters(root: string): [string, Made][] {
  return (readdirSync(root, { recursive: true }) as string[])
    .filter((file) => /\.ya?ml$/.test(file) && statSync(join(root, file)).isFile())
    .sort()
    .flatMap((file) =>
      [...parseAllDocuments(readFileSync(join(root, file), 'utf8'))].flatMap((document) => {
        const object = document.errors.length === 0 ? (document.toJS() as Made | null) : null;
        return object?.kind === 'MiniCluster' ? [[file, object] as [string, Made]] : [];
      }),
    );
}

/** The objects that belong to a MiniCluster. @throws Error when the operator has ended */
async function madeBy(cluster: Cluster, running: OperatorProcess): Promise<Made[]> {
  running.check();
  const lists = await Promise.all(kinds.map(([apiVersion, kind]) => cluster.list(apiVersion, kind)));
  return lists.flatMap((objects, index) =>
    objects
      .map((object) => ({ ...object, apiVersion: kinds[index]?.[0] ?? '', kind: kinds[index]?.[1] ?? '' }) as Made)
      .filter(({ metadata }) => metadata.ownerReferences?.some(({ kind }) => kind === 'MiniCluster')),
  );
}

async function untilQuiet(look: () => Promise<Made[]>): Promise<Made[]> {
  let made = await look();
  for (let since = Date.now(); Date.now() - since < quietMs; await sleep(1000)) {
    const now = await look();
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
