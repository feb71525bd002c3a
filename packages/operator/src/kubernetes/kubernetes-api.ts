/** The port through which everything in this package reaches Kubernetes: tests put a simulated cluster behind it. */
import type { Duplex } from 'node:stream';
import type { KubernetesObject } from '@ebb/minicluster';
import type { Resource } from './resources.ts';

export interface ObjectList {
  metadata: { resourceVersion?: string; continue?: string };
  items: KubernetesObject[];
}

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: KubernetesObject;
}

export interface ExecOptions {
  namespace: string;
  pod: string;
  container: string;
  command: readonly string[];
  signal?: AbortSignal;
}

export interface KubernetesApi {
  /** Version of the API server, such as { major: 1, minor: 35 }. */
  version(): Promise<{ major: number; minor: number; text: string }>;
  get(resource: Resource, namespace: string, name: string): Promise<KubernetesObject>;
  list(
    resource: Resource,
    namespace: string | undefined,
    options?: { labelSelector?: string; limit?: number; continue?: string },
  ): Promise<ObjectList>;
  /** Ends when the server ends it; throws ApiError with `isExpired` when the version is too old. */
  watch(
    resource: Resource,
    namespace: string | undefined,
    options: { labelSelector?: string; resourceVersion: string; signal: AbortSignal },
  ): AsyncIterable<WatchEvent>;
  create(object: KubernetesObject): Promise<KubernetesObject>;
  /** Replaces the object or a subresource of it; fails with a conflict when its resourceVersion is not the latest. */
  update(object: KubernetesObject, subresource?: string): Promise<KubernetesObject>;
  /** Server-side apply with the operator's field manager, forced. */
  apply(object: KubernetesObject): Promise<KubernetesObject>;
  /** Merge patch; give metadata.resourceVersion in it to make it conditional. */
  patch(resource: Resource, namespace: string, name: string, patch: unknown): Promise<KubernetesObject>;
  delete(
    resource: Resource,
    namespace: string,
    name: string,
    options?: { uid?: string; propagationPolicy?: string },
  ): Promise<void>;
  /** Standard input and output of a command in a container, as one stream; it ends when the command does. */
  exec(options: ExecOptions): Promise<Duplex>;
}

/** Name under which the operator's fields are kept in managedFields. */
export const fieldManager = 'ebb-operator';
