/**
 * The operator of the suites has the rights of the chart and no other: it runs as the service account that the install
 * manifest brings. A request that is refused for a missing right fails the suite.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Cluster, configFrom } from '@ebb/ebb/internal';
import { type Operator, startOperator } from '@ebb/operator';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';

const manifest = resolve(import.meta.dirname, '../../deploy/dist/ebb-operator.yaml');
const account = { name: 'ebb-operator', namespace: 'operator-system' };
const rights = ['Namespace', 'ServiceAccount', 'ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'];
const tokenSeconds = 4 * 3600;

/** Starts the operator; `folder` takes its kubeconfig. */
export async function startOperatorAsAccount(adminKubeconfig: string, folder: string): Promise<Operator> {
  const kubeconfig = await accountKubeconfig(adminKubeconfig, folder);
  const operator = await startOperator({ kubeconfig, leaderElection: false });
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

async function accountKubeconfig(adminKubeconfig: string, folder: string): Promise<string> {
  const admin = configFrom(adminKubeconfig);
  const cluster = new Cluster(admin);
  const objects = parseAllDocuments(readFileSync(manifest, 'utf8')).map((document) => document.toJS());
  for (const kind of rights) {
    for (const object of objects) if (object?.kind === kind) await cluster.apply(object);
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
