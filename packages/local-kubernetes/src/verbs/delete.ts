import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { timestamp } from './create.ts';
import { checkDeleteOptions, checkPreconditions, type DeleteOptions, planDeletion } from './deletion.ts';
import { type ListOptions, listObjects } from './list.ts';
import { presentObject } from './presentation.ts';
import { cleanupFinalizer, definitionsBucket } from './reactions/custom-definitions.ts';
import {
  type ApiContext,
  bucketOf,
  type Caller,
  keyOf,
  kindOf,
  resourceOf,
  type StoreTransaction,
  type Target,
} from './request.ts';
import { forbidden, notFound } from './status-errors.ts';

export interface DeleteResult {
  /** The object, marked or in its last state. */
  readonly object: KubernetesObject;
  /** It is gone from the store. */
  readonly isRemoved: boolean;
}

/** Resources whose deletion answers with the object even when it is gone at once. */
const answersWithObject = new Set([
  'storageclasses.storage.k8s.io',
  'pods',
  'services',
  'serviceaccounts',
  'persistentvolumes',
  'persistentvolumeclaims',
  'podtemplates',
  'resourcequotas',
]);

/** Namespaces no cluster can be without. */
const keptNamespaces = new Set(['default', 'kube-system', 'kube-public']);

/** Jobs leave their pods behind where nobody says otherwise: kept from their first version, and warned about. */
const orphanedByDefault = new Set(['jobs.batch']);

const orphanWarning =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

/** The options with what the kind does by default. */
function withDefaults(target: Target, options: DeleteOptions, caller: Caller): DeleteOptions {
  const isSaid = options.propagationPolicy !== undefined || options.orphanDependents !== undefined;
  if (isSaid || !orphanedByDefault.has(bucketOf(target.kind))) return options;
  caller.warn(orphanWarning);
  return { ...options, orphansByDefault: true };
}

/** Deletes one object. @throws {StatusError} NotFound, Conflict, Forbidden, BadRequest */
export function deleteObject(
  context: ApiContext,
  target: Target,
  options: DeleteOptions,
  settings: { readonly dryRun: boolean },
  caller: Caller,
): Promise<DeleteResult> {
  checkDeleteOptions(options);
  const all = withDefaults(target, options, caller);
  return context.store.transact((transaction) => deleteInside(context, transaction, target, all, settings, caller));
}

export function deleteInside(
  context: ApiContext,
  transaction: StoreTransaction,
  target: Target,
  options: DeleteOptions,
  settings: { readonly dryRun: boolean },
  caller: Caller,
): DeleteResult {
  const { kind } = target;
  const bucket = bucketOf(kind);
  const key = keyOf(target);
  const item = transaction.get(bucket, key);
  if (!item) throw notFound(resourceOf(target), target.name);
  const { object } = item;
  checkPreconditions(kindOf(target), object, options.preconditions);
  if (bucket === 'namespaces' && keptNamespaces.has(target.name)) {
    throw forbidden(resourceOf(target), target.name, 'this namespace may not be deleted');
  }
  if (kind.group === 'scheduling.k8s.io' && target.name.startsWith('system-')) {
    throw forbidden(resourceOf(target), target.name, 'this is a system priority class and cannot be deleted');
  }
  const isDryRun = settings.dryRun;
  const request = {
    operation: 'DELETE' as const,
    target,
    caller,
    object: undefined,
    oldObject: object,
    isDryRun,
    transaction,
  };
  context.admission.validate(context, request);
  const shown = (result: KubernetesObject) => presentObject(kind, result);
  const plan =
    bucket === 'namespaces'
      ? planNamespaceDeletion(object, context.now())
      : planDeletion(withOwnFinalizers(bucket, object), options, graceOf(bucket, object), context.now());
  switch (plan.action) {
    case 'none':
      return { object: shown(object), isRemoved: false };
    case 'remove':
      if (settings.dryRun) return { object: shown(object), isRemoved: true };
      return {
        object: shown(transaction.delete(bucket, key, lastState(context, bucket, object)).object),
        isRemoved: true,
      };
    case 'mark':
      if (settings.dryRun) return { object: shown(plan.object), isRemoved: false };
      return { object: shown(transaction.put(bucket, key, plan.object).object), isRemoved: false };
  }
}

/** A definition is held until the resources it defines have gone; the hold begins with its deletion. */
function withOwnFinalizers(bucket: string, object: KubernetesObject): KubernetesObject {
  const { finalizers = [], deletionTimestamp } = object.metadata;
  if (bucket !== definitionsBucket || deletionTimestamp || finalizers.includes(cleanupFinalizer)) return object;
  return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, cleanupFinalizer] } };
}

/** Whether a deletion that removed its object still answers with the object. */
export function showsRemovedObject(target: Target): boolean {
  const { group, plural } = target.kind;
  return answersWithObject.has(group ? `${plural}.${group}` : plural);
}

/** Deletes what a list with these options would show, one by one. */
export async function deleteCollection(
  context: ApiContext,
  target: Target,
  selection: ListOptions,
  options: DeleteOptions,
  settings: { readonly dryRun: boolean },
  caller: Caller,
): Promise<ReturnType<typeof listObjects>> {
  checkDeleteOptions(options);
  const list = listObjects(context, target, selection);
  await Promise.all(
    list.items.map(async ({ object }) => {
      const { name = '', namespace = '' } = object.metadata;
      try {
        await deleteObject(context, { ...target, name, namespace }, options, settings, caller);
      } catch (error) {
        // Gone already is what was wanted.
        if (!(error instanceof Error && 'code' in error && error.code === 404)) throw error;
      }
    }),
  );
  return list;
}

/** Pods end gracefully unless nothing of them runs; everything else has no grace. */
function graceOf(bucket: string, object: KubernetesObject): { isGraceful: boolean; seconds: number } {
  if (bucket !== 'pods') return { isGraceful: false, seconds: 0 };
  const spec = object['spec'] as { nodeName?: string; terminationGracePeriodSeconds?: number } | undefined;
  const status = object['status'] as { phase?: string } | undefined;
  const isRunning = Boolean(spec?.nodeName) && status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
  return { isGraceful: isRunning, seconds: isRunning ? (spec?.terminationGracePeriodSeconds ?? 30) : 0 };
}

/** A pod that ends at once is last seen marked, as one that ended in its time. */
function lastState(context: ApiContext, bucket: string, object: KubernetesObject): KubernetesObject | undefined {
  if (bucket !== 'pods') return undefined;
  const last = structuredClone(object);
  last.metadata.deletionTimestamp ??= timestamp(context.now());
  last.metadata.deletionGracePeriodSeconds = 0;
  if (last.metadata.generation) last.metadata.generation += 1;
  return last;
}

/** A namespace goes when its contents are gone: its controller empties spec.finalizers through /finalize. */
function planNamespaceDeletion(object: KubernetesObject, now: Date): ReturnType<typeof planDeletion> {
  const spec = object['spec'] as { finalizers?: string[] } | undefined;
  const holds = (spec?.finalizers ?? []).length > 0 || (object.metadata.finalizers ?? []).length > 0;
  if (!holds) return { action: 'remove' };
  if (object.metadata.deletionTimestamp !== undefined) return { action: 'none' };
  const next = structuredClone(object);
  next.metadata.deletionTimestamp = `${now.toISOString().slice(0, 19)}Z`;
  next['status'] = { ...(next['status'] as object | undefined), phase: 'Terminating' };
  return { action: 'mark', object: next };
}
