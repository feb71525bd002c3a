import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { serverSideApply } from '../patch/apply.ts';
import { jsonPatch } from '../patch/json-patch.ts';
import { mergePatch } from '../patch/merge-patch.ts';
import { strategicMergePatch } from '../patch/strategic-merge.ts';
import { strategyFor } from '../validation/strategies.ts';
import { createInside } from './create.ts';
import { acceptObject, decodeObject } from './incoming-object.ts';
import { presentObject } from './presentation.ts';
import {
  type ApiContext,
  apiVersionOf,
  bucketOf,
  type Caller,
  keyOf,
  resourceOf,
  type StoreTransaction,
  type Target,
  type WriteOptions,
} from './request.ts';
import { applyConflict, badRequest, invalid, notFound, unsupportedMediaType } from './status-errors.ts';
import { replaceInside } from './update.ts';

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

export const patchMediaTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

export interface PatchResult {
  readonly object: KubernetesObject;
  /** Apply made what was not there. */
  readonly isCreated: boolean;
}

export interface PatchOptions extends WriteOptions {
  /** Apply takes fields from their managers. */
  readonly force: boolean;
}

/** Patches an object; apply creates it where it is not. @throws {StatusError} NotFound, Conflict, Invalid, BadRequest */
export function patchObject(
  context: ApiContext,
  target: Target,
  type: PatchType,
  patch: unknown,
  options: PatchOptions,
  caller: Caller,
): Promise<PatchResult> {
  if (type === 'strategic' && !target.kind.builtIn) {
    throw unsupportedMediaType(Object.keys(patchMediaTypes).filter((name) => patchMediaTypes[name] !== 'strategic'));
  }
  return context.store.transact((transaction) =>
    type === 'apply'
      ? applyInside(context, transaction, target, patch, options, caller)
      : patchInside(context, transaction, target, type, patch, options, caller),
  );
}

function patchInside(
  context: ApiContext,
  transaction: StoreTransaction,
  target: Target,
  type: 'json' | 'merge' | 'strategic',
  patch: unknown,
  options: PatchOptions,
  caller: Caller,
): PatchResult {
  const item = transaction.get(bucketOf(target.kind), keyOf(target));
  if (!item) throw notFound(resourceOf(target), target.name);
  const live = presentObject(target.kind, item.object);
  const patched = acceptObject(target, patchedValue(target, live, type, patch), options.fieldValidation, caller);
  return { object: replaceInside(context, transaction, target, item, patched, options, caller), isCreated: false };
}

function patchedValue(target: Target, live: KubernetesObject, type: PatchType, patch: unknown): unknown {
  if (type === 'json') return jsonPatch(live, patch);
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) {
    throw badRequest('a merge patch is an object; the body is none');
  }
  return type === 'merge' ? mergePatch(live, patch) : strategicMergePatch(live, patch, target.kind.schema);
}

function applyInside(
  context: ApiContext,
  transaction: StoreTransaction,
  target: Target,
  patch: unknown,
  options: PatchOptions,
  caller: Caller,
): PatchResult {
  const { kind, subresource } = target;
  const applied = decodeObject(target, patch, options.fieldValidation, caller);
  if (!options.fieldManager) {
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      { reason: 'FieldValueRequired', message: 'Required value: is required for apply patch', field: 'fieldManager' },
    ]);
  }
  if (applied.metadata.name && applied.metadata.name !== target.name) {
    throw badRequest(
      `the name of the object (${applied.metadata.name}) does not match the name on the URL (${target.name})`,
    );
  }
  if (applied.metadata.managedFields?.length) throw badRequest('metadata.managedFields must be nil');
  const item = transaction.get(bucketOf(kind), keyOf(target));
  if (!item && subresource) throw notFound(resourceOf(target), target.name);
  const live = item && presentObject(kind, item.object);
  const result = serverSideApply({
    live,
    patch: { ...applied, metadata: { ...applied.metadata, name: target.name } },
    schema: kind.schema,
    manager: options.fieldManager,
    force: options.force,
    apiVersion: apiVersionOf(kind),
    subresource,
    time: context.now(),
  });
  if ('conflicts' in result) throw applyConflict(result.conflicts);
  const object = result.object as KubernetesObject;
  strategyFor(kind).applyDefaults(object);
  if (item) {
    return {
      object: replaceInside(context, transaction, target, item, object, options, caller, true),
      isCreated: false,
    };
  }
  return { object: createInside(context, transaction, target, object, options, caller, true), isCreated: true };
}
