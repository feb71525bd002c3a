/** The embedded Kubernetes, as `ebb up` starts it; the operator has no more rights than the chart gives it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startInstance, stateFolder } from '@ebb/ebb/internal';
import { fluxCoreImages } from './flux-core.ts';
import { startOperatorAsAccount } from './operator-account.ts';
import type { ClusterKind } from './test-cluster.ts';

export const embedded: ClusterKind = {
  name: 'the embedded Kubernetes',
  missing: undefined,
  async start({ operator: withOperator = true } = {}) {
    if (withOperator === 'installed') throw new Error(`${embedded.name} serves no Deployments`);
    const home = mkdtempSync(join(tmpdir(), 'ebb-e2e-'));
    const instance = await startInstance({
      folder: stateFolder('e2e', { EBB_HOME: home }),
      nodes: 4,
      port: 0,
      operator: false,
      images: fluxCoreImages(home),
      progress: { note() {}, stage: () => ({ waitingFor() {}, done() {}, failed() {} }) },
    });
    const operator = withOperator ? await startOperatorAsAccount(instance.kubeconfigPath, home) : undefined;
    return {
      name: 'embedded',
      folder: home,
      kubeconfigPath: instance.kubeconfigPath,
      namespace: 'default',
      async stop() {
        try {
          await operator?.stop();
        } finally {
          await instance.stop();
          rmSync(home, { recursive: true, force: true });
        }
      },
    };
  },
};
