/** A cluster that somebody has, with the operator in it: a suite gets a namespace of its own there, and leaves nothing behind. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { seen } from './seen.ts';
import type { TestCluster } from './test-cluster.ts';

/** @param path of its kubeconfig, whose current context is taken */
export async function givenCluster(path: string): Promise<TestCluster> {
  const config = new KubeConfig();
  config.loadFromFile(path);
  const context = config.getContextObject(config.getCurrentContext());
  if (!context) throw new Error(`${path}: it has no current context: kubectl config use-context NAME`);
  const core = config.makeApiClient(CoreV1Api);
  const made = await core.createNamespace({ body: { metadata: { generateName: 'ebb-test-' } } });
  const namespace = made.metadata!.name!;
  // A controller makes it a moment after the namespace; no pod is taken before.
  await seen(async () => (await core.readNamespacedServiceAccount({ name: 'default', namespace })) !== undefined);
  const folder = mkdtempSync(join(tmpdir(), 'ebb-given-'));
  const kubeconfigPath = join(folder, 'kubeconfig');
  config.contexts = config.contexts.map((each) => (each === context ? { ...each, namespace } : each));
  writeFileSync(kubeconfigPath, config.exportConfig(), { mode: 0o600 });
  return {
    name: 'given',
    kubeconfigPath,
    namespace,
    async stop() {
      rmSync(folder, { recursive: true, force: true });
      await core.deleteNamespace({ name: namespace });
    },
  };
}
