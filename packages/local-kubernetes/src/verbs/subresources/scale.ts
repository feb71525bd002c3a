// The scale subresource: one number of any kind that has one, as autoscaling/v1 Scale.

import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import type { StatusError } from '../../client/status-error.ts';
import { goDecode } from '../../kinds/go-decode.ts';
import { jsonPatch } from '../../patch/json-patch.ts';
import { mergePatch } from '../../patch/merge-patch.ts';
import { goQuote } from '../../schema/field-error.ts';
import { unknownFieldText } from '../../schema/prune.ts';
import { isObject } from '../../schema/schema.ts';
import { getObject } from '../get.ts';
import type { PatchType } from '../patch.ts';
import { presentObject } from '../presentation.ts';
import {
  type ApiContext,
  bucketOf,
  type Caller,
  keyOf,
  resourceOf,
  type Target,
  type WriteOptions,
} from '../request.ts';
import {
  badRequest,
  conflict,
  invalid,
  noSuchResource,
  notFound,
  staleObject,
  unsupportedMediaType,
} from '../status-errors.ts';
import { duplicateTexts, type Reading, tellStrict } from '../strict-problems.ts';
import { replaceInside } from '../update.ts';

interface Scale {
  kind?: string;
  metadata?: { name?: string; resourceVersion?: string; uid?: string };
  spec?: { replicas?: number };
}

export function getScale(context: ApiContext, target: Target): KubernetesObject {
  if (!target.kind.subresources.scale) throw noScale(target);
  return scaleOf(target, getObject(context, target));
}

/** Sets the number of replicas. @throws {StatusError} NotFound, Conflict, Invalid, BadRequest */
export function updateScale(
  context: ApiContext,
  target: Target,
  body: unknown,
  options: WriteOptions,
  caller: Caller,
): Promise<KubernetesObject> {
  return changeScale(
    context,
    target,
    () => body,
    options,
    caller,
    // A real server has no name for the type where it looks for one to tell of unknown fields.
    (_, why) =>
      badRequest(
        why.startsWith('strict')
          ? 'no kind is registered for the type v1.Scale in scheme "pkg/runtime/scheme.go:111"'
          : `Scale in version "v1" cannot be handled as a Scale: ${why}`,
      ),
  );
}

/** Patches the Scale as if it were an object of its own. @throws {StatusError} */
export function patchScale(
  context: ApiContext,
  target: Target,
  type: PatchType,
  patch: unknown,
  options: WriteOptions,
  caller: Caller,
): Promise<KubernetesObject> {
  if (type !== 'json' && (typeof patch !== 'object' || patch === null || Array.isArray(patch))) {
    throw badRequest('error decoding patch: a merge patch is an object; the body is none');
  }
  const change = (scale: KubernetesObject, object: KubernetesObject): unknown => {
    const live = { ...scale, metadata: { ...scale.metadata, ...managedReplicas(context, target, object) } };
    if (type === 'json') return jsonPatch(live, patch, options.fieldValidation !== 'Ignore');
    if (type === 'apply') throw unsupportedMediaType(['application/json-patch+json', 'application/merge-patch+json']);
    return mergePatch(live, patch);
  };
  return changeScale(context, target, change, options, caller, (scale, why) => {
    const message = `Invalid value: ${goQuote(JSON.stringify(scale))}: ${why}`;
    return invalid({ group: '', kind: '' }, '', [{ reason: 'FieldValueInvalid', message, field: 'patch' }]);
  });
}

function changeScale(
  context: ApiContext,
  target: Target,
  change: (scale: KubernetesObject, object: KubernetesObject) => unknown,
  options: WriteOptions,
  caller: Caller,
  unfit: Unfit,
): Promise<KubernetesObject> {
  const paths = target.kind.subresources.scale;
  if (!paths) throw noScale(target);
  return context.store.transact((transaction) => {
    const item = transaction.get(bucketOf(target.kind), keyOf(target));
    if (!item) throw notFound(resourceOf(target), target.name);
    const live = presentObject(target.kind, item.object);
    const scale = readScale(change(scaleOf(target, live), live), options, caller, unfit);
    checkIdentity(target, live, scale);
    const object = structuredClone(live);
    setPath(object, paths.specReplicasPath, replicasOf(target, scale));
    return scaleOf(target, replaceInside(context, transaction, target, item, object, options, caller));
  });
}

/** Who manages the number, as a Scale that is patched tells it (KEP-555). */
function managedReplicas(context: ApiContext, { kind }: Target, { metadata }: KubernetesObject): object {
  const managedFields = (metadata.managedFields ?? []).flatMap((entry) => {
    const [group, version] = (entry.apiVersion ?? '').split('/') as [string, string?];
    const path = context.resources.find(group, version ?? '', kind.plural)?.subresources.scale?.specReplicasPath;
    const fields = path && getPath(entry.fieldsV1, path.replaceAll('.', '.f:'));
    return fields ? [{ ...entry, apiVersion: 'autoscaling/v1', fieldsV1: { 'f:spec': { 'f:replicas': {} } } }] : [];
  });
  return managedFields.length > 0 ? { managedFields } : {};
}

/** What is said of a Scale whose values have the wrong types. */
type Unfit = (scale: unknown, why: string) => StatusError;

function readScale(scale: unknown, reading: Reading, caller: Caller, unfit: Unfit): Scale {
  if (!isObject(scale)) throw badRequest('the body is no Scale');
  const { apiVersion, kind, ...fields } = scale;
  const { value, unknown, error } = goDecode(fields, 'autoscalingv1.Scale');
  if (error) throw unfit(scale, error);
  const found = [...(reading.problems ?? []), ...duplicateTexts(reading), ...unknown.map(unknownFieldText)];
  tellStrict(found, reading, caller, (why) => unfit(scale, why));
  return { ...value, ...(kind === undefined ? {} : { kind: String(kind) }) };
}

function checkIdentity(target: Target, live: KubernetesObject, scale: Scale): void {
  const { kind = 'Scale', metadata = {} } = scale;
  if (kind !== 'Scale') throw badRequest(`expected input object type to be Scale, but ${kind}`);
  if (metadata.name && metadata.name !== target.name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${target.name})`);
  }
  if (metadata.uid && metadata.uid !== live.metadata.uid) {
    throw conflict(
      resourceOf(target),
      target.name,
      `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${live.metadata.uid}`,
    );
  }
  const { resourceVersion } = metadata;
  if (resourceVersion && resourceVersion !== live.metadata.resourceVersion) {
    throw staleObject(resourceOf(target), target.name);
  }
}

function replicasOf(target: Target, scale: Scale): number {
  const replicas = scale.spec?.replicas ?? 0;
  if (replicas < 0 && target.kind.builtIn) {
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, target.name, [
      {
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${replicas}: must be greater than or equal to 0`,
        field: 'spec.replicas',
      },
    ]);
  }
  return replicas;
}

function scaleOf(target: Target, object: KubernetesObject): KubernetesObject {
  const paths = target.kind.subresources.scale;
  if (!paths) throw noScale(target);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = paths.labelSelectorPath ? selectorText(getPath(object, paths.labelSelectorPath)) : '';
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp } as KubernetesObject['metadata'],
    spec: { replicas: Number(getPath(object, paths.specReplicasPath) ?? 0) },
    status: {
      replicas: Number(getPath(object, paths.statusReplicasPath) ?? 0),
      ...(selector ? { selector } : {}),
    },
  };
}

function noScale(target: Target): StatusError {
  return target.kind.builtIn ? noSuchResource() : notFound(resourceOf(target), target.name);
}

/** The text form of a selector: text already for custom resources, a LabelSelector for built-in kinds. */
function selectorText(selector: unknown): string {
  if (typeof selector === 'string') return selector;
  if (typeof selector !== 'object' || selector === null) return '';
  const labels = ((selector as { matchLabels?: Record<string, string> }).matchLabels ?? {}) as Record<string, string>;
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}

function getPath(object: unknown, path: string): unknown {
  let value = object;
  for (const step of steps(path)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

function setPath(object: Record<string, unknown>, path: string, value: unknown): void {
  const all = steps(path);
  let place = object;
  for (const step of all.slice(0, -1)) {
    const next = place[step];
    if (typeof next !== 'object' || next === null) place[step] = {};
    place = place[step] as Record<string, unknown>;
  }
  place[all.at(-1) as string] = value;
}

/** `.spec.size` -> spec, size. */
function steps(path: string): string[] {
  return path.split('.').filter((step) => step !== '');
}
