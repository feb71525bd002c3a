/**
 * A real Kubernetes control plane on this machine, with Ebb's node agent as its nodes and the operator in this process,
 * under the rights of the chart, or installed by the chart; or any cluster that `EBB_TEST_KUBECONFIG` names, on which the operator is expected to run.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, configFrom, fluxImages, layFluxView, UnknownKindError } from '@ebb/ebb/internal';
import { type AgentProcess, agentProgram, startAgentProcess } from '@ebb/local-kubernetes/internal';
import { customResourceDefinition } from '@ebb/minicluster';
import { goVersion } from '../control-plane/binary.ts';
import { type ControlPlane, startControlPlane } from '../control-plane/control-plane.ts';
import { installChart } from './chart.ts';
import { fluxCoreImages } from './flux-core.ts';
import { givenCluster } from './given.ts';
import { startOperatorAsAccount } from './operator-account.ts';
import { operatorImage } from './operator-image.ts';
import { seen } from './seen.ts';
import type { ClusterKind } from './test-cluster.ts';

/**
 * The controller manager starts its controllers one by one, 20 requests a second by default, which is four seconds of each start.
 * It is a suite's to wait for what the controllers do, not for that.
 */
export const atFullSpeed = ['--kube-api-qps=1000', '--kube-api-burst=1000'];

const given = process.env['EBB_TEST_KUBECONFIG'];

export const real: ClusterKind = {
  name: 'a real Kubernetes',
  missing: given || goVersion() ? undefined : 'it needs Go to build a control plane, or EBB_TEST_KUBECONFIG',
  async start({ operator: withOperator = true, flags = {} } = {}) {
    if (given) return givenCluster(given);
    const folder = mkdtempSync(join(tmpdir(), 'ebb-real-'));
    const controllerManager = [...atFullSpeed, ...(flags['kube-controller-manager'] ?? [])];
    const controlPlane = await startControlPlane({
      folder,
      flags: { ...flags, 'kube-controller-manager': controllerManager },
      log: (line) => console.warn(line),
    });
    const agent = await startNodes(controlPlane, folder, 4);
    const { kubeconfigPath } = controlPlane;
    if (withOperator === 'installed') await installChart(kubeconfigPath);
    else await defineMiniClusters(new Cluster(configFrom(kubeconfigPath)));
    const operator = withOperator === true ? await startOperatorAsAccount(kubeconfigPath, folder) : undefined;
    return {
      name: 'real',
      folder,
      kubeconfigPath,
      namespace: 'default',
      authority: { certificate: pem(controlPlane, 'ca.crt'), issue: controlPlane.issue },
      async stop() {
        try {
          await operator?.stop();
        } finally {
          await agent.stop();
          await controlPlane.stop();
          rmSync(folder, { recursive: true, force: true });
        }
      },
    };
  },
};

/** The API server serves a kind a moment after it has taken its definition. */
async function defineMiniClusters(cluster: Cluster): Promise<void> {
  await cluster.apply(customResourceDefinition() as never);
  const any = { apiVersion: 'flux-framework.org/v1alpha2', kind: 'MiniCluster', metadata: { name: 'any' } };
  await seen(async () => {
    try {
      await cluster.requireKinds([any]);
      return true;
    } catch (error) {
      if (error instanceof UnknownKindError) return false;
      throw error;
    }
  });
}

/** Registers nodes of this machine at a control plane: `node-0`, `node-1` and so on, in one node agent, with Flux in their images. */
export function startNodes(controlPlane: ControlPlane, folder: string, count: number): Promise<AgentProcess> {
  const configuration = {
    kubeconfigPath: controlPlane.kubeconfigPath,
    nodes: Array.from({ length: count }, (_, index) => ({ name: `node-${index}` })),
    stateFolder: join(folder, 'agent'),
    images: [operatorImage(), ...fluxCoreImages(folder), ...fluxImages(layFluxView(join(folder, 'flux-view')))],
    authority: { certificate: pem(controlPlane, 'ca.crt'), key: pem(controlPlane, 'ca.key') },
  };
  return startAgentProcess(agentProgram()!, configuration, (line) => console.warn(line));
}

function pem({ certificateFolder }: ControlPlane, name: string): string {
  return readFileSync(join(certificateFolder, name), 'utf8');
}

/** A control plane of this machine's, whose flags and operators are the suite's own to choose. */
export const realBuiltHere: ClusterKind = {
  ...real,
  missing: given ? 'its operator and its flags are not this suite’s to choose' : real.missing,
};
