// The facade: one call, and one machine has a Kubernetes. The API server, the controllers and the scheduler live in
// this process; the node agent, which starts other people's programs, is a process of its own.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { printKubeconfig } from '../certificates/kubeconfig.ts';
import type { NodeTimings } from '../controllers/nodes/node-lifecycle.ts';
import type { PodCollectorTimings } from '../controllers/nodes/pod-collector.ts';
import { startControllers } from '../controllers/start-controllers.ts';
import type { Loss } from '../node-agent/host/agent-rights.ts';
import type { ImageMapping } from '../node-agent/roots/image-table.ts';
import { startScheduler } from '../scheduler/start-scheduler.ts';
import { agentProgram, startAgentProcess } from './agent-process.ts';
import { startControlPlane } from './control-plane.ts';
import { takeFolder } from './folder-lock.ts';
import { removeInterruptedPods } from './interrupted-pods.ts';

export interface LocalNode {
  readonly name: string;
  readonly capacity?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What a caller says; everything but the folder has a default. */
export interface LocalKubernetesOptions {
  /** Everything this cluster keeps: database, certificates, kubeconfig, pods. One cluster a folder. */
  readonly stateFolder: string;
  /** 0, the default, takes a free port; a folder keeps the port it had where it can. */
  readonly port?: number;
  /** Default: one node, `local-node`, with this machine's capacity. Empty: no node agent at all. */
  readonly nodes?: readonly LocalNode[];
  /** Which image references mean which root; default: every image is this machine's file system. */
  readonly images?: readonly ImageMapping[];
  /** Keep the objects in memory alone. */
  readonly inMemory?: boolean;
  readonly clusterName?: string;
  /** When a silent node counts as lost and its pods as gone; the defaults are those of Kubernetes. */
  readonly timings?: NodeTimings & PodCollectorTimings;
  log?(text: string): void;
}

export interface LocalKubernetes {
  readonly kubeconfigPath: string;
  readonly url: string;
  /** What pods have to do without on this machine. */
  readonly losses: readonly Loss[];
  /** False where pods are plain processes, without volumes or addresses of their own. */
  readonly isolatesPods: boolean;
  /** Stops everything; what pods run ends with it. */
  stop(): Promise<void>;
}

interface ResolvedOptions {
  readonly stateFolder: string;
  readonly port: number;
  readonly nodes: readonly LocalNode[];
  readonly images: readonly ImageMapping[];
  readonly isInMemory: boolean;
  readonly clusterName: string;
  log(text: string): void;
}

function resolveOptions(options: LocalKubernetesOptions): ResolvedOptions {
  return {
    stateFolder: resolve(options.stateFolder),
    port: options.port ?? 0,
    nodes: options.nodes ?? [{ name: 'local-node' }],
    images: options.images ?? [{ image: '*', root: 'host' }],
    isInMemory: options.inMemory ?? false,
    clusterName: options.clusterName ?? 'local-kubernetes',
    log: options.log ?? (() => {}),
  };
}

/**
 * Starts a cluster in a folder. After a kill -9 the next start finds the same objects, and ends what was left running.
 * @throws {FolderInUseError} another process runs the cluster of this folder
 */
export async function startLocalKubernetes(options: LocalKubernetesOptions): Promise<LocalKubernetes> {
  const resolved = resolveOptions(options);
  const { stateFolder, log } = resolved;
  mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
  const lock = takeFolder(stateFolder);
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    // One part that cannot stop must not keep the others running.
    for (const each of stops.splice(0).reverse())
      await each().catch((error: unknown) => log(`stopping: ${String(error)}`));
    lock.release();
  };
  try {
    const plane = await startControlPlane({ ...resolved, formerPort: formerPort(stateFolder) });
    stops.push(() => plane.stop());
    const kubeconfigPath = writeKubeconfig(resolved, plane);
    await removeInterruptedPods(
      plane.client,
      resolved.nodes.map(({ name }) => name),
    );
    const controllers = startControllers(plane.client.withUserAgent('kube-controller-manager'), {
      log,
      volumesFolder: join(stateFolder, 'volumes'),
      ...(options.timings ? { timings: options.timings } : {}),
    });
    stops.push(() => controllers.stop());
    const scheduler = startScheduler(plane.client.withUserAgent('kube-scheduler'), { log });
    stops.push(() => scheduler.stop());
    let [losses, isolatesPods]: [readonly Loss[], boolean] = [[], true];
    const program = resolved.nodes.length > 0 ? agentProgram() : undefined;
    if (program) {
      const authority = plane.credentials.authority.pem;
      const agent = await startAgentProcess(program, { ...resolved, kubeconfigPath, authority }, log);
      stops.push(() => agent.stop());
      losses = agent.losses;
      isolatesPods = agent.rights.kind !== 'none';
    } else if (resolved.nodes.length > 0) {
      log('no node agent is built (npm run build makes it): pods will stay Pending');
    }
    return { kubeconfigPath, url: plane.url, losses, isolatesPods, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The port of the last run, as its kubeconfig has it. */
function formerPort(stateFolder: string): number | undefined {
  const path = join(stateFolder, 'kubeconfig');
  if (!existsSync(path)) return undefined;
  const found = /server: https:\/\/[^:\s]+:(\d+)/.exec(readFileSync(path, 'utf8'));
  return found ? Number(found[1]) : undefined;
}

function writeKubeconfig(
  { stateFolder, clusterName }: ResolvedOptions,
  { url, credentials }: Awaited<ReturnType<typeof startControlPlane>>,
): string {
  const path = join(stateFolder, 'kubeconfig');
  const text = printKubeconfig({
    clusterName,
    url,
    authorityCertificate: credentials.authority.pem.certificate,
    userName: 'kubernetes-admin',
    user: credentials.admin,
  });
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return path;
}
