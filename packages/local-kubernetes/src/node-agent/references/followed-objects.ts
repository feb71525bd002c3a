// The ConfigMaps and Secrets that running pods follow: one watch for each object, however many pods it has.

import { Informer } from '../../client/informer.ts';
import type { KubernetesClient } from '../../client/kubernetes-client.ts';

export interface FollowedRef {
  readonly plural: 'configmaps' | 'secrets';
  readonly namespace: string;
  readonly name: string;
}

interface Followed {
  readonly informer: Informer;
  readonly listeners: Set<() => void>;
}

export class FollowedObjects {
  readonly #client: KubernetesClient;
  readonly #failed: (error: unknown) => void;
  readonly #followed = new Map<string, Followed>();

  /** @param failed hears of a watch that is tried again */
  constructor(client: KubernetesClient, failed: (error: unknown) => void) {
    this.#client = client;
    this.#failed = failed;
  }

  /**
   * @param changed hears that the object may be another than before, and once at the beginning
   * @returns the way to stop
   */
  follow(ref: FollowedRef, changed: () => void): () => void {
    const key = `${ref.plural}/${ref.namespace}/${ref.name}`;
    const followed = this.#followed.get(key) ?? this.#start(ref);
    this.#followed.set(key, followed);
    followed.listeners.add(changed);
    return () => {
      if (!followed.listeners.delete(changed) || followed.listeners.size > 0) return;
      this.#followed.delete(key);
      void followed.informer.stop();
    };
  }

  async stop(): Promise<void> {
    const all = [...this.#followed.values()];
    this.#followed.clear();
    await Promise.all(all.map(({ informer }) => informer.stop()));
  }

  #start({ plural, namespace, name }: FollowedRef): Followed {
    const listeners = new Set<() => void>();
    const options = { fieldSelector: `metadata.name=${name}`, onError: this.#failed };
    const informer = new Informer(this.#client, { apiVersion: 'v1', plural, namespace }, options);
    informer.onChange(() => {
      for (const listener of [...listeners]) listener();
    });
    return { informer: informer.start(), listeners };
  }
}
