/** Validation of metadata, the same for every kind. */
import { at, listAt, mapAt, textAt } from '../kinds/columns/read.ts';
import { deepEqual } from '../schema/equality.ts';
import { type FieldError, forbidden, goQuote, invalid, required, tooLong } from '../schema/field-error.ts';
import type { JsonObject } from '../schema/schema.ts';
import { isLabelName, isLabelValue, isQualifiedName, type NameCheck } from './names.ts';

const mostAnnotationBytes = 256 * 1024;
const immutable = 'field is immutable';

/** Whether `isNamespaced` kinds have a namespace, and all of them a name of the right form. */
export function validateObjectMeta(
  object: JsonObject,
  isNamespaced: boolean,
  nameCheck: NameCheck,
  path = 'metadata',
): FieldError[] {
  const metadata = mapAt(object, 'metadata');
  const errors: FieldError[] = [];
  const name = textAt(metadata, 'name');
  const generateName = textAt(metadata, 'generateName');
  if (generateName) {
    for (const problem of nameCheck(generateName, true)) {
      errors.push(invalid(`${path}.generateName`, generateName, problem));
    }
  }
  if (!name) errors.push(required(`${path}.name`, 'name or generateName is required'));
  else for (const problem of nameCheck(name)) errors.push(invalid(`${path}.name`, name, problem));
  const namespace = textAt(metadata, 'namespace');
  if (isNamespaced) {
    if (!namespace) errors.push(required(`${path}.namespace`));
    else for (const problem of isLabelName(namespace)) errors.push(invalid(`${path}.namespace`, namespace, problem));
  } else if (namespace) errors.push(forbidden(`${path}.namespace`, 'not allowed on this type'));
  return [...errors, ...validateMetaParts(metadata, path)];
}

/** Labels, annotations, owners and finalizers. */
function validateMetaParts(metadata: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const generation = metadata['generation'];
  if (typeof generation === 'number' && generation < 0) {
    errors.push(invalid(`${path}.generation`, generation, 'must be greater than or equal to 0'));
  }
  errors.push(...validateLabels(mapAt(metadata, 'labels'), `${path}.labels`));
  errors.push(...validateAnnotations(mapAt(metadata, 'annotations'), `${path}.annotations`));
  errors.push(...validateOwners(listAt(metadata, 'ownerReferences'), `${path}.ownerReferences`));
  errors.push(...validateFinalizers(textsOf(metadata['finalizers']), `${path}.finalizers`));
  return errors;
}

export function validateLabels(labels: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(labels)) {
    for (const problem of isQualifiedName(key)) errors.push(invalid(path, key, problem));
    for (const problem of isLabelValue(String(value))) errors.push(invalid(path, value, problem));
  }
  return errors;
}

export function validateAnnotations(annotations: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    for (const problem of isQualifiedName(key.toLowerCase())) errors.push(invalid(path, key, problem));
    size += Buffer.byteLength(key) + Buffer.byteLength(String(value));
  }
  if (size > mostAnnotationBytes) errors.push(tooLong(path, mostAnnotationBytes));
  return errors;
}

function validateOwners(owners: readonly JsonObject[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  let controller: string | undefined;
  for (const owner of owners) {
    const apiVersion = textAt(owner, 'apiVersion');
    if (!apiVersion || apiVersion.endsWith('/')) {
      errors.push(invalid(`${path}.apiVersion`, apiVersion, 'version must not be empty'));
    }
    for (const name of ['kind', 'name', 'uid']) {
      if (!textAt(owner, name)) errors.push(invalid(`${path}.${name}`, '', 'must not be empty'));
    }
    const kind = textAt(owner, 'kind');
    if (apiVersion === 'v1' && kind === 'Event') {
      errors.push(invalid(path, owner, '/v1, Kind=Event is disallowed from being an owner'));
    }
    if (owner['controller'] !== true) continue;
    const name = textAt(owner, 'name');
    if (controller === undefined) controller = name;
    else {
      errors.push(
        invalid(
          path,
          owners,
          `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`,
        ),
      );
    }
  }
  return errors;
}

function validateFinalizers(finalizers: readonly string[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const finalizer of finalizers) {
    for (const problem of isQualifiedName(finalizer)) errors.push(invalid(path, finalizer, problem));
  }
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.push(invalid(path, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'));
  }
  return errors;
}

const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** Built-in kinds take finalizers of Kubernetes or with a domain of their own. */
export function validateFinalizerNames(finalizers: unknown, path = 'metadata.finalizers'): FieldError[] {
  return textsOf(finalizers).flatMap((finalizer, index) =>
    finalizer.includes('/') || standardFinalizers.has(finalizer)
      ? []
      : [
          invalid(
            `${path}[${index}]`,
            finalizer,
            'name is neither a standard finalizer name nor is it fully qualified',
          ),
        ],
  );
}

/** Finalizers in the specification of a namespace: they are told of by the list, not by their place in it. */
export function validateSpecFinalizers(finalizers: unknown): FieldError[] {
  const path = 'spec.finalizers';
  return textsOf(finalizers).flatMap((finalizer) => [
    ...isQualifiedName(finalizer).map((problem) => invalid(path, finalizer, problem)),
    ...validateFinalizerNames([finalizer]).map((error) => ({ ...error, field: path })),
  ]);
}

const immutableFields = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const;

export function validateObjectMetaUpdate(object: JsonObject, old: JsonObject, path = 'metadata'): FieldError[] {
  const metadata = mapAt(object, 'metadata');
  const oldMetadata = mapAt(old, 'metadata');
  const errors: FieldError[] = [];
  if (oldMetadata['deletionTimestamp'] !== undefined) {
    const before = new Set(textsOf(oldMetadata['finalizers']));
    const added = textsOf(metadata['finalizers']).filter((finalizer) => !before.has(finalizer));
    if (added.length > 0) {
      const list = [...new Set(added)].sort().map(goQuote).join(', ');
      errors.push(
        forbidden(
          `${path}.finalizers`,
          `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`,
        ),
      );
    }
  }
  if (!textAt(metadata, 'resourceVersion')) {
    errors.push(invalid(`${path}.resourceVersion`, '', 'must be specified for an update'));
  }
  const generation = at(metadata, 'generation');
  const oldGeneration = at(oldMetadata, 'generation');
  if (typeof generation === 'number' && typeof oldGeneration === 'number' && generation < oldGeneration) {
    errors.push(invalid(`${path}.generation`, generation, 'must not be decremented'));
  }
  for (const name of immutableFields) {
    const value = metadata[name];
    if (!deepEqual(value ?? '', oldMetadata[name] ?? '')) {
      errors.push(invalid(`${path}.${name}`, value ?? null, immutable));
    }
  }
  return [...errors, ...validateMetaParts(metadata, path)];
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
