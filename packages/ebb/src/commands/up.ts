/** `ebb up`: the embedded Kubernetes, the operator and a MiniCluster, from one command. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import pc from 'picocolors';
import type { Cluster, ClusterName, KubernetesObject } from '../cluster/cluster.ts';
import { isRunning, readRecord } from '../instance/instance-record.ts';
import type { RunningInstance } from '../instance/start-instance.ts';
import { type StateFolder, stateFolder } from '../instance/state-folder.ts';
import { type Progress, terminalProgress } from '../terminal/progress.ts';
import { fluxCommand } from './exec.ts';
import { readManifests } from './manifests.ts';
import { waitForBrokers } from './wait-for-brokers.ts';

/** As a shell has it of what Ctrl-C ended. */
const interruptedStatus = 130;

export interface UpOptions {
  readonly name?: string;
  readonly file?: string;
  readonly detach?: boolean;
  readonly nodes?: string;
  readonly port?: string;
  /** False: only Kubernetes and the operator, no MiniCluster. */
  readonly cluster?: boolean;
}

export async function up(options: UpOptions): Promise<number> {
  const folder = stateFolder(options.name);
  const manifests = options.cluster === false ? [] : await readManifests(options);
  return options.detach ? detach(folder) : foreground(folder, manifests, options);
}

async function foreground(folder: StateFolder, manifests: KubernetesObject[], options: UpOptions): Promise<number> {
  const nodes = wholeNumber('--nodes', options.nodes ?? '4', 1, 64);
  const port = wholeNumber('--port', options.port ?? '0', 0, 65_535);
  const signal = interruption();
  const { startInstance } = await import('../instance/start-instance.ts');
  const progress = terminalProgress();
  let instance: RunningInstance | undefined;
  try {
    instance = await startInstance({ folder, nodes, port, progress, signal });
    const first = manifests.find(({ kind }) => kind === 'MiniCluster');
    if (first && !instance.isolatesPods)
      throw new Error(
        `MiniCluster ${first.metadata.name} cannot run here: its brokers need namespaces; ebb doctor tells how to have them`,
      );
    await bringUp(instance.cluster, manifests, progress, signal);
    process.stdout.write(whatNext(instance.kubeconfigPath, manifests));
    if (!signal.aborted) await once(signal, 'abort');
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    process.stderr.write('ebb: interrupted before it was ready\n');
    return interruptedStatus;
  } finally {
    if (instance) {
      const stage = progress.stage('Stopping');
      await instance.stop();
      stage.done();
    }
  }
}

/** Applies the manifests and waits until each MiniCluster's brokers are up; shows the first resource list. */
async function bringUp(
  cluster: Cluster,
  manifests: readonly KubernetesObject[],
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  for (const namespace of new Set(manifests.map(({ metadata }) => metadata.namespace ?? 'default'))) {
    if (namespace !== 'default')
      await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  }
  for (const object of manifests) {
    signal.throwIfAborted();
    await cluster.apply({ ...object, metadata: { namespace: 'default', ...object.metadata } });
  }
  for (const object of manifests.filter(({ kind }) => kind === 'MiniCluster')) {
    const target: ClusterName = { namespace: object.metadata.namespace ?? 'default', name: object.metadata.name };
    const size = (object['spec'] as { size?: number } | undefined)?.size ?? 1;
    const stage = progress.stage(`MiniCluster ${target.name}`);
    await waitForBrokers(cluster, target, size, (text) => stage.waitingFor(text), { signal });
    stage.done(`${size} brokers up`);
    await showResources(cluster, target);
  }
}

async function showResources(cluster: Cluster, target: ClusterName): Promise<void> {
  process.stdout.write(`\n${pc.dim('$')} ebb flux ${target.name} resource list\n`);
  await cluster.exec(target.namespace, await cluster.podOfRank(target, '0'), {
    container: target.name,
    command: fluxCommand(['resource', 'list']),
    stdout: process.stdout,
    stderr: process.stderr,
  });
}

function whatNext(kubeconfigPath: string, manifests: readonly KubernetesObject[]): string {
  const first = manifests.find(({ kind }) => kind === 'MiniCluster')?.metadata;
  const name = first?.name ?? 'NAME';
  const namespace = first?.namespace ? ` -n ${first.namespace}` : '';
  return `
  export KUBECONFIG=${kubeconfigPath}
  kubectl get pods${namespace}

Try next, in another terminal:
  ebb get                               the MiniClusters, as kubectl get shows them
  ${`ebb scale ${name} 3`.padEnd(36)}  one broker goes, the rest runs on
  ${`ebb flux ${name} resource list`.padEnd(36)}  and shows as down
  ebb demo                              the whole walkthrough
Ctrl-C stops everything.
`;
}

/** Starts the same command as a process of its own and waits until it is ready. */
async function detach(folder: StateFolder): Promise<number> {
  mkdirSync(folder.path, { recursive: true, mode: 0o700 });
  const output = openSync(folder.log, 'w', 0o600);
  const words = process.argv.slice(1).filter((word) => word !== '--detach' && word !== '-d');
  const child = spawn(process.execPath, words, { detached: true, stdio: ['ignore', output, output] });
  closeSync(output);
  const signal = interruption();
  const stage = terminalProgress().stage(`Instance ${folder.name}`);
  for (;;) {
    if (signal.aborted) {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      stage.failed('interrupted before it was ready');
      return interruptedStatus;
    }
    if (child.exitCode !== null || child.signalCode !== null) {
      stage.failed(`it ended; its output is in ${folder.log}`);
      process.stderr.write(readFileSync(folder.log, 'utf8'));
      return 1;
    }
    const record = readRecord(folder.record);
    if (record && isRunning(record) && readFileSync(folder.log, 'utf8').includes('Try next')) break;
    stage.waitingFor(lastLine(readFileSync(folder.log, 'utf8')));
    await pause(100);
  }
  stage.done(`runs as process ${child.pid}`);
  child.unref();
  process.stdout.write(
    readFileSync(folder.log, 'utf8').replace('Ctrl-C stops everything.', 'ebb down stops everything.'),
  );
  return 0;
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}

/** Aborts at the first signal that asks this process to end; a second one ends it at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Error(`${option} ${text}: use a whole number from ${least} to ${most}`);
  }
  return value;
}
