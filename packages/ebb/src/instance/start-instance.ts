/** Starts a local instance: the embedded Kubernetes, the MiniCluster API in it, and the operator, in this process. */
import { appendFileSync, writeFileSync } from 'node:fs';
import {
  FolderInUseError,
  type FolderLock,
  type ImageMapping,
  type LocalKubernetes,
  startLocalKubernetes,
  takeFolder,
} from '@ebb/local-kubernetes';
import { customResourceDefinition } from '@ebb/minicluster';
import { startOperator } from '@ebb/operator';
import { Cluster } from '../cluster/cluster.ts';
import { configFrom } from '../cluster/open-cluster.ts';
import type { Progress } from '../terminal/progress.ts';
import { alreadyRuns } from './already-runs.ts';
import { fluxImages, layFluxView } from './flux-view.ts';
import { removeRecord, startTicksOf, writeRecord } from './instance-record.ts';
import { makeStateFolder, type StateFolder } from './state-folder.ts';

export interface InstanceOptions {
  readonly folder: StateFolder;
  /** Number of local nodes that pods are spread over. */
  readonly nodes: number;
  /** Port of the API server; 0 takes a free one. */
  readonly port: number;
  /** What images mean that are not this machine's file system with Flux in it. */
  readonly images?: readonly ImageMapping[];
  readonly progress: Progress;
  /** False where operators run outside this process. Default: true. */
  readonly operator?: boolean;
  /** Ends the start. */
  readonly signal?: AbortSignal;
}

export interface RunningInstance {
  readonly cluster: Cluster;
  readonly kubeconfigPath: string;
  readonly url: string;
  /** False where this machine cannot run the pods of a MiniCluster. */
  readonly isolatesPods: boolean;
  stop(): Promise<void>;
}

/**
 * Starts the instance and writes its record. What was started is stopped again when it fails or is interrupted.
 * @throws Error when an instance of this name runs already
 * @throws the reason of `signal`, after the part that was just being started
 */
export async function startInstance(options: InstanceOptions): Promise<RunningInstance> {
  const { folder } = options;
  makeStateFolder(folder);
  const lock = takeInstance(folder);
  for (const path of [folder.operatorLog, folder.kubernetesLog]) writeFileSync(path, '', { mode: 0o600 });
  const stops: (() => Promise<void> | void)[] = [() => lock.release()];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const kubernetes = await startKubernetes(options);
    stops.push(() => kubernetes.stop());
    options.signal?.throwIfAborted();
    const cluster = new Cluster(configFrom(kubernetes.kubeconfigPath));
    const operator = await startItsOperator(options, cluster, kubernetes.kubeconfigPath);
    if (operator) stops.push(() => operator.stop());
    options.signal?.throwIfAborted();
    stops.push(() => removeRecord(folder.record));
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
      isolatesPods: kubernetes.isolatesPods,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startKubernetes({
  folder,
  port,
  nodes,
  images = [],
  progress,
}: InstanceOptions): Promise<LocalKubernetes> {
  const stage = progress.stage('Kubernetes');
  const view = layFluxView(folder.fluxView);
  stage.waitingFor('the API server');
  try {
    const kubernetes = await startLocalKubernetes({
      stateFolder: folder.kubernetes,
      port,
      nodes: Array.from({ length: nodes }, (_, index) => ({ name: `${folder.name}-node-${index}` })),
      images: [...images, ...fluxImages(view)],
      log: (text) => appendFileSync(folder.kubernetesLog, `${new Date().toISOString()} ${text}\n`),
    });
    stage.done(`on ${kubernetes.url}`);
    for (const { what } of kubernetes.losses) progress.note(what);
    if (kubernetes.losses.length > 0) progress.note('ebb doctor tells how to have what is lost');
    return kubernetes;
  } catch (error) {
    stage.failed('it did not start');
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`--port ${port}: another program listens there; choose another port, or 0 for a free one`);
  }
}

async function startItsOperator({ folder, progress, operator }: InstanceOptions, cluster: Cluster, kubeconfig: string) {
  const stage = progress.stage('Operator');
  stage.waitingFor('the MiniCluster API');
  await cluster.apply(customResourceDefinition() as never);
  const running =
    operator === false
      ? undefined
      : await startOperator({ kubeconfig, leaderElection: false, logPath: folder.operatorLog });
  stage.done();
  return running;
}

function takeInstance(folder: StateFolder): FolderLock {
  try {
    return takeFolder(folder.path);
  } catch (error) {
    if (!(error instanceof FolderInUseError)) throw error;
    throw alreadyRuns(folder, error.processId);
  }
}
