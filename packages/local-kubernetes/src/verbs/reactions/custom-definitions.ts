// What follows from a CustomResourceDefinition: its names are accepted or not, its versions are served, and when it is
// deleted its resources go first. The registry is changed in the same turn in which the definition becomes visible, so
// a client that saw the answer can use the resource at once.

import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { compileCustomResource } from '../../custom-resources/compile.ts';
import { trackUpdate } from '../../patch/apply.ts';
import type { Change } from '../../store/history.ts';
import { timestamp } from '../create.ts';
import { planDeletion } from '../deletion.ts';
import type { ApiContext, StoreTransaction } from '../request.ts';

export const definitionsBucket = 'customresourcedefinitions.apiextensions.k8s.io';
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

interface Names {
  plural: string;
  singular?: string;
  kind: string;
  listKind?: string;
  shortNames?: string[];
}

interface Condition {
  type: string;
  status: 'True' | 'False';
  reason: string;
  message: string;
  lastTransitionTime?: string;
}

interface DefinitionStatus {
  conditions?: Condition[];
  acceptedNames?: Partial<Names>;
  storedVersions?: string[];
}

/** Serves what is defined already, and follows every change. Returns the way to stop. */
export function followDefinitions(context: ApiContext, log: (text: string) => void): () => void {
  const { store } = context;
  const react = (definition: KubernetesObject): void => {
    settle(context, definition).catch((error: unknown) =>
      log(`custom resource ${definition.metadata.name}: ${String(error)}`),
    );
  };
  for (const { object } of store.list(definitionsBucket).items) {
    serve(context, object);
    react(object);
  }
  return store.onChange((change: Change<KubernetesObject>) => {
    const { object } = change.item;
    if (change.bucket === definitionsBucket) {
      if (change.type === 'DELETED') context.resources.removeCustom(object.metadata.name as string);
      else {
        serve(context, object);
        react(object);
      }
      return;
    }
    if (change.type !== 'DELETED' || !change.bucket.includes('.')) return;
    // The last resource of a definition that waits to be deleted may have gone.
    const definition = store.get(definitionsBucket, change.bucket)?.object;
    if (definition?.metadata.deletionTimestamp) react(definition);
  });
}

/** Serves an accepted definition in the registry; one with refused names is not served. */
function serve(context: ApiContext, definition: KubernetesObject): void {
  const name = definition.metadata.name as string;
  if (nameConflict(context, definition)) return;
  context.resources.setCustom(name, compileCustomResource(definition));
}

async function settle(context: ApiContext, definition: KubernetesObject): Promise<void> {
  const name = definition.metadata.name as string;
  if (definition.metadata.deletionTimestamp) return cleanUp(context, name);
  if (isSettled(context, definition)) return;
  await context.store.transact((transaction) => {
    const item = transaction.get(definitionsBucket, name);
    if (!item || isSettled(context, item.object)) return;
    const after = structuredClone(item.object);
    after['status'] = statusOf(context, after);
    const { schema, version } = context.resources.find('apiextensions.k8s.io', 'v1', 'customresourcedefinitions')!;
    const next = trackUpdate({
      before: item.object,
      after,
      manager: 'kube-apiserver',
      apiVersion: `apiextensions.k8s.io/${version}`,
      subresource: 'status',
      schema,
      time: context.now(),
    });
    transaction.put(definitionsBucket, name, next);
  });
}

function isSettled(context: ApiContext, definition: KubernetesObject): boolean {
  const status = (definition['status'] ?? {}) as DefinitionStatus;
  const wanted = statusOf(context, definition);
  return (
    JSON.stringify(status.conditions) === JSON.stringify(wanted.conditions) &&
    JSON.stringify(status.storedVersions) === JSON.stringify(wanted.storedVersions) &&
    JSON.stringify(sorted(status.acceptedNames)) === JSON.stringify(sorted(wanted.acceptedNames))
  );
}

function sorted(names: object = {}): object {
  return Object.fromEntries(Object.entries(names).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function statusOf(context: ApiContext, definition: KubernetesObject): DefinitionStatus {
  const old = (definition['status'] ?? {}) as DefinitionStatus;
  const spec = definition['spec'] as { names: Names; versions: { name: string; storage?: boolean }[] };
  const conflict = nameConflict(context, definition);
  const now = timestamp(context.now());
  const condition = (type: string, isTrue: boolean, reason: string, message: string): Condition => {
    const status = isTrue ? 'True' : 'False';
    const before = old.conditions?.find((each) => each.type === type);
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : now;
    return { ...(lastTransitionTime ? { lastTransitionTime } : {}), message, reason, status, type };
  };
  const wasEstablished =
    old.conditions?.some(({ type, status }) => type === 'Established' && status === 'True') ?? false;
  const conditions = conflict
    ? [
        condition('NamesAccepted', false, conflict.reason, conflict.message),
        wasEstablished
          ? condition('Established', true, 'InitialNamesAccepted', 'the initial names have been accepted')
          : condition('Established', false, 'NotAccepted', 'not all names are accepted'),
      ]
    : [
        condition('NamesAccepted', true, 'NoConflicts', 'no conflicts found'),
        condition('Established', true, 'InitialNamesAccepted', 'the initial names have been accepted'),
      ];
  const others = (old.conditions ?? []).filter(({ type }) => type !== 'NamesAccepted' && type !== 'Established');
  const storage = spec.versions.find((version) => version.storage)?.name;
  return {
    ...old,
    conditions: [...conditions, ...others],
    acceptedNames: conflict ? (old.acceptedNames ?? { plural: '', kind: '' }) : spec.names,
    storedVersions: [...new Set([...(old.storedVersions ?? []), ...(storage ? [storage] : [])])],
  };
}

/** A name that another resource of the group has already. */
function nameConflict(
  context: ApiContext,
  definition: KubernetesObject,
): { reason: string; message: string } | undefined {
  const { group, names } = definition['spec'] as { group: string; names: Names };
  const others = context.resources
    .kinds()
    .filter((kind) => kind.group === group && `${kind.plural}.${kind.group}` !== definition.metadata.name);
  const taken = new Set(others.flatMap((kind) => [kind.plural, kind.singular, ...kind.shortNames]));
  const takenKinds = new Set(others.flatMap((kind) => [kind.kind, kind.listKind]));
  const checks: [reason: string, value: string | undefined, names: Set<string>][] = [
    ['PluralConflict', names.plural, taken],
    ['SingularConflict', names.singular, taken],
    ...(names.shortNames ?? []).map((short): [string, string, Set<string>] => ['ShortNamesConflict', short, taken]),
    ['KindConflict', names.kind, takenKinds],
    ['ListKindConflict', names.listKind, takenKinds],
  ];
  for (const [reason, value, known] of checks) {
    if (value && known.has(value)) return { reason, message: `"${value}" is already in use` };
  }
  return undefined;
}

/** Deletes what is left of a definition's resources; without any, lets the definition go. */
async function cleanUp(context: ApiContext, name: string): Promise<void> {
  await context.store.transact((transaction) => {
    const item = transaction.get(definitionsBucket, name);
    if (!item?.object.metadata.deletionTimestamp) return;
    deleteInstances(context, transaction, name);
    if (transaction.range(name).length > 0) return;
    const next = structuredClone(item.object);
    const finalizers = (next.metadata.finalizers ?? []).filter((each) => each !== cleanupFinalizer);
    if (finalizers.length > 0) {
      if (finalizers.length === item.object.metadata.finalizers?.length) return;
      next.metadata.finalizers = finalizers;
      transaction.put(definitionsBucket, name, next);
    } else {
      delete next.metadata.finalizers;
      transaction.delete(definitionsBucket, name, next);
    }
  });
}

function deleteInstances(context: ApiContext, transaction: StoreTransaction, bucket: string): void {
  for (const { key, object } of transaction.range(bucket)) {
    const plan = planDeletion(object, {}, { isGraceful: false, seconds: 0 }, context.now());
    if (plan.action === 'remove') transaction.delete(bucket, key);
    else if (plan.action === 'mark') transaction.put(bucket, key, plan.object);
  }
}
