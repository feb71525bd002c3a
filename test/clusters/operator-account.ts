/**
 * The operator of the suites has the rights of the chart and no other: it runs as the service account that the install
 * manifest brings. A request that is refused for a missing right fails the suite.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Cluster, configFrom, type KubernetesObject } from '@ebb/ebb/internal';
import { type Operator, startOperator } from '@ebb/operator';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import { chart, helm } from './chart.ts';

const manifest = resolve(import.meta.dirname, '../../deploy/dist/ebb-operator.yaml');
const account = { name: 'ebb-operator', namespace: 'operator-system' };
const rights = ['Namespace', 'ServiceAccount', 'ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'];
const tokenSeconds = 4 * 3600;

/**
 * Starts the operator; `folder` takes its kubeconfig.
 * @param namespaces that it is for, with the rights that the chart gives it then; default: all
 */
export async function startOperatorAsAccount(
  adminKubeconfig: string,
  folder: string,
  namespaces: readonly string[] = [],
): Promise<Operator> {
  const objects = namespaces.length > 0 ? await renderedFor(namespaces) : installed();
  const kubeconfig = await accountKubeconfig(adminKubeconfig, folder, objects);
  const operator = await startOperator({ kubeconfig, leaderElection: false, networkPolicy: true, namespaces });
  return {
    ...operator,
    async stop() {
      await operator.stop();
      const { values } = await operator.metrics.registry.getSingleMetric('ebb_operator_requests_total')!.get();
      const refused = values.filter(({ labels }) => String(labels['code']) === '403');
      const asked = refused.map(({ labels }) => `${labels['verb']} ${labels['resource']}`);
      if (asked.length > 0) throw new Error(`the operator lacks the right to: ${asked.join(', ')}`);
    },
  };
}

/**
 * A kubeconfig, in `folder`, of the operator's service account.
 * @param objects of an installation, of which those that give rights are applied
 */
export async function accountKubeconfig(
  adminKubeconfig: string,
  folder: string,
  objects: readonly KubernetesObject[] = installed(),
): Promise<string> {
  const admin = configFrom(adminKubeconfig);
  const cluster = new Cluster(admin);
  for (const kind of rights) {
    for (const object of objects) if (object.kind === kind) await cluster.apply(object);
  }
  const { status } = await admin.makeApiClient(CoreV1Api).createNamespacedServiceAccountToken({
    ...account,
    body: { spec: { audiences: [], expirationSeconds: tokenSeconds } },
  });
  const config = new KubeConfig();
  config.loadFromClusterAndUser(admin.getCurrentCluster()!, { name: account.name, token: status!.token });
  const path = join(folder, 'operator.kubeconfig');
  writeFileSync(path, config.exportConfig(), { mode: 0o600 });
  return path;
}

function installed(): KubernetesObject[] {
  return objectsOf(readFileSync(manifest, 'utf8'));
}

async function renderedFor(namespaces: readonly string[]): Promise<KubernetesObject[]> {
  const words = ['--namespace', account.namespace, '--set', `namespaces={${namespaces.join(',')}}`];
  const its = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: account.namespace } };
  return [its, ...objectsOf(await helm(['template', account.name, chart, ...words]))];
}

function objectsOf(text: string): KubernetesObject[] {
  return parseAllDocuments(text).flatMap((document) => (document.toJS() as KubernetesObject | null) ?? []);
}
