/** The local copies of all that the operator looks at, and which MiniCluster a change concerns. */
import { clusterLabel, type KubernetesObject, type MiniCluster, podSelector } from '@ebb/minicluster';
import { Informer, keyOf } from '../kubernetes/informer.ts';
import type { KubernetesApi } from '../kubernetes/kubernetes-api.ts';
import { configMaps, jobs, miniClusters, pods, type Resource, services } from '../kubernetes/resources.ts';

export interface CachesOptions {
  api: KubernetesApi;
  /** Empty: all namespaces. */
  namespaces: readonly string[];
  onChange: (key: string) => void;
  onError: (resource: Resource, error: Error) => void;
}

const owned = [jobs, pods, configMaps, services];

export class Caches {
  readonly #informers = new Map<string, Informer[]>();
  /** Pods by MiniCluster, so that a reconcile does not look through all of them. */
  readonly #pods = new Map<string, Map<string, KubernetesObject>>();

  constructor(options: CachesOptions) {
    const namespaces = options.namespaces.length > 0 ? options.namespaces : [undefined];
    for (const resource of [miniClusters, ...owned]) {
      const informers = namespaces.map(
        (namespace) =>
          new Informer({
            api: options.api,
            resource,
            ...(namespace ? { namespace } : {}),
            ...(resource === miniClusters
              ? {}
              : { labelSelector: resource === pods ? podSelector.labelSelector : clusterLabel }),
            keep: (object) => essence(resource, object),
            onChange: (object) => {
              if (resource === pods) this.#indexPod(object);
              const key = clusterKey(resource, object);
              if (key) options.onChange(key);
            },
            onError: (error) => options.onError(resource, error),
          }),
      );
      this.#informers.set(resource.plural, informers);
    }
  }

  /** Starts all and waits for the first lists. */
  async start(): Promise<void> {
    const all = [...this.#informers.values()].flat();
    for (const informer of all) informer.start();
    await Promise.all(all.map((informer) => informer.synced));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#informers.values()].flat().map((informer) => informer.stop()));
  }

  get(resource: Resource, namespace: string, name: string): KubernetesObject | undefined {
    for (const informer of this.#informers.get(resource.plural) ?? []) {
      const found = informer.get(namespace, name);
      if (found) return found;
    }
    return undefined;
  }

  cluster(key: string): MiniCluster | undefined {
    const [namespace = '', name = ''] = key.split('/');
    return this.get(miniClusters, namespace, name) as unknown as MiniCluster | undefined;
  }

  /** Keys of all MiniClusters. */
  keys(): string[] {
    return (this.#informers.get(miniClusters.plural) ?? []).flatMap((informer) => [...informer.list()].map(keyOf));
  }

  podsOf(key: string): KubernetesObject[] {
    return [...(this.#pods.get(key)?.values() ?? [])];
  }

  /** Takes in what a write answered. */
  put(resource: Resource, object: KubernetesObject): void {
    for (const informer of this.#informers.get(resource.plural) ?? []) informer.put(object);
    if (resource === pods) this.#indexPod(object);
  }

  #indexPod(pod: KubernetesObject): void {
    const key = clusterKey(pods, pod);
    if (!key) return;
    const name = pod.metadata.name;
    const live = this.get(pods, pod.metadata.namespace ?? '', name);
    const known = this.#pods.get(key) ?? new Map<string, KubernetesObject>();
    if (live) known.set(name, live);
    else known.delete(name);
    if (known.size > 0) this.#pods.set(key, known);
    else this.#pods.delete(key);
  }
}

/** An object without what is large and never looked at: who wrote which field, and what pods are made of but for their subdomain. */
function essence(resource: Resource, object: KubernetesObject): KubernetesObject {
  const { managedFields: _managedFields, ...metadata } = object.metadata as KubernetesObject['metadata'] & {
    managedFields?: unknown;
  };
  const { spec, ...rest } = object as KubernetesObject & { spec?: { template?: { spec?: { subdomain?: string } } } };
  if (resource === pods) return { ...rest, metadata };
  if (resource !== jobs || !spec) return { ...object, metadata };
  const { template, ...kept } = spec;
  const { subdomain } = template?.spec ?? {};
  return { ...rest, metadata, spec: { ...kept, template: { spec: { subdomain } } } };
}

function clusterKey(resource: Resource, object: KubernetesObject): string | undefined {
  if (resource === miniClusters) return keyOf(object);
  const name = object.metadata.labels?.[resource === pods ? podSelector.cluster : clusterLabel];
  return name ? `${object.metadata.namespace ?? ''}/${name}` : undefined;
}
