/** The path of a built-in kind's object into the store: what all of them share, around what each adds. */
import { goDecode } from '../kinds/go-decode.ts';
import { apiVersionOf, type Kind } from '../kinds/kind.ts';
import { structOf } from '../kinds/kind-schema.ts';
import { deepEqual } from '../schema/equality.ts';
import { type FieldError, goQuote } from '../schema/field-error.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import { type AppliedConfiguration, readApplied } from './applied-configuration.ts';
import { isSubdomain, type NameCheck } from './names.ts';
import { validateFinalizerNames, validateObjectMeta, validateObjectMetaUpdate } from './object-meta.ts';
import type { Decoded, Strategy } from './strategy.ts';

/** What one kind adds. Everything is optional. */
export interface KindRules {
  readonly nameCheck?: NameCheck;
  /** Whether metadata of what is created are looked at only where all else is fine. */
  readonly looksAtMetadataLast?: boolean;
  readonly defaults?: (object: JsonObject) => void;
  readonly prepareForCreate?: (object: JsonObject) => void;
  readonly prepareForUpdate?: (object: JsonObject, old: JsonObject, subresource?: string) => void;
  readonly validate?: (object: JsonObject) => FieldError[];
  /** Beyond metadata; by default the whole object is validated as for a creation. */
  readonly validateUpdate?: (object: JsonObject, old: JsonObject, subresource?: string) => FieldError[];
  readonly validateStatusUpdate?: (object: JsonObject, old: JsonObject) => FieldError[];
  readonly warnings?: (object: JsonObject, old?: JsonObject) => string[];
  /** Whether finalizers need no domain, as for kinds outside Kubernetes' core. */
  readonly takesAnyFinalizer?: boolean;
  /** Whether what is created may bring its status along. */
  readonly keepsStatus?: boolean;
  /** Whether the kind counts generations of its spec. */
  readonly hasGeneration?: boolean;
  /** Whether other labels make another generation too. */
  readonly countsLabels?: boolean;
  readonly allowCreateOnUpdate?: boolean;
  /** Whether an object without a name takes its uid for one. */
  readonly namesItself?: boolean;
  readonly allowUnconditionalUpdate?: boolean;
}

export class BuiltInStrategy implements Strategy {
  readonly allowCreateOnUpdate: boolean;
  readonly allowUnconditionalUpdate: boolean;
  readonly namesItself: boolean;
  readonly #kind: Kind;
  readonly #rules: KindRules;

  constructor(kind: Kind, rules: KindRules) {
    this.#kind = kind;
    this.#rules = rules;
    this.allowCreateOnUpdate = rules.allowCreateOnUpdate ?? false;
    this.allowUnconditionalUpdate = rules.allowUnconditionalUpdate ?? true;
    this.namesItself = rules.namesItself ?? false;
  }

  decode(raw: unknown): Decoded {
    const { kind, version, schema } = this.#kind;
    const given = isObject(raw) ? { ...raw } : {};
    delete given['apiVersion'];
    delete given['kind'];
    const { value, unknown, error } = goDecode(given, structOf(schema)!);
    const object = { apiVersion: apiVersionOf(this.#kind), kind, ...value };
    const unknownFields = [...new Set(unknown)].map((path) => `unknown field ${goQuote(path)}`);
    if (!error) return { object, unknownFields };
    return { object, unknownFields, error: `${kind} in version "${version}" cannot be handled as a ${kind}: ${error}` };
  }

  decodeApplied(raw: unknown): AppliedConfiguration {
    return readApplied(raw, this.#kind);
  }

  applyDefaults(object: JsonObject): void {
    this.#rules.defaults?.(object);
  }

  prepareForCreate(object: JsonObject): void {
    const { subresources } = this.#kind;
    if (subresources.status && !this.#rules.keepsStatus) object['status'] = this.#emptyStatus();
    const metadata = object['metadata'] as JsonObject;
    if (this.#rules.hasGeneration) metadata['generation'] = 1;
    this.#rules.prepareForCreate?.(object);
  }

  prepareForUpdate(object: JsonObject, old: JsonObject, subresource?: string): void {
    if (subresource === 'status') {
      const { status, metadata } = object;
      for (const name of Object.keys(object)) delete object[name];
      Object.assign(object, structuredClone(old), { metadata, status });
    } else if (this.#kind.subresources.status) {
      if (old['status'] === undefined) delete object['status'];
      else object['status'] = structuredClone(old['status']);
    }
    this.#rules.prepareForUpdate?.(object, old, subresource);
    if (!this.#rules.hasGeneration || subresource === 'status') return;
    const generation = (old['metadata'] as JsonObject)['generation'];
    const isChanged =
      !deepEqual(withoutBookkeeping(object), withoutBookkeeping(old)) ||
      (this.#rules.countsLabels === true && !deepEqual(labelsOf(object), labelsOf(old)));
    (object['metadata'] as JsonObject)['generation'] =
      (typeof generation === 'number' ? generation : 0) + (isChanged ? 1 : 0);
  }

  validateCreate(object: JsonObject): FieldError[] {
    const { namespaced } = this.#kind;
    if (this.#rules.looksAtMetadataLast) {
      const errors = this.#rules.validate?.(object) ?? [];
      if (errors.length > 0) return errors;
    }
    return [
      ...validateObjectMeta(object, namespaced, this.#rules.nameCheck ?? isSubdomain),
      ...this.#finalizerErrors(object),
      ...(this.#rules.validate?.(object) ?? []),
    ];
  }

  validateUpdate(object: JsonObject, old: JsonObject, subresource?: string): FieldError[] {
    const rules = this.#rules;
    // Once for every kind, and once more as part of each: the real server's causes list these twice.
    const errors = [
      ...validateObjectMetaUpdate(object, old),
      ...validateObjectMetaUpdate(object, old),
      ...this.#finalizerErrors(object),
    ];
    if (subresource === 'status') return [...errors, ...(rules.validateStatusUpdate?.(object, old) ?? [])];
    if (rules.validateUpdate) return [...errors, ...rules.validateUpdate(object, old, subresource)];
    return [...errors, ...(rules.validate?.(object) ?? [])];
  }

  warnings(object: JsonObject, old?: JsonObject): string[] {
    return this.#rules.warnings?.(object, old) ?? [];
  }

  #finalizerErrors(object: JsonObject): FieldError[] {
    return this.#rules.takesAnyFinalizer
      ? []
      : validateFinalizerNames((object['metadata'] as JsonObject)['finalizers']);
  }

  /** The status Go writes for an object that has none yet. */
  #emptyStatus(): unknown {
    return goDecode({}, structOf(this.#kind.schema)!).value['status'];
  }
}

function labelsOf({ metadata }: JsonObject): unknown {
  return (metadata as JsonObject)['labels'] ?? {};
}

function withoutBookkeeping(object: JsonObject): JsonObject {
  const { metadata: _metadata, status: _status, ...rest } = object;
  return rest;
}
