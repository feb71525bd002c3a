/** The path of a custom resource into the store, as its CustomResourceDefinition lays it out. */
import { hasRules } from '../cel/compile-rules.ts';
import { validateRules } from '../cel/validate-rules.ts';
import { apiVersionOf, type Kind } from '../kinds/kind.ts';
import { applyDefaults } from '../schema/defaults.ts';
import { deepEqual } from '../schema/equality.ts';
import { type FieldError, invalid } from '../schema/field-error.ts';
import { validateListTypes } from '../schema/list-types.ts';
import { prune, unknownFieldText } from '../schema/prune.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import { validateSchema, validateSchemaUpdate } from '../schema/validate.ts';
import { type AppliedConfiguration, readApplied } from '../validation/applied-configuration.ts';
import { isQualifiedName, isSubdomain } from '../validation/names.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from '../validation/object-meta.ts';
import type { Decoded, Strategy } from '../validation/strategy.ts';
import { coerceMetadata, validateEmbedded } from './embedded-metadata.ts';
import { validateScaleFields } from './scale-fields.ts';

/** With one of these, the object is too broken for its rules to be worth a try. */
const blocking = new Set(['NotSupported', 'Required', 'TooLong', 'TooMany', 'TypeInvalid']);
const rulesSkipped =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

export class CustomStrategy implements Strategy {
  readonly allowCreateOnUpdate = false;
  readonly allowUnconditionalUpdate = false;
  readonly namesItself = false;
  readonly #kind: Kind;

  constructor(kind: Kind) {
    this.#kind = kind;
  }

  decode(raw: unknown): Decoded {
    const { kind, version, schema } = this.#kind;
    const object = isObject(raw) ? structuredClone(raw) : {};
    object['apiVersion'] = apiVersionOf(this.#kind);
    object['kind'] = kind;
    const { unknown, error } = coerceMetadata(object, schema);
    const dropped = prune(object, schema);
    const unknownFields = [...unknown, ...dropped].sort().map(unknownFieldText);
    if (!error) return { object, unknownFields };
    return { object, unknownFields, error: `${kind} in version "${version}" cannot be handled as a ${kind}: ${error}` };
  }

  decodeApplied(raw: unknown): AppliedConfiguration {
    return readApplied(raw, this.#kind);
  }

  applyDefaults(object: JsonObject, isApplied = false): void {
    const { metadata, apiVersion, kind } = object;
    applyDefaults(object, this.#kind.schema, isApplied);
    Object.assign(object, { apiVersion, kind, metadata });
  }

  prepareForCreate(object: JsonObject): void {
    if (this.#kind.subresources.status) delete object['status'];
    (object['metadata'] as JsonObject)['generation'] = 1;
  }

  prepareForUpdate(object: JsonObject, old: JsonObject, subresource?: string): void {
    if (subresource === 'status') {
      const { status } = object;
      const { managedFields } = object['metadata'] as JsonObject;
      const resourceVersion = (object['metadata'] as JsonObject)['resourceVersion'];
      for (const name of Object.keys(object)) delete object[name];
      Object.assign(object, structuredClone(old));
      const metadata = object['metadata'] as JsonObject;
      if (managedFields !== undefined) metadata['managedFields'] = managedFields;
      if (resourceVersion !== undefined) metadata['resourceVersion'] = resourceVersion;
      if (status === undefined) delete object['status'];
      else object['status'] = status;
      return;
    }
    if (this.#kind.subresources.status) {
      if ('status' in old) object['status'] = structuredClone(old['status']);
      else delete object['status'];
    }
    const generation = (old['metadata'] as JsonObject)['generation'];
    const isChanged = !deepEqual(withoutMetadata(object), withoutMetadata(old));
    (object['metadata'] as JsonObject)['generation'] =
      (typeof generation === 'number' ? generation : 0) + (isChanged ? 1 : 0);
  }

  validateCreate(object: JsonObject): FieldError[] {
    const { schema, namespaced } = this.#kind;
    const typeErrors = this.#typeErrors(object);
    const own = [
      ...validateObjectMeta(object, namespaced, isSubdomain),
      ...validateSchema(object, schema),
      ...validateScaleFields(object, this.#kind.subresources.scale, 'both'),
    ];
    // Of another type, only what stands within it is looked at too.
    const errors = [
      ...(typeErrors.length > 0 ? typeErrors : own),
      ...validateEmbedded(object, schema),
      ...validateListTypes(object, schema),
    ];
    return this.#withRules(errors, object, undefined);
  }

  validateUpdate(object: JsonObject, old: JsonObject, subresource?: string): FieldError[] {
    const { schema } = this.#kind;
    const typeErrors = this.#typeErrors(object);
    const { scale } = this.#kind.subresources;
    const isStatus = subresource === 'status';
    const own = () => [
      ...validateObjectMetaUpdate(object, old),
      ...validateObjectMetaUpdate(object, old),
      ...(isStatus ? this.#statusErrors(object, old) : validateSchemaUpdate(object, old, schema)),
      ...validateScaleFields(object, scale, isStatus ? 'status' : 'both'),
    ];
    const errors = [...(typeErrors.length > 0 ? typeErrors : own()), ...validateEmbedded(object, schema)];
    if (validateListTypes(old, schema).length === 0) errors.push(...validateListTypes(object, schema));
    return this.#withRules(errors, object, old);
  }

  warnings(object: JsonObject, old?: JsonObject): string[] {
    const before = new Set(finalizersOf(old));
    return finalizersOf(object)
      .filter((finalizer) => !before.has(finalizer))
      .sort()
      .flatMap(finalizerWarnings);
  }

  #statusErrors(object: JsonObject, old: JsonObject): FieldError[] {
    const statusSchema = this.#kind.schema.properties?.['status'];
    if (!statusSchema || !('status' in object)) return [];
    // The sentences speak of fields within the status, the fields are named in full.
    return validateSchemaUpdate(object['status'], old['status'], statusSchema).map((error) =>
      error.field === '<nil>' ? error : { ...error, field: error.field ? `status.${error.field}` : 'status' },
    );
  }

  #typeErrors(object: JsonObject): FieldError[] {
    const errors: FieldError[] = [];
    const apiVersion = apiVersionOf(this.#kind);
    if (object['kind'] !== this.#kind.kind) {
      errors.push(invalid('kind', object['kind'] ?? '', `must be ${this.#kind.kind}`));
    }
    if (object['apiVersion'] !== apiVersion) {
      errors.push(invalid('apiVersion', object['apiVersion'] ?? '', `must be ${apiVersion}`));
    }
    return errors;
  }

  #withRules(errors: FieldError[], object: JsonObject, old: JsonObject | undefined): FieldError[] {
    if (!hasRules(this.#kind.schema)) return errors;
    if (errors.some((error) => blocking.has(error.type))) return [...errors, invalid('<nil>', null, rulesSkipped)];
    return [...errors, ...validateRules(object, old, this.#kind.schema)];
  }
}

function withoutMetadata(object: JsonObject): JsonObject {
  const { metadata: _metadata, ...rest } = object;
  return rest;
}

function finalizersOf(object: JsonObject | undefined): string[] {
  const finalizers = isObject(object?.['metadata']) ? object['metadata']['finalizers'] : undefined;
  return Array.isArray(finalizers) ? finalizers.filter((item) => typeof item === 'string') : [];
}

function finalizerWarnings(finalizer: string): string[] {
  const warnings = isQualifiedName(finalizer).map((problem) => `metadata.finalizers: "${finalizer}": ${problem}`);
  if (finalizer.includes('/') || ['orphan', 'foregroundDeletion', 'kubernetes'].includes(finalizer)) return warnings;
  const form = finalizer.includes('.') ? 'including a path (/) ' : '';
  return [
    ...warnings,
    `metadata.finalizers: "${finalizer}": prefer a domain-qualified finalizer name ${form}to avoid accidental conflicts with other finalizer writers`,
  ];
}
