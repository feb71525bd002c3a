/** `ebb install` and `ebb uninstall`: the operator in a real cluster. */
import { parseAllDocuments, stringify } from 'yaml';
import manifests from '../../../../deploy/dist/ebb-operator.yaml';
import type { KubernetesObject } from '../cluster/cluster.ts';
import { type ClusterOptions, openCluster } from '../cluster/open-cluster.ts';

export async function install(options: ClusterOptions & { dryRun?: boolean }): Promise<number> {
  const objects = installManifests(options.namespace);
  if (options.dryRun) {
    process.stdout.write(objects.map((object) => `---\n${stringify(object)}`).join(''));
    return 0;
  }
  const cluster = openCluster(options);
  for (const object of objects) {
    await cluster.apply(object);
    process.stdout.write(`${object.kind.toLowerCase()}/${object.metadata.name} applied\n`);
  }
  return 0;
}

export async function uninstall(options: ClusterOptions & { force?: boolean }): Promise<number> {
  const cluster = openCluster(options);
  const left = await cluster.miniClusters().catch((error: { code?: number }) => {
    if (error.code === 404) return [];
    throw error;
  });
  if (left.length > 0 && !options.force) {
    const names = left.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(', ');
    throw new Error(`there are MiniClusters: ${names}. Delete them first, or say --force to delete them too`);
  }
  for (const object of left) await cluster.delete(object);
  for (const object of installManifests(options.namespace).reverse()) {
    await cluster.delete(object);
    process.stdout.write(`${object.kind.toLowerCase()}/${object.metadata.name} deleted\n`);
  }
  return 0;
}

/** The rendered chart, in another namespace where one is given. */
function installManifests(namespace = 'operator-system'): KubernetesObject[] {
  const text = manifests.replaceAll(/\boperator-system\b/g, namespace);
  return parseAllDocuments(text)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
}
