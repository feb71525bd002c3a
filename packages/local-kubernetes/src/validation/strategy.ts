import type { FieldError } from '../schema/field-error.ts';
import type { JsonObject } from '../schema/schema.ts';
import type { AppliedConfiguration } from './applied-configuration.ts';

/** What reading a request's body into a kind brought to light. */
export interface Decoded {
  /** The object as the kind knows it: unknown fields gone, values in normal form. */
  readonly object: JsonObject;
  /**
   * Fields the kind does not know, as strict decoding words them: `unknown field "spec.foo"`. Refuse them
   * (`strict decoding error: a, b`), warn of them or ignore them by the request's fieldValidation.
   */
  readonly unknownFields: readonly string[];
  /** Set when a value has the wrong type: the request is a BadRequest with this message. */
  readonly error?: string;
}

/**
 * What a kind does with an object on its way into the store, in the order of the calls:
 * decode, applyDefaults, prepareFor..., (admission), validate..., canonicalize.
 *
 * Every function but `decode` owns the object it gets, changes it in place and keeps no reference to it; `old` is
 * never changed. Callers pass a copy when they need the original.
 */
export interface Strategy {
  decode(raw: unknown): Decoded;
  /** Reads an applied configuration, which claims what it mentions and nothing else. */
  decodeApplied(raw: unknown): AppliedConfiguration;
  /** @param isApplied whether the object is what an apply made: a null of a custom resource stays in it */
  applyDefaults(object: JsonObject, isApplied?: boolean): void;
  /** Clears status, sets generation 1, generates what the kind generates (a Job's selector and labels). */
  prepareForCreate(object: JsonObject): void;
  /** Keeps status, raises generation when the spec differs. For `status`, keeps everything else instead. */
  prepareForUpdate(object: JsonObject, old: JsonObject, subresource?: string): void;
  validateCreate(object: JsonObject): FieldError[];
  validateUpdate(object: JsonObject, old: JsonObject, subresource?: string): FieldError[];
  /** Texts for Warning headers. */
  warnings(object: JsonObject, old?: JsonObject): string[];
  /** Whether PUT to a name that is not there creates it. */
  readonly allowCreateOnUpdate: boolean;
  /** Whether an update without resourceVersion is taken. */
  readonly allowUnconditionalUpdate: boolean;
  /** Whether an object without a name takes its uid for one. */
  readonly namesItself: boolean;
}
