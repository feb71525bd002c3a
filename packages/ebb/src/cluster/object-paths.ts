/** The official client's knowledge of where an object of any kind stands, by discovery. */
import { ApiException, KubernetesObjectApi, type V1APIResource } from '@kubernetes/client-node';
import { commandName } from '../terminal/command-name.ts';
import type { KubernetesObject } from './kubernetes-object.ts';

/** The cluster serves no such kind. */
export class UnknownKindError extends Error {
  constructor(apiVersion: string, kind: string) {
    const remedy = kind === 'MiniCluster' ? `; install the operator with: ${commandName()} install` : '';
    super(`the cluster knows no ${kind} of ${apiVersion}${remedy}`);
    this.name = 'UnknownKindError';
  }
}

export class ObjectPaths extends KubernetesObjectApi {
  static override makeApiClient(config: Parameters<typeof KubernetesObjectApi.makeApiClient>[0]): ObjectPaths {
    const client = KubernetesObjectApi.makeApiClient(config);
    return Object.setPrototypeOf(client, ObjectPaths.prototype) as ObjectPaths;
  }

  /**
   * For example `/apis/batch/v1/namespaces/default/jobs/x`.
   * @throws {UnknownKindError} when the cluster does not serve the kind
   */
  async pathOf(object: Pick<KubernetesObject, 'apiVersion' | 'kind' | 'metadata'>): Promise<string> {
    const path = await this.specUriPath(object, 'patch');
    return path.startsWith('/') ? path : `/${path}`;
  }

  /** With the name as it is: the official client writes all of the path in lower case. */
  protected override async specUriPath(...[object, action]: Parameters<KubernetesObjectApi['specUriPath']>) {
    const path = await super.specUriPath(object, action);
    const name = object.metadata?.name;
    return action === 'create' || !name
      ? path
      : `${path.slice(0, path.lastIndexOf('/') + 1)}${encodeURIComponent(name)}`;
  }

  /** @throws {UnknownKindError} where the official client passes on an answer as it came, or says nothing */
  protected override async resource(apiVersion: string, kind: string): Promise<V1APIResource> {
    try {
      const resource = await super.resource(apiVersion, kind);
      if (resource) return resource;
    } catch (error) {
      if (!(error instanceof ApiException && error.code === 404)) throw error;
    }
    throw new UnknownKindError(apiVersion, kind);
  }
}
