import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { trackUpdate } from '../patch/apply.ts';
import { strategyFor } from '../validation/strategies.ts';
import { checkValid } from './field-errors.ts';
import { acceptObject } from './incoming-object.ts';
import { generatedName } from './names.ts';
import { presentObject, storageObject } from './presentation.ts';
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
import { parseRevision } from './revision.ts';
import { alreadyExists, badRequest, generateNameConflict, notRun, plainError } from './status-errors.ts';

const nameAttempts = 8;

/**
 * Creates an object. `target.name` is ignored but for apply, which names it.
 * @throws {StatusError} AlreadyExists, Invalid, BadRequest, Forbidden, MethodNotAllowed for a kind that nothing here runs
 */
export function createObject(
  context: ApiContext,
  target: Target,
  body: unknown,
  options: WriteOptions,
  caller: Caller,
): Promise<KubernetesObject> {
  const object = acceptObject(context, target, body, options, caller);
  return context.store.transact((transaction) => createInside(context, transaction, target, object, options, caller));
}

/** The verb that makes an object: an update and an apply make what is not there. */
export type Origin = 'create' | 'update' | 'apply';

/** The creation of an accepted, shaped object inside a transaction; an apply has tracked its managed fields already. */
export function createInside(
  context: ApiContext,
  transaction: StoreTransaction,
  target: Target,
  object: KubernetesObject,
  options: WriteOptions,
  caller: Caller,
  origin: Origin = 'create',
): KubernetesObject {
  const { kind } = target;
  if (kind.notRun) throw notRun(resourceOf(target), kind.notRun);
  const { metadata } = object;
  metadata.namespace = objectNamespace(target, metadata.namespace);
  if (!metadata.namespace) delete metadata.namespace;
  if (parseRevision(metadata.resourceVersion ?? '', plainError) !== 0 && origin === 'create') {
    throw plainError('resourceVersion should not be set on objects to be created');
  }
  const isGenerated = !metadata.name && Boolean(metadata.generateName);
  const bucket = bucketOf(kind);
  if (isGenerated) {
    for (let attempt = 0; attempt < nameAttempts; attempt++) {
      metadata.name = generatedName(metadata.generateName as string, context.newSuffix());
      if (!transaction.get(bucket, keyOf({ ...target, name: metadata.name }))) break;
    }
  }
  stampNew(context, object);
  const strategy = strategyFor(kind);
  if (strategy.namesItself && !metadata.name) metadata.name = metadata.uid as string;
  const named: Target = { ...target, name: metadata.name ?? '' };
  // Before admission and the strategy: what they add belongs to nobody.
  const managed =
    origin === 'apply' ? metadata.managedFields : managedFields(context, target, object, options.fieldManager);
  const request = {
    operation: 'CREATE' as const,
    target: named,
    caller,
    object,
    oldObject: undefined,
    isDryRun: options.dryRun,
    isImplied: origin !== 'create',
    transaction,
  };
  context.admission.mutate(context, request);
  strategy.prepareForCreate(object);
  checkValid(named, strategy.validateCreate(object));
  for (const text of strategy.warnings(object)) caller.warn(text);
  context.admission.validate(context, request);
  // Defaults that look at what was generated meanwhile, as a real server fills them in when it reads what it stored.
  strategy.applyDefaults(object);
  if (transaction.get(bucket, keyOf(named))) {
    throw metadata.generateName
      ? generateNameConflict(resourceOf(named), named.name)
      : alreadyExists(resourceOf(named), named.name);
  }
  if (managed?.length) object.metadata.managedFields = managed;
  const stored = storageObject(kind, object);
  if (options.dryRun) return presentObject(kind, stored);
  return presentObject(kind, transaction.put(bucket, keyOf(named), stored).object);
}

function managedFields(context: ApiContext, { kind, subresource }: Target, after: KubernetesObject, manager: string) {
  return trackUpdate({
    before: undefined,
    after,
    manager,
    apiVersion: apiVersionOf(kind),
    subresource,
    schema: kind.schema,
    time: context.now(),
    hasStatus: kind.subresources.status === true,
  }).metadata.managedFields;
}

/** @throws {StatusError} BadRequest when the object names another namespace than the path */
export function objectNamespace(target: Target, namespace: string | undefined): string {
  if (!target.kind.namespaced) return '';
  if (namespace && namespace !== target.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  return target.namespace;
}

function stampNew(context: ApiContext, object: KubernetesObject): void {
  const { metadata } = object;
  delete metadata.resourceVersion;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  metadata.uid = context.newUid();
  metadata.creationTimestamp = timestamp(context.now());
}

/** metav1.Time: seconds, in UTC. */
export function timestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
