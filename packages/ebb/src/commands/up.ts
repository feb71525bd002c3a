/** `ebb up`: the embedded Kubernetes, the operator and a MiniCluster, from one command. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { ImageMapping } from '@ebb/local-kubernetes';
import type { Cluster, ClusterName } from '../cluster/cluster.ts';
import type { KubernetesObject } from '../cluster/kubernetes-object.ts';
import { alreadyRuns, nameOption } from '../instance/already-runs.ts';
import { isRunning, readRecord } from '../instance/instance-record.ts';
import type { RunningInstance } from '../instance/start-instance.ts';
import { makeStateFolder, type StateFolder, stateFolder } from '../instance/state-folder.ts';
import { isOnPath } from '../kubectl/find-kubectl.ts';
import { commandName } from '../terminal/command-name.ts';
import { interruptedStatus, interruption } from '../terminal/interruption.ts';
import { type Progress, type Stage, terminalProgress } from '../terminal/progress.ts';
import { brokers } from './broker-state.ts';
import { readManifests } from './manifests.ts';
import { wholeNumber } from './options.ts';
import { showResources } from './show-resources.ts';
import { NotUpError, waitForBrokers } from './wait-for-brokers.ts';
import { whatNext } from './what-next.ts';

export interface UpOptions {
  readonly name?: string;
  readonly filename?: string;
  readonly detach?: boolean;
  /** Started by one that was asked to detach. */
  readonly background?: boolean;
  readonly nodes?: string;
  readonly port?: string;
  /** A file of image mappings. */
  readonly images?: string;
  /** False: only Kubernetes and the operator, no MiniCluster. */
  readonly cluster?: boolean;
}

/** What to start, all of it checked. */
interface Wanted {
  readonly folder: StateFolder;
  readonly manifests: readonly KubernetesObject[];
  readonly nodes: number;
  readonly port: number;
  readonly images: readonly ImageMapping[];
  readonly imagesFile: string | undefined;
  readonly isDetached: boolean;
}

export async function up(options: UpOptions): Promise<number> {
  const wanted: Wanted = {
    folder: stateFolder(options.name),
    nodes: wholeNumber('--nodes', options.nodes ?? '4', 1, 64),
    port: wholeNumber('--port', options.port ?? '0', 0, 65_535),
    images: options.images === undefined ? [] : (await import('@ebb/local-kubernetes')).readImageTable(options.images),
    imagesFile: options.images,
    manifests: options.cluster === false ? [] : await readManifests(options),
    isDetached: options.background ?? false,
  };
  return options.detach ? detach(wanted) : foreground(wanted);
}

async function foreground(wanted: Wanted): Promise<number> {
  const { manifests } = wanted;
  const signal = interruption();
  const { startInstance } = await import('../instance/start-instance.ts');
  const progress = terminalProgress();
  let instance: RunningInstance | undefined;
  try {
    instance = await startInstance({ ...wanted, progress, signal });
    const first = manifests.find(({ kind }) => kind === 'MiniCluster');
    if (first && !instance.isolatesPods)
      throw new Error(
        `MiniCluster ${first.metadata.name} cannot run here: its brokers need namespaces; ${commandName()} doctor tells how to have them`,
      );
    await bringUp(instance.cluster, manifests, progress, signal);
    process.stdout.write(nextSteps(wanted, instance.kubeconfigPath));
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
  const found: KubernetesObject[] = [];
  for (const object of manifests) {
    signal.throwIfAborted();
    const named = { ...object, metadata: { namespace: 'default', ...object.metadata } };
    if (object.kind === 'MiniCluster' && (await cluster.find(named))) found.push(object);
    await cluster.apply(named);
  }
  for (const object of manifests.filter(({ kind }) => kind === 'MiniCluster')) {
    const target: ClusterName = { namespace: object.metadata.namespace ?? 'default', name: object.metadata.name };
    const size = (object['spec'] as { size?: number } | undefined)?.size ?? 1;
    const stage = progress.stage(`MiniCluster ${target.name}`);
    await untilUp(cluster, target, size, stage, { signal, maybeOutdated: found.includes(object) });
  }
}

async function untilUp(
  cluster: Cluster,
  target: ClusterName,
  size: number,
  stage: Stage,
  options: { readonly signal: AbortSignal; readonly maybeOutdated: boolean },
) {
  try {
    const { ended } = await waitForBrokers(cluster, target, size, (text) => stage.waitingFor(text), options);
    stage.done(ended ?? `${brokers(size)} up`);
    if (!ended) await showResources(cluster, target, process, options.signal);
  } catch (error) {
    if (!(error instanceof NotUpError)) throw error;
    // It stays, so that one can look why.
    stage.failed(
      `${error.message}; see: ${commandName()} kubectl describe minicluster ${target.name} -n ${target.namespace}`,
    );
  }
}

function nextSteps({ folder, manifests, isDetached }: Wanted, kubeconfigPath: string): string {
  return whatNext({
    ebb: commandName(),
    kubeconfigPath,
    manifests,
    ...(nameOption(folder) ? { instance: folder.name } : {}),
    hasKubectl: isOnPath('kubectl'),
    isDetached,
  });
}

/** Starts the same command as a process of its own and waits until it is ready. */
async function detach(wanted: Wanted): Promise<number> {
  const { folder } = wanted;
  makeStateFolder(folder);
  const { folderHolder } = await import('@ebb/local-kubernetes');
  const holder = folderHolder(folder.path);
  if (holder !== undefined) throw alreadyRuns(folder, holder);
  const child = inBackground(wanted);
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
  process.stdout.write(readFileSync(folder.log, 'utf8'));
  return 0;
}

/** This command again, with its output in the log and the manifests, which may have come that way, on its input. */
function inBackground({ folder, manifests, nodes, port, imagesFile }: Wanted): ChildProcess {
  const output = openSync(folder.log, 'w', 0o600);
  const words = ['up', '--background', '--name', folder.name, '--nodes', String(nodes), '--port', String(port)];
  if (imagesFile !== undefined) words.push('--images', imagesFile);
  words.push(...(manifests.length === 0 ? ['--no-cluster'] : ['--filename', '-']));
  const child = spawn(process.execPath, [process.argv[1]!, ...words], {
    detached: true,
    stdio: ['pipe', output, output],
  });
  closeSync(output);
  child.stdin?.on('error', () => {}); // it may end without reading
  child.stdin?.end(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests }));
  return child;
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}
