// The port through which everything but the API server itself sees Kubernetes: controllers, scheduler and node agent
// are its clients, whether they live in the server's process or reach a real control plane over HTTPS.

import type { KubernetesList, KubernetesObject } from './kubernetes-object.ts';

/** One resource: `{ apiVersion: 'batch/v1', plural: 'jobs', namespace: 'default', name: 'x', subresource: 'status' }`. */
export interface ResourceRef {
  apiVersion: string;
  plural: string;
  namespace?: string;
  name: string;
  subresource?: string;
}

/** A collection: without a namespace all of them. */
export type CollectionRef = Omit<ResourceRef, 'name' | 'subresource'>;

/** Where something is created: a collection, or a subresource such as `pods/NAME/binding`. */
export type CreateRef = CollectionRef & { name?: string; subresource?: string };

export interface ListOptions {
  labelSelector?: string;
  fieldSelector?: string;
  limit?: number;
  continue?: string;
  resourceVersion?: string;
  resourceVersionMatch?: 'Exact' | 'NotOlderThan';
}

export interface WatchOptions {
  resourceVersion?: string;
  labelSelector?: string;
  fieldSelector?: string;
  allowWatchBookmarks?: boolean;
  sendInitialEvents?: boolean;
  resourceVersionMatch?: 'NotOlderThan';
  signal?: AbortSignal;
}

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: KubernetesObject;
}

export interface WriteOptions {
  fieldManager?: string;
  dryRun?: boolean;
}

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

export interface ApplyOptions extends WriteOptions {
  /** Apply takes fields from their managers. */
  force?: boolean;
}

export interface DeleteOptions {
  propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  gracePeriodSeconds?: number;
  preconditions?: { uid?: string; resourceVersion?: string };
}

/** Every method rejects with a StatusError when the API refuses. Objects handed out are the caller's own. */
export interface KubernetesClient {
  get(ref: ResourceRef): Promise<KubernetesObject>;
  list(collection: CollectionRef, options?: ListOptions): Promise<KubernetesList>;
  create(ref: CreateRef, object: object, options?: WriteOptions): Promise<KubernetesObject>;
  update(ref: ResourceRef, object: object, options?: WriteOptions): Promise<KubernetesObject>;
  patch(ref: ResourceRef, patch: unknown, type: PatchType, options?: ApplyOptions): Promise<KubernetesObject>;
  delete(ref: ResourceRef, options?: DeleteOptions): Promise<void>;
  /** Ends when `signal` is aborted or the server closes the watch. An ERROR event is thrown as a StatusError. */
  watch(collection: CollectionRef, options?: WatchOptions): AsyncIterable<WatchEvent>;
}
