/** A KubernetesApi whose every write first asks whether this process may write. */
import type { KubernetesApi } from '../kubernetes/kubernetes-api.ts';

/** @param fence throws when it may not */
export function fencedApi(api: KubernetesApi, fence: () => void): KubernetesApi {
  return {
    version: () => api.version(),
    get: (...words) => api.get(...words),
    list: (...words) => api.list(...words),
    watch: (...words) => api.watch(...words),
    async create(...words) {
      fence();
      return api.create(...words);
    },
    async update(...words) {
      fence();
      return api.update(...words);
    },
    async apply(...words) {
      fence();
      return api.apply(...words);
    },
    async patch(...words) {
      fence();
      return api.patch(...words);
    },
    async delete(...words) {
      fence();
      return api.delete(...words);
    },
    async exec(...words) {
      fence();
      return api.exec(...words);
    },
  };
}
