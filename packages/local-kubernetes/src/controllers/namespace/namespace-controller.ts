// Empties a namespace that is being deleted, and then lets it go (namespaces/NAME/finalize).

import { Informer } from '../../client/informer.ts';
import type { CollectionRef } from '../../client/kubernetes-client.ts';
import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { StatusError } from '../../client/status-error.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import type { ControllerContext } from '../controller-context.ts';

const namespaces = { apiVersion: 'v1', plural: 'namespaces' };
const lookAgainMs = 200;
/** By which this controller holds a namespace. */
const own = 'kubernetes';

/** @param collections the namespaced kinds there are now */
export function startNamespaceController(
  { client, log }: ControllerContext,
  collections: () => CollectionRef[],
): { stop(): Promise<void> } {
  const queue = new WorkQueue(sync, { onError: (key, error) => log(`${key}: ${String(error)}`) });
  const informer = new Informer(client, namespaces, { onError: (error) => log(String(error)) })
    .onChange((object, change) => {
      if (change !== 'deleted' && object.metadata.deletionTimestamp) queue.add(object.metadata.name!);
    })
    .start();

  async function sync(name: string): Promise<number | undefined> {
    const namespace = informer.get(undefined, name);
    // What others hold it by is for them to take away.
    if (!namespace?.metadata.deletionTimestamp || !finalizersOf(namespace).includes(own)) return undefined;
    const left = (await Promise.all(collections().map((collection) => empty(collection, name)))).reduce(
      (sum, count) => sum + count,
      0,
    );
    if (left > 0) return lookAgainMs;
    await release(namespace);
    return undefined;
  }

  /** Deletes what is there, and says how much was. */
  async function empty(collection: CollectionRef, namespace: string): Promise<number> {
    const items = await listed({ ...collection, namespace });
    await Promise.all(
      items
        .filter(({ metadata }) => !metadata.deletionTimestamp)
        .map(({ metadata }) =>
          tolerant(
            client.delete(
              { ...collection, namespace, name: metadata.name! },
              { propagationPolicy: 'Background', preconditions: { uid: metadata.uid! } },
            ),
          ),
        ),
    );
    return items.length;
  }

  async function listed(collection: CollectionRef): Promise<KubernetesObject[]> {
    try {
      return (await client.list(collection)).items;
    } catch (error) {
      // A kind may go between being named and being asked for.
      if (error instanceof StatusError && (error.code === 404 || error.code === 405)) return [];
      throw error;
    }
  }

  async function release(namespace: KubernetesObject): Promise<void> {
    const name = namespace.metadata.name!;
    const kept = finalizersOf(namespace).filter((finalizer) => finalizer !== own);
    await tolerant(
      client.update(
        { ...namespaces, name, subresource: 'finalize' },
        { ...namespace, spec: { ...(namespace['spec'] as object), finalizers: kept } },
      ),
    );
  }

  return {
    async stop() {
      await informer.stop();
      await queue.stop();
    },
  };
}

function finalizersOf(namespace: KubernetesObject): string[] {
  return (namespace['spec'] as { finalizers?: string[] | null } | undefined)?.finalizers ?? [];
}

async function tolerant(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof StatusError && (error.code === 404 || error.code === 409))) throw error;
  }
}
