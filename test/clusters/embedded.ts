/** The embedded Kubernetes, as `ebb up` starts it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startInstance, stateFolder } from '@ebb/ebb/internal';
import type { ClusterKind } from './test-cluster.ts';

export const embedded: ClusterKind = {
  name: 'the embedded Kubernetes',
  missing: undefined,
  async start({ operator = true } = {}) {
    const home = mkdtempSync(join(tmpdir(), 'ebb-e2e-'));
    const instance = await startInstance({
      folder: stateFolder('e2e', { EBB_HOME: home }),
      nodes: 4,
      port: 0,
      operator,
      progress: { stage: () => ({ waitingFor() {}, done() {}, failed() {} }) },
    });
    return {
      name: 'embedded',
      kubeconfigPath: instance.kubeconfigPath,
      async stop() {
        await instance.stop();
        rmSync(home, { recursive: true, force: true });
      },
    };
  },
};
