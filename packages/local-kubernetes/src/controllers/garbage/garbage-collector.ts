// Deletes what belongs to an owner that is gone, and takes the finalizers of foreground and orphan deletion away when
// their work is done.

import { Informer } from '../../client/informer.ts';
import type { CollectionRef } from '../../client/kubernetes-client.ts';
import type { KubernetesObject, OwnerReference } from '../../client/kubernetes-object.ts';
import { StatusError } from '../../client/status-error.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import type { ControllerContext } from '../controller-context.ts';

interface Known {
  readonly collection: CollectionRef;
  readonly object: KubernetesObject;
}

const foreground = 'foregroundDeletion';
const orphan = 'orphan';

/** `collections` are the kinds that own or are owned; more may come with `watch`, as custom resources do. */
export function startGarbageCollector(
  { client, log }: ControllerContext,
  collections: readonly CollectionRef[],
): {
  watch(collection: CollectionRef): void;
  unwatch(collection: CollectionRef): Promise<void>;
  stop(): Promise<void>;
} {
  const objects = new Map<string, Known>();
  const dependents = new Map<string, Set<string>>();
  const informers = new Map<string, Informer>();
  const queue = new WorkQueue(sync, {
    workers: 8,
    onError: (key, error) => log(`garbage collector, ${key}: ${String(error)}`),
  });

  function watch(collection: CollectionRef): void {
    const key = `${collection.apiVersion}/${collection.plural}`;
    if (informers.has(key)) return;
    const informer = new Informer(client, collection, { onError: (error) => log(String(error)) });
    informer.onChange((object, change) => (change === 'deleted' ? forget(object) : remember(collection, object)));
    informers.set(key, informer.start());
  }

  async function unwatch(collection: CollectionRef): Promise<void> {
    const key = `${collection.apiVersion}/${collection.plural}`;
    const informer = informers.get(key);
    informers.delete(key);
    await informer?.stop();
    for (const object of informer?.list() ?? []) forget(object);
  }

  function remember(collection: CollectionRef, object: KubernetesObject): void {
    const uid = object.metadata.uid!;
    const before = objects.get(uid)?.object;
    objects.set(uid, { collection, object });
    for (const owner of before?.metadata.ownerReferences ?? []) dependents.get(owner.uid)?.delete(uid);
    for (const owner of object.metadata.ownerReferences ?? []) {
      const set = dependents.get(owner.uid) ?? new Set();
      dependents.set(owner.uid, set.add(uid));
    }
    if ((object.metadata.ownerReferences ?? []).length > 0 || object.metadata.deletionTimestamp) queue.add(uid);
  }

  function forget(object: KubernetesObject): void {
    const uid = object.metadata.uid!;
    objects.delete(uid);
    for (const dependent of dependents.get(uid) ?? []) queue.add(dependent);
    dependents.delete(uid);
    for (const owner of object.metadata.ownerReferences ?? []) {
      dependents.get(owner.uid)?.delete(uid);
      if (objects.has(owner.uid)) queue.add(owner.uid);
    }
  }

  async function sync(uid: string): Promise<undefined> {
    const known = objects.get(uid);
    if (!known) return;
    const { object } = known;
    if (object.metadata.deletionTimestamp) await finishDeletion(known);
    const owners = object.metadata.ownerReferences ?? [];
    if (owners.length === 0 || object.metadata.deletionTimestamp) return;
    const states = await Promise.all(owners.map((owner) => stateOf(owner, object.metadata.namespace)));
    if (states.some((state) => state === 'lives')) return;
    const waits = states.some((state) => state === 'deletes dependents');
    await remove(known, waits ? 'Foreground' : undefined);
  }

  async function stateOf(
    owner: OwnerReference,
    namespace: string | undefined,
  ): Promise<'lives' | 'gone' | 'deletes dependents'> {
    const known = objects.get(owner.uid)?.object;
    if (known) {
      return known.metadata.deletionTimestamp && known.metadata.finalizers?.includes(foreground)
        ? 'deletes dependents'
        : 'lives';
    }
    const collection = [...informers.keys()].find(
      (key) => key.startsWith(`${owner.apiVersion}/`) && isPluralOf(key, owner.kind),
    );
    if (!collection) return 'lives'; // an owner of a kind that is not watched: nothing is known, so nothing is deleted
    const plural = collection.slice(collection.lastIndexOf('/') + 1);
    for (const where of [namespace, undefined]) {
      try {
        const ref = { apiVersion: owner.apiVersion, plural, name: owner.name, ...(where ? { namespace: where } : {}) };
        const found = await client.get(ref);
        if (found.metadata.uid === owner.uid) return 'lives';
      } catch (error) {
        if (!(error instanceof StatusError && error.code === 404)) throw error;
      }
    }
    return 'gone';
  }

  async function finishDeletion({ collection, object }: Known): Promise<void> {
    const finalizers = object.metadata.finalizers ?? [];
    const children = [...(dependents.get(object.metadata.uid!) ?? [])]
      .map((uid) => objects.get(uid))
      .filter((each) => each !== undefined);
    if (finalizers.includes(orphan)) {
      await Promise.all(children.map((child) => disown(child, object.metadata.uid!)));
      await withoutFinalizer(collection, object, orphan);
    } else if (finalizers.includes(foreground)) {
      for (const child of children) if (!child.object.metadata.deletionTimestamp) await remove(child, 'Foreground');
      const blocking = children.filter(({ object: child }) =>
        child.metadata.ownerReferences?.some((owner) => owner.uid === object.metadata.uid && owner.blockOwnerDeletion),
      );
      if (blocking.length === 0) await withoutFinalizer(collection, object, foreground);
    }
  }

  async function remove({ collection, object }: Known, propagationPolicy?: 'Foreground'): Promise<void> {
    const { namespace, name, uid } = object.metadata;
    await tolerant(
      client.delete(
        { ...collection, ...(namespace ? { namespace } : {}), name: name! },
        { preconditions: { uid: uid! }, propagationPolicy: propagationPolicy ?? 'Background' },
      ),
    );
  }

  async function disown({ collection, object }: Known, ownerUid: string): Promise<void> {
    const { namespace, name, uid, ownerReferences } = object.metadata;
    const kept = ownerReferences?.filter((owner) => owner.uid !== ownerUid);
    const ref = { ...collection, ...(namespace ? { namespace } : {}), name: name! };
    await tolerant(client.patch(ref, { metadata: { uid, ownerReferences: kept } }, 'merge'));
  }

  async function withoutFinalizer(
    collection: CollectionRef,
    object: KubernetesObject,
    finalizer: string,
  ): Promise<void> {
    const { namespace, name, uid, finalizers } = object.metadata;
    const kept = finalizers?.filter((each) => each !== finalizer);
    const ref = { ...collection, ...(namespace ? { namespace } : {}), name: name! };
    await tolerant(client.patch(ref, { metadata: { uid, finalizers: kept } }, 'merge'));
  }

  for (const collection of collections) watch(collection);
  return {
    watch,
    unwatch,
    async stop() {
      await Promise.all([...informers.values()].map((informer) => informer.stop()));
      await queue.stop();
    },
  };
}

function isPluralOf(key: string, kind: string): boolean {
  const plural = key.slice(key.lastIndexOf('/') + 1);
  const singular = kind.toLowerCase();
  return (
    plural === `${singular}s` ||
    plural === `${singular}es` ||
    plural === `${singular.slice(0, -1)}ies` ||
    plural === singular
  );
}

/** The object may be gone, or another one of its name; then there is nothing left to do. */
async function tolerant(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof StatusError && (error.code === 404 || error.code === 409))) throw error;
  }
}
