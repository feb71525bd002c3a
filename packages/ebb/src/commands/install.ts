/** `ebb install` and `ebb uninstall`: the operator in a real cluster. */
import { setTimeout as pause } from 'node:timers/promises';
import { fieldPathsSinceMinor, withoutFieldPaths } from '@ebb/minicluster';
import { parseAllDocuments, stringify } from 'yaml';
import manifests from '../../../../deploy/dist/ebb-operator.yaml';
import type { Cluster } from '../cluster/cluster.ts';
import type { KubernetesObject, ObjectName } from '../cluster/kubernetes-object.ts';
import { type ClusterOptions, openForeignCluster } from '../cluster/open-cluster.ts';
import { terminalProgress } from '../terminal/progress.ts';

/** Marks a namespace that `ebb install` made, and `ebb uninstall` may take away again. */
const madeByInstall = { 'flux-framework.org/made-by': 'ebb-install' };
const goneWithinMs = 120_000;

export async function install(options: ClusterOptions & { dryRun?: boolean }): Promise<number> {
  const objects = installManifests(options.namespace);
  if (options.dryRun) {
    process.stdout.write(objects.map((object) => `---\n${stringify(object)}`).join(''));
    return 0;
  }
  const cluster = openForeignCluster(options);
  // All or nothing: a cluster that lacks a kind, or makes no Deployments, is left as it was.
  await cluster.requireKinds(objects);
  await cluster.requireMakes(objects.find(({ kind }) => kind === 'Deployment')!);
  const knowsPaths = (await cluster.kubernetesMinor()) >= fieldPathsSinceMinor;
  for (const object of knowsPaths ? objects : withoutFieldPaths(objects)) {
    // A namespace that others made stays as it is.
    if (object.kind === 'Namespace' && (await cluster.find(object))) continue;
    await cluster.apply(object);
    said(object, 'applied');
  }
  return 0;
}

export async function uninstall(options: ClusterOptions & { force?: boolean }): Promise<number> {
  const cluster = openForeignCluster(options);
  const objects = installManifests(options.namespace);
  const definition = objects.find(({ kind }) => kind === 'CustomResourceDefinition')!;
  const left = (await cluster.find(definition)) ? await cluster.miniClusters() : [];
  if (left.length > 0 && !options.force) {
    const names = left.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(', ');
    throw new Error(`there are MiniClusters: ${names}. Delete them first, or say --force to delete them too`);
  }
  // A garbage collector that has not yet heard of the API, which may be young, would miss what goes without it.
  for (const object of left) said(object, (await cluster.delete(object, 'Foreground')) ? 'deleted' : 'not found');
  await untilGone(cluster, left);
  for (const object of [...leaderLeases(options.namespace), ...objects.reverse()]) {
    if (object === definition && !options.force) said(object, 'kept (--force deletes it)');
    else if (await isOthers(cluster, object)) said(object, 'kept (not made by ebb install)');
    else if (await cluster.delete(object)) said(object, 'deleted');
    else if (object.kind !== 'Lease') said(object, 'not found');
  }
  return 0;
}

function said(object: ObjectName, what: string): void {
  process.stdout.write(`${object.kind.toLowerCase()}/${object.metadata.name} ${what}\n`);
}

async function isOthers(cluster: Cluster, object: ObjectName): Promise<boolean> {
  if (object.kind !== 'Namespace') return false;
  const labels = (await cluster.find(object))?.metadata.labels;
  return labels !== undefined && Object.entries(madeByInstall).some(([key, value]) => labels[key] !== value);
}

/** With the operator still there, so that whatever holds a MiniCluster back is let go. */
async function untilGone(cluster: Cluster, objects: readonly ObjectName[]): Promise<void> {
  if (objects.length === 0) return;
  const stage = terminalProgress().stage('MiniClusters gone');
  const deadline = Date.now() + goneWithinMs;
  for (const object of objects) {
    const name = `${object.metadata.namespace}/${object.metadata.name}`;
    stage.waitingFor(name);
    while (await cluster.find(object)) {
      if (Date.now() > deadline) {
        stage.failed(`${name} is still there`);
        throw new Error(
          `${name} is still there after ${goneWithinMs / 1000} s: see its finalizers, then uninstall again`,
        );
      }
      await pause(100);
    }
  }
  stage.done();
}

/** What the operator itself leaves in its namespace. */
function leaderLeases(namespace = 'operator-system'): ObjectName[] {
  return [{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'ebb-operator', namespace } }];
}

/** The rendered chart, in another namespace where one is given. */
function installManifests(namespace = 'operator-system'): KubernetesObject[] {
  const text = manifests.replaceAll(/\boperator-system\b/g, namespace);
  const objects = parseAllDocuments(text)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
  for (const object of objects) if (object.kind === 'Namespace') object.metadata.labels = { ...madeByInstall };
  return objects;
}
