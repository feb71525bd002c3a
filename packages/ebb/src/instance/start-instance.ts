/** Starts a local instance: the embedded Kubernetes, the MiniCluster API in it, and the operator, in this process. */
import { mkdirSync } from 'node:fs';
import { startLocalKubernetes } from '@ebb/local-kubernetes';
import { customResourceDefinition } from '@ebb/minicluster';
import { startOperator } from '@ebb/operator';
import { Cluster } from '../cluster/cluster.ts';
import { configFrom } from '../cluster/open-cluster.ts';
import type { Progress } from '../terminal/progress.ts';
import { fluxImages, layFluxView } from './flux-view.ts';
import { isRunning, readRecord, removeRecord, startTicksOf, writeRecord } from './instance-record.ts';
import type { StateFolder } from './state-folder.ts';

export interface InstanceOptions {
  readonly folder: StateFolder;
  /** Number of local nodes that pods are spread over. */
  readonly nodes: number;
  /** Port of the API server; 0 takes a free one. */
  readonly port: number;
  readonly progress: Progress;
  /** False where operators run outside this process. Default: true. */
  readonly operator?: boolean;
}

export interface RunningInstance {
  readonly cluster: Cluster;
  readonly kubeconfigPath: string;
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the instance and writes its record.
 * @throws Error when an instance of this name runs already
 */
export async function startInstance(options: InstanceOptions): Promise<RunningInstance> {
  const { folder, progress } = options;
  refuseSecond(folder);
  mkdirSync(folder.path, { recursive: true, mode: 0o700 });

  const kubernetesStage = progress.stage('Kubernetes');
  const view = layFluxView(folder.fluxView);
  kubernetesStage.waitingFor('the API server');
  const kubernetes = await startLocalKubernetes({
    stateFolder: folder.kubernetes,
    port: options.port,
    nodes: Array.from({ length: options.nodes }, (_, index) => ({ name: `${folder.name}-node-${index}` })),
    images: fluxImages(view),
  });
  kubernetesStage.done(`on ${kubernetes.url}`);

  const operatorStage = progress.stage('Operator');
  const cluster = new Cluster(configFrom(kubernetes.kubeconfigPath));
  operatorStage.waitingFor('the MiniCluster API');
  await cluster.apply(customResourceDefinition() as never);
  const operator =
    options.operator === false
      ? undefined
      : await startOperator({ kubeconfig: kubernetes.kubeconfigPath, leaderElection: false });
  operatorStage.done();

  writeRecord(folder.record, {
    pid: process.pid,
    startTicks: startTicksOf(process.pid) ?? '',
    kubeconfigPath: kubernetes.kubeconfigPath,
    url: kubernetes.url,
    since: new Date().toISOString(),
  });
  return {
    cluster,
    kubeconfigPath: kubernetes.kubeconfigPath,
    url: kubernetes.url,
    async stop() {
      await operator?.stop();
      await kubernetes.stop();
      removeRecord(folder.record);
    },
  };
}

function refuseSecond(folder: StateFolder): void {
  const record = readRecord(folder.record);
  if (record && isRunning(record)) {
    throw new Error(
      `instance ${folder.name} runs already (process ${record.pid}); stop it with "ebb down" or give this one a --name`,
    );
  }
}
