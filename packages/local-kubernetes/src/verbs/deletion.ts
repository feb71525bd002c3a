// The decision of a deletion: at once, after a grace period, or when its finalizers are gone.
// Facts: k8s.io/apiserver pkg/registry/generic/registry/store.go and pkg/registry/rest/delete.go; KEP-1160 style
// finalizers `orphan` and `foregroundDeletion` carry the propagation policy to the garbage collector.

import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { badRequest, conflict, invalid, type QualifiedKind } from './status-errors.ts';

export type PropagationPolicy = 'Orphan' | 'Background' | 'Foreground';

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: PropagationPolicy;
  readonly orphanDependents?: boolean;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  /** The kind's own policy where neither the client nor the object's finalizers say one. */
  readonly orphansByDefault?: boolean;
}

export type DeletionPlan =
  | { readonly action: 'remove' }
  /** The object stays, marked, until its grace is over or its finalizers are gone. */
  | { readonly action: 'mark'; readonly object: KubernetesObject }
  /** It is already being deleted and nothing about that changes. */
  | { readonly action: 'none' };

const orphanFinalizer = 'orphan';
const foregroundFinalizer = 'foregroundDeletion';

/** An object marked for deletion whose grace is over and that no finalizer holds. */
export function isFinallyGone({ metadata }: KubernetesObject): boolean {
  return (
    metadata.deletionTimestamp !== undefined &&
    (metadata.finalizers ?? []).length === 0 &&
    (metadata.deletionGracePeriodSeconds ?? 0) === 0
  );
}

/** @throws {StatusError} Conflict when the object is not the one the client means */
export function checkPreconditions(
  kind: QualifiedKind,
  object: KubernetesObject,
  preconditions: DeleteOptions['preconditions'],
): void {
  const { uid, resourceVersion, name = '' } = object.metadata;
  // A real server names the kind here where others name the resource.
  const named = { group: kind.group, resource: kind.kind };
  if (preconditions?.uid !== undefined && preconditions.uid !== uid) {
    throw conflict(
      named,
      name,
      `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  }
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion) {
    throw conflict(
      named,
      name,
      `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
  }
}

/** @throws {StatusError} BadRequest for options that contradict each other or are no options */
export function checkDeleteOptions({ propagationPolicy, orphanDependents, gracePeriodSeconds }: DeleteOptions): void {
  if (propagationPolicy !== undefined && orphanDependents !== undefined) {
    refuse(
      'FieldValueInvalid',
      `Invalid value: "${propagationPolicy}": orphanDependents and deletionPropagation cannot be both set`,
    );
  }
  if (propagationPolicy !== undefined && !['Orphan', 'Background', 'Foreground'].includes(propagationPolicy)) {
    refuse(
      'FieldValueNotSupported',
      `Unsupported value: "${propagationPolicy}": supported values: "Foreground", "Background", "Orphan", "nil"`,
    );
  }
  if (gracePeriodSeconds !== undefined && !Number.isInteger(gracePeriodSeconds)) {
    throw badRequest('gracePeriodSeconds must be a whole number of seconds');
  }
}

function refuse(reason: string, message: string): never {
  throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [{ reason, message, field: 'propagationPolicy' }]);
}

/**
 * Plans the deletion of `object`.
 * @param grace the seconds the kind grants when the client names none (0 for all but pods)
 */
export function planDeletion(
  object: KubernetesObject,
  options: DeleteOptions,
  grace: { readonly isGraceful: boolean; readonly seconds: number },
  now: Date,
): DeletionPlan {
  const { metadata } = object;
  const finalizers = finalizersAfter(metadata.finalizers ?? [], options);
  const asked = options.gracePeriodSeconds ?? grace.seconds;
  // A negative period means one second.
  const seconds = grace.isGraceful ? (asked < 0 ? 1 : asked) : 0;

  if (metadata.deletionTimestamp !== undefined) {
    const left = metadata.deletionGracePeriodSeconds ?? 0;
    // What is being deleted may be asked to go sooner, whatever its kind would grant it by now.
    const sooner = options.gracePeriodSeconds === undefined ? left : asked < 0 ? 1 : asked;
    const isShorter = sooner < left;
    if (left > 0 && !isShorter) return unchangedOrMarked(object, finalizers);
    if (finalizers.length > 0) return unchangedOrMarked(object, finalizers, isShorter ? sooner : undefined, now);
    return sooner > 0 && isShorter
      ? { action: 'mark', object: marked(object, finalizers, sooner, now) }
      : { action: 'remove' };
  }
  if (seconds === 0 && finalizers.length === 0) return { action: 'remove' };
  return { action: 'mark', object: marked(object, finalizers, seconds, now) };
}

function finalizersAfter(present: readonly string[], options: DeleteOptions): string[] {
  const { propagationPolicy, orphanDependents } = options;
  const others = present.filter((each) => each !== orphanFinalizer && each !== foregroundFinalizer);
  if (propagationPolicy === 'Orphan' || orphanDependents === true) return [...others, orphanFinalizer];
  if (propagationPolicy === 'Foreground') return [...others, foregroundFinalizer];
  if (propagationPolicy === 'Background' || orphanDependents === false) return others;
  return options.orphansByDefault && others.length === present.length ? [...present, orphanFinalizer] : [...present];
}

function unchangedOrMarked(object: KubernetesObject, finalizers: string[], seconds?: number, now?: Date): DeletionPlan {
  const present = object.metadata.finalizers ?? [];
  const isUnchanged = present.length === finalizers.length && present.every((each) => finalizers.includes(each));
  if (isUnchanged && seconds === undefined) return { action: 'none' };
  const next = structuredClone(object);
  next.metadata.finalizers = finalizers;
  if (seconds !== undefined && now) {
    next.metadata.deletionGracePeriodSeconds = seconds;
    next.metadata.deletionTimestamp = inSeconds(now, seconds);
  }
  return { action: 'mark', object: next };
}

function marked(object: KubernetesObject, finalizers: string[], seconds: number, now: Date): KubernetesObject {
  const next = structuredClone(object);
  next.metadata.deletionTimestamp = inSeconds(now, seconds);
  next.metadata.deletionGracePeriodSeconds = seconds;
  if (finalizers.length > 0) next.metadata.finalizers = finalizers;
  else delete next.metadata.finalizers;
  // Marking is a change of intent, so controllers see a new generation.
  if (next.metadata.generation) next.metadata.generation += 1;
  return next;
}

function inSeconds(now: Date, seconds: number): string {
  return `${new Date(now.getTime() + seconds * 1000).toISOString().slice(0, 19)}Z`;
}
