/** The official client's knowledge of where an object of any kind stands, by discovery. */
import { KubernetesObjectApi } from '@kubernetes/client-node';
import type { KubernetesObject } from './cluster.ts';

export class ObjectPaths extends KubernetesObjectApi {
  static override makeApiClient(config: Parameters<typeof KubernetesObjectApi.makeApiClient>[0]): ObjectPaths {
    const client = KubernetesObjectApi.makeApiClient(config);
    return Object.setPrototypeOf(client, ObjectPaths.prototype) as ObjectPaths;
  }

  /** For example `/apis/batch/v1/namespaces/default/jobs/x`. */
  async pathOf(object: KubernetesObject): Promise<string> {
    const path = await this.specUriPath(object, 'patch');
    return path.startsWith('/') ? path : `/${path}`;
  }
}
