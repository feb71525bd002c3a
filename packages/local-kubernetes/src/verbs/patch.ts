import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { unstructuredProblem } from '../kinds/from-unstructured.ts';
import type { Kind } from '../kinds/kind.ts';
import { structOf } from '../kinds/kind-schema.ts';
import { inStructOrder } from '../kinds/struct-order.ts';
import { serverSideApply } from '../patch/apply.ts';
import { goText } from '../patch/go-text.ts';
import { jsonPatch } from '../patch/json-patch.ts';
import { syncLastApplied } from '../patch/last-applied.ts';
import { mergePatch } from '../patch/merge-patch.ts';
import { mergedText, operatedText } from '../patch/patched-text.ts';
import { strategicMergePatch } from '../patch/strategic-merge.ts';
import { goJson } from '../schema/field-error.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import { unmanagedProblem } from '../validation/applied-configuration.ts';
import { strategyFor } from '../validation/strategies.ts';
import { createInside } from './create.ts';
import { identifyObject } from './incoming-object.ts';
import { acceptPatched } from './patched-object.ts';
import { presentObject, versionsOf } from './presentation.ts';
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
  type WriteResult,
} from './request.ts';
import { applyConflict, badRequest, conflict, notFound, plainError, unsupportedMediaType } from './status-errors.ts';
import { checkIdentity, replaceInside } from './update.ts';

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

export const patchMediaTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

export interface PatchOptions extends WriteOptions {
  /** Apply takes fields from their managers. */
  readonly force: boolean;
}

/** Custom resources have no types that tell how their lists merge. @throws {StatusError} UnsupportedMediaType */
export function demandServed(type: PatchType, kind: Kind): void {
  if (type !== 'strategic' || kind.builtIn) return;
  throw unsupportedMediaType(
    ['json', 'merge', 'apply'].map((each) => `application/${each}-patch+${each === 'apply' ? 'yaml' : 'json'}`),
  );
}

/** Patches an object; apply creates it where it is not. @throws {StatusError} NotFound, Conflict, Invalid, BadRequest */
export function patchObject(
  context: ApiContext,
  target: Target,
  type: PatchType,
  patch: unknown,
  options: PatchOptions,
  caller: Caller,
): Promise<WriteResult> {
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
): WriteResult {
  const item = transaction.get(bucketOf(target.kind), keyOf(target));
  if (!item) throw notFound(resourceOf(target), target.name);
  const live = presentObject(target.kind, item.object);
  const isStrict = options.fieldValidation !== 'Ignore';
  const value = patchedValue(target, live, type, patch, isStrict);
  // A strategic patch that cannot be decoded is shown itself, the others by what they make.
  const shown = () => (type === 'strategic' ? goText(patch) : patchedText());
  const patchedText = () => {
    const struct = structOf(target.kind.schema);
    const ordered = struct ? inStructOrder(live, struct) : JSON.parse(goJson(live));
    return type === 'merge' ? mergedText(ordered, patch) : operatedText(ordered, patch, isStrict);
  };
  const problems = [...(options.problems ?? []), ...(type === 'json' ? unknownMembers(patch) : [])];
  const patched = acceptPatched(
    context,
    target,
    live,
    value,
    { ...options, problems },
    caller,
    type === 'strategic',
    shown,
  );
  return { object: replaceInside(context, transaction, target, item, patched, options, caller), isCreated: false };
}

const patchMembers = new Set(['op', 'path', 'from', 'value']);

/** Members of a JSON patch's operations that mean nothing. */
function unknownMembers(patch: unknown): string[] {
  if (!Array.isArray(patch)) return [];
  return patch.flatMap((step: unknown, index) =>
    Object.keys(Object(step))
      .filter((name) => !patchMembers.has(name))
      .map((name) => `json patch unknown field "[${index}].${name}"`),
  );
}

function patchedValue(
  target: Target,
  live: KubernetesObject,
  type: 'json' | 'merge' | 'strategic',
  patch: unknown,
  isStrict: boolean,
): unknown {
  if (type === 'json') return jsonPatch(live, patch, isStrict);
  if (type === 'strategic' && patch === null) return strategicMergePatch(live, {}, target.kind.schema);
  if (isObject(patch)) {
    return type === 'merge' ? mergePatch(live, patch) : strategicMergePatch(live, patch, target.kind.schema);
  }
  if (type === 'merge' && !isStrict && Array.isArray(patch)) return patch;
  if (type === 'merge' && (!isStrict || patch === null)) throw badRequest('Invalid JSON Patch');
  const found = Array.isArray(patch) ? 'array' : typeof patch;
  const what = `json: cannot unmarshal ${found} into Go value of type map[string]interface {}`;
  throw badRequest(type === 'merge' ? `error decoding patch: ${what}` : what);
}

function applyInside(
  context: ApiContext,
  transaction: StoreTransaction,
  target: Target,
  patch: unknown,
  options: PatchOptions,
  caller: Caller,
): WriteResult {
  const { kind, subresource } = target;
  const { applied, error } = decodeApplied(context, target, patch, caller);
  const item = transaction.get(bucketOf(kind), keyOf(target));
  if (!item && subresource) throw notFound(resourceOf(target), target.name);
  const live = item && presentObject(kind, item.object);
  const unfit = live && unmanagedProblem(live, kind);
  if (unfit) throw plainError(unfit);
  if (applied.metadata.managedFields?.length) throw badRequest('metadata.managedFields must be nil');
  if (error) throw plainError(error);
  if (!live && applied.metadata.uid) {
    const why = `uid mismatch: the provided object specified uid ${applied.metadata.uid}, and no existing object was found`;
    throw conflict(resourceOf(target), target.name, why);
  }
  const result = serverSideApply({
    live,
    patch: applied,
    schema: kind.schema,
    manager: options.fieldManager,
    force: options.force,
    apiVersion: apiVersionOf(kind),
    subresource,
    time: context.now(),
    hasStatus: kind.subresources.status === true,
    versionOf: versionsOf(context, kind),
  });
  if ('problem' in result) throw plainError(result.problem);
  if ('conflicts' in result) throw applyConflict(result.conflicts);
  if (options.fieldValidation === 'Strict' && options.problems?.length) {
    throw badRequest(`error strict decoding YAML: error converting YAML to JSON: ${options.problems.join()}`);
  }
  if (options.fieldValidation === 'Warn') for (const text of options.problems ?? []) caller.warn(text);
  const object = typedObject(target, applied, result.object);
  syncLastApplied(object, applied, options.fieldManager);
  strategyFor(kind).applyDefaults(object, true);
  if (item) {
    return {
      object: replaceInside(context, transaction, target, item, object, options, caller, true),
      isCreated: false,
    };
  }
  return { object: createInside(context, transaction, target, object, options, caller, 'apply'), isCreated: true };
}

/** What apply made, in the kind's form. @throws {StatusError} 500 where a value has another type, as a real server does */
function typedObject(target: Target, applied: KubernetesObject, made: JsonObject): KubernetesObject {
  const { kind } = target;
  const problem = kind.builtIn ? unstructuredProblem(made, structOf(kind.schema)!) : undefined;
  if (problem) {
    const { namespace = '', name = '' } = applied.metadata;
    const type = typeText(applied as never);
    throw plainError(
      `failed to convert new object (${namespace}/${name ?? ''}; ${type}) to proper version: unable to convert unstructured object to ${type}: ${problem}`,
    );
  }
  const { object, error } = strategyFor(kind).decode(made);
  if (error && kind.builtIn) throw plainError(error);
  if (!isObject(object['metadata'])) object['metadata'] = {};
  checkIdentity(target, object as KubernetesObject);
  return object as KubernetesObject;
}

/** An applied configuration must be known in full: what its schema does not declare nobody could own. */
function decodeApplied(
  context: ApiContext,
  target: Target,
  patch: unknown,
  caller: Caller,
): { applied: KubernetesObject; error?: string | undefined } {
  if (patch !== null && patch !== undefined && (typeof patch !== 'object' || Array.isArray(patch))) {
    const found = Array.isArray(patch) ? 'array' : typeof patch;
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${found} into Go value of type map[string]interface {}`,
    );
  }
  const sent = (patch ?? {}) as JsonObject;
  if (sent['kind'] !== target.kind.kind || sent['apiVersion'] !== apiVersionOf(target.kind)) {
    throw badRequest(`invalid object type: ${typeText(sent)}`);
  }
  const { object, error } = strategyFor(target.kind).decodeApplied(
    identifyObject(context, target, patch, { fieldValidation: 'Ignore' }, caller),
  );
  if (typeof object['metadata'] !== 'object' || object['metadata'] === null) object['metadata'] = {};
  return { applied: object as KubernetesObject, error };
}

/** `batch/v1, Kind=Job`, and `/v1, Kind=Pod` for the core group; nothing of a version that is none. */
function typeText(sent: JsonObject): string {
  const [apiVersion, kind] = ['apiVersion', 'kind'].map((name) => (typeof sent[name] === 'string' ? sent[name] : ''));
  const strokes = apiVersion!.split('/').length - 1;
  if (strokes > 1) return '/, Kind=';
  return `${strokes === 1 ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
}
