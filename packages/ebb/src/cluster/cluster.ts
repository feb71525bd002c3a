/**
 * What `ebb` asks of a Kubernetes cluster, embedded or real. The kubeconfig is read by the official client, so every way
 * of authentication that kubectl knows works here too.
 */
import type { Readable, Writable } from 'node:stream';
import * as k8s from '@kubernetes/client-node';
import { commandName } from '../terminal/command-name.ts';
import { applyObject } from './apply-object.ts';
import { exitStatusOf } from './exit-status.ts';
import type { KubernetesObject, ObjectName } from './kubernetes-object.ts';
import { ObjectPaths, UnknownKindError } from './object-paths.ts';
import { patiently } from './patiently.ts';
import { requestApi } from './request.ts';

export interface ClusterName {
  readonly namespace: string;
  readonly name: string;
}

export interface ExecOptions {
  readonly container: string;
  readonly command: readonly string[];
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly stdin?: Readable;
  readonly tty?: boolean;
}

export interface FoundContainer {
  readonly pod: string;
  readonly container: string;
  /** Of the pod. */
  readonly phase: string;
}

/** Query of pods/log. */
export interface LogsWanted {
  readonly container: string;
  readonly follow?: boolean;
  readonly previous?: boolean;
  readonly tailLines?: number;
}

const group = 'flux-framework.org';
const version = 'v1alpha2';
const fieldManager = 'ebb';

/** A cluster opened through a kubeconfig; holds no connection until asked. */
export class Cluster {
  readonly config: k8s.KubeConfig;
  readonly #objects: ObjectPaths;

  constructor(config: k8s.KubeConfig) {
    this.config = config;
    this.#objects = ObjectPaths.makeApiClient(config) as ObjectPaths;
  }

  /** The namespace of the current context, `default` where it names none. */
  get namespace(): string {
    return this.config.getContextObject(this.config.getCurrentContext())?.namespace ?? 'default';
  }

  async miniCluster({ namespace, name }: ClusterName): Promise<KubernetesObject> {
    return (await this.#objects.read({
      apiVersion: `${group}/${version}`,
      kind: 'MiniCluster',
      metadata: { name, namespace },
    })) as KubernetesObject;
  }

  /** MiniClusters of one namespace, or of all when none is given. */
  async miniClusters(namespace?: string): Promise<KubernetesObject[]> {
    return this.list(`${group}/${version}`, 'MiniCluster', namespace);
  }

  async list(
    apiVersion: string,
    kind: string,
    namespace?: string,
    labelSelector?: string,
  ): Promise<KubernetesObject[]> {
    const none = undefined;
    const { items } = await patiently(() =>
      this.#objects.list(apiVersion, kind, namespace, none, none, none, none, labelSelector),
    );
    return items as unknown as KubernetesObject[];
  }

  /** Sets the size, as `kubectl scale` does. */
  async scale({ namespace, name }: ClusterName, size: number): Promise<void> {
    const custom = this.config.makeApiClient(k8s.CustomObjectsApi);
    await custom.patchNamespacedCustomObjectScale(
      { group, version, namespace, plural: 'miniclusters', name, body: { spec: { replicas: size } } },
      k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.MergePatch),
    );
  }

  /** Server-side apply of one object, every field of it as it stands. @throws Error with the API's own message */
  async apply(object: KubernetesObject): Promise<void> {
    const path = await this.#objects.pathOf(object);
    await patiently(() => applyObject(this.config, `${path}?fieldManager=${fieldManager}&force=true`, object));
  }

  /**
   * Deletes an object.
   * @param propagation `Foreground`: it goes only when the garbage collector has seen to what it owns
   * @returns false when there is none
   */
  async delete(object: ObjectName, propagation: 'Background' | 'Foreground' = 'Background'): Promise<boolean> {
    const none = undefined;
    return found(() => this.#objects.delete(object, none, none, none, none, propagation));
  }

  /** @throws {UnknownKindError} when the cluster does not serve the kind of one of them */
  async requireKinds(objects: readonly ObjectName[]): Promise<void> {
    for (const object of objects) await this.#objects.pathOf(object);
  }

  /**
   * Asks whether an object of this kind can be made at all; nothing changes.
   * @throws Error with the API's own message when the cluster knows the kind and makes none (405 MethodNotAllowed)
   */
  async requireMakes(object: KubernetesObject): Promise<void> {
    const path = await this.#objects.pathOf(object);
    try {
      await applyObject(this.config, `${path}?fieldManager=${fieldManager}&force=true&dryRun=All`, object);
    } catch (error) {
      // Any other no is for the real request to hear: its namespace, for one, may not be there yet.
      if ((error as { code?: unknown }).code === 405) throw error;
    }
  }

  /** Minor version of its Kubernetes 1: 35 for v1.35.4. */
  async kubernetesMinor(): Promise<number> {
    const { minor } = await this.config.makeApiClient(k8s.VersionApi).getCode();
    // A cloud's may read 35+.
    return Number.parseInt(minor, 10);
  }

  /** The object of this kind and name; undefined when there is none. */
  async find(object: ObjectName): Promise<KubernetesObject | undefined> {
    let read: KubernetesObject | undefined;
    await found(async () => {
      read = (await this.#objects.read(object)) as KubernetesObject;
    });
    return read;
  }

  /** The name of the pod of a rank; see {@link Cluster.container}. */
  async podOfRank(target: ClusterName, rank: string): Promise<string> {
    return (await this.#podOfRank(target, rank)).metadata.name;
  }

  /**
   * A container in the pod of a rank: the one that runs Flux, or the one called so.
   * @throws Error when there is no such pod now, or no such container in it
   */
  async container(target: ClusterName, rank: string, called = target.name): Promise<FoundContainer> {
    const pod = await this.#podOfRank(target, rank);
    const names = containerNames(pod);
    if (names.includes(called)) return { pod: pod.metadata.name, container: called, phase: phaseOf(pod) };
    throw new Error(`--container ${called}: pod ${pod.metadata.name} has ${names.join(', ')}`);
  }

  /** The pod that runs before one that ended, the latest of several. */
  async #podOfRank({ namespace, name }: ClusterName, rank: string): Promise<KubernetesObject> {
    const pods = await this.list('v1', 'Pod', namespace, `job-name=${name}`);
    const [best] = pods
      .filter((pod) => pod.metadata.annotations?.['batch.kubernetes.io/job-completion-index'] === rank)
      .sort((a, b) => Number(hasEnded(a)) - Number(hasEnded(b)) || createdAt(b) - createdAt(a));
    if (!best)
      throw new Error(
        `MiniCluster ${namespace}/${name} has no pod of rank ${rank} now; see: ${commandName()} get ${name} -n ${namespace}`,
      );
    return best;
  }

  /** Runs a command in a container and resolves with its exit status. */
  async exec(namespace: string, pod: string, options: ExecOptions): Promise<number> {
    const exec = new k8s.Exec(this.config);
    return new Promise<number>((resolve, reject) => {
      exec
        .exec(
          namespace,
          pod,
          options.container,
          [...options.command],
          options.stdout,
          options.stderr,
          options.stdin ?? null,
          options.tty ?? false,
          (status) => {
            const code = exitStatusOf(status);
            if (code === undefined) reject(new Error(status.message ?? 'the command did not end as it should'));
            else resolve(code);
          },
        )
        .then((socket) => {
          socket.on('error', reject);
          socket.on('close', () => reject(new Error('the connection to the pod was closed before the command ended')));
        }, reject);
    });
  }

  /**
   * The log of a container as it comes; ends when the log ends or `signal` aborts.
   * @throws Error with the API's message when it refuses
   */
  async logs(namespace: string, pod: string, wanted: LogsWanted, signal?: AbortSignal): Promise<Readable> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(wanted)) if (value !== undefined) query.set(name, String(value));
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log?${query}`;
    return requestApi(this.config, { method: 'GET', path, signal });
  }
}

/** Whether what was asked for is there: false for the API's own 404 or no such kind, any other refusal is thrown. */
async function found(request: () => Promise<unknown>): Promise<boolean> {
  try {
    await patiently(request);
    return true;
  } catch (error) {
    if (error instanceof UnknownKindError || (error instanceof k8s.ApiException && error.code === 404)) return false;
    throw error;
  }
}

function hasEnded(pod: KubernetesObject): boolean {
  return ['Failed', 'Succeeded'].includes(phaseOf(pod));
}

function phaseOf(pod: KubernetesObject): string {
  return (pod['status'] as { phase?: string } | undefined)?.phase ?? 'Pending';
}

function containerNames(pod: KubernetesObject): string[] {
  const { containers = [], initContainers = [] } = (pod['spec'] ?? {}) as Record<string, { name: string }[]>;
  return [...containers, ...initContainers].map(({ name }) => name);
}

function createdAt(pod: KubernetesObject): number {
  return new Date(pod.metadata.creationTimestamp ?? 0).getTime();
}
