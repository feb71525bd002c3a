import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { trackUpdate } from '../patch/apply.ts';
import { strategyFor } from '../validation/strategies.ts';
import { createInside, objectNamespace } from './create.ts';
import { isFinallyGone } from './deletion.ts';
import { checkValid } from './field-errors.ts';
import { acceptObject } from './incoming-object.ts';
import { otherUid } from './other-uid.ts';
import { presentObject, storageObject, versionsOf } from './presentation.ts';
import {
  type ApiContext,
  apiVersionOf,
  bucketOf,
  type Caller,
  keyOf,
  resourceOf,
  type StoredItem,
  type StoreTransaction,
  type Target,
  type WriteOptions,
  type WriteResult,
} from './request.ts';
import { parseRevision } from './revision.ts';
import { isSame } from './same-value.ts';
import { badRequest, invalid, notFound, plainError, staleObject } from './status-errors.ts';

/** Replaces an object; of some kinds it makes what is not there. @throws {StatusError} NotFound, Conflict, Invalid, BadRequest, Forbidden */
export function updateObject(
  context: ApiContext,
  target: Target,
  body: unknown,
  options: WriteOptions,
  caller: Caller,
): Promise<WriteResult> {
  const object = acceptObject(context, target, body, options, caller);
  checkIdentity(target, object);
  return context.store.transact((transaction) => {
    const item = transaction.get(bucketOf(target.kind), keyOf(target));
    if (!item && !strategyFor(target.kind).allowCreateOnUpdate) throw notFound(resourceOf(target), target.name);
    checkUid(target, item, object);
    return item
      ? { object: replaceInside(context, transaction, target, item, object, options, caller), isCreated: false }
      : { object: createInside(context, transaction, target, object, options, caller, 'update'), isCreated: true };
  });
}

/** Puts a whole new state in the place of `item`; every way of changing an object ends here. */
export function replaceInside(
  context: ApiContext,
  transaction: StoreTransaction,
  target: Target,
  item: StoredItem,
  object: KubernetesObject,
  options: WriteOptions,
  caller: Caller,
  isTracked = false,
): KubernetesObject {
  const { kind, subresource } = target;
  const old = presentObject(kind, item.object);
  const { metadata } = object;
  checkIdentity(target, object);
  checkRevision(target, old, object);
  keepSystemFields(old, object);
  // Before admission and the strategy: what they add belongs to nobody.
  const managed = isTracked
    ? metadata.managedFields
    : trackUpdate({
        before: old,
        after: object,
        manager: options.fieldManager,
        apiVersion: apiVersionOf(kind),
        subresource,
        schema: kind.schema,
        time: context.now(),
        hasStatus: kind.subresources.status === true,
        versionOf: versionsOf(context, kind),
      }).metadata.managedFields;
  const strategy = strategyFor(kind);
  const isDryRun = options.dryRun;
  const request = { operation: 'UPDATE' as const, target, caller, object, oldObject: old, isDryRun, transaction };
  context.admission.mutate(context, request);
  strategy.prepareForUpdate(object, old, subresource);
  checkValid(target, strategy.validateUpdate(object, old, subresource));
  for (const text of strategy.warnings(object, old)) caller.warn(text);
  context.admission.validate(context, request);
  if (managed?.length) object.metadata.managedFields = managed;
  else delete object.metadata.managedFields;
  object.metadata.resourceVersion = old.metadata.resourceVersion as string;
  if (isSame(object, old)) return old;
  const stored = storageObject(kind, object, { object: item.object, subresource });
  if (options.dryRun) return presentObject(kind, stored);
  if (isFinallyGone(stored)) return presentObject(kind, transaction.delete(bucketOf(kind), item.key, stored).object);
  return presentObject(kind, transaction.put(bucketOf(kind), item.key, stored).object);
}

/** The object is the one that the path names. @throws {StatusError} BadRequest */
export function checkIdentity(target: Target, { metadata }: KubernetesObject): void {
  metadata.namespace = objectNamespace(target, metadata.namespace);
  if (!metadata.namespace) delete metadata.namespace;
  if (!metadata.name) {
    throw badRequest(`the name of the object (${target.name} based on URL) was undeterminable: name must be provided`);
  }
  if (metadata.name !== target.name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${target.name})`);
  }
}

/** A client that names a uid means that object and no other of the same name. @throws {StatusError} Conflict */
function checkUid(target: Target, item: StoredItem | undefined, object: KubernetesObject): void {
  const { uid } = object.metadata;
  const found = item?.object.metadata.uid ?? '';
  if (uid && uid !== found) throw otherUid(target, uid, found);
}

/** The object is of the revision that it names, where it names one. @throws {StatusError} Conflict, Invalid */
export function checkRevision(target: Target, old: KubernetesObject, object: KubernetesObject): void {
  const revision = parseRevision(object.metadata.resourceVersion ?? '', plainError);
  if (revision === 0) {
    if (!strategyFor(target.kind).allowUnconditionalUpdate) {
      // A real server names the resource here, not the kind.
      throw invalid({ group: target.kind.group, kind: target.kind.plural }, target.name, [
        {
          reason: 'FieldValueInvalid',
          message: 'Invalid value: 0: must be specified for an update',
          field: 'metadata.resourceVersion',
        },
      ]);
    }
    // Without a revision the update is to what is there now.
    object.metadata.resourceVersion = old.metadata.resourceVersion as string;
    return;
  }
  if (revision !== Number(old.metadata.resourceVersion)) throw staleObject(resourceOf(target), target.name);
}

/** What no client may change: identity, birth and the state of deletion. */
function keepSystemFields(old: KubernetesObject, object: KubernetesObject): void {
  const { metadata } = object;
  metadata.uid ??= old.metadata.uid as string;
  for (const field of ['creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'generation'] as const) {
    const value = old.metadata[field];
    if (value === undefined) delete metadata[field];
    else Object.assign(metadata, { [field]: value });
  }
  if (old.metadata.generateName !== undefined && metadata.generateName === undefined) {
    metadata.generateName = old.metadata.generateName;
  }
}
