/**
 * Validation against a structural schema, with the errors and words of the API server: what kube-openapi finds, turned
 * into field errors.
 */

import { deepEqual } from './equality.ts';
import { type FieldError, invalid, notSupported, required, tooLong, tooMany } from './field-error.ts';
import { isKnownFormat, matchesFormat } from './formats.ts';
import { ownMember } from './own-member.ts';
import { compilePattern } from './patterns.ts';
import { isObject, type JsonObject, memberSchema, type Schema } from './schema.ts';

/** The old value at the same place, for ratcheting. */
interface Old {
  readonly value: unknown;
}

/**
 * @param value a whole object or a part of one
 * @param path where the value stands, `status` for example; empty for a whole object
 */
export function validateSchema(value: unknown, schema: Schema, path = ''): FieldError[] {
  return new SchemaCheck().check(value, schema, path, undefined);
}

/** Like validateSchema, but what has not changed since `old` is not complained about. */
export function validateSchemaUpdate(value: unknown, old: unknown, schema: Schema, path = ''): FieldError[] {
  return new SchemaCheck().check(value, schema, path, { value: old });
}

class SchemaCheck {
  check(value: unknown, schema: Schema, path: string, old: Old | undefined): FieldError[] {
    if (old && deepEqual(old.value, value)) return [];
    const errors = typeErrors(value, schema, path);
    if (value === null || value === undefined) {
      if (errors.length === 0 || value === null) errors.push(...enumErrors(value, schema, path));
      return errors;
    }
    errors.push(...this.combinations(value, schema, path, old));
    if (typeof value === 'string') errors.push(...stringErrors(value, schema, path));
    if (typeof value === 'number') errors.push(...numberErrors(value, schema, path));
    if (Array.isArray(value)) errors.push(...this.list(value, schema, path, old));
    errors.push(...enumErrors(value, schema, path));
    if (isObject(value)) errors.push(...this.object(value, schema, path, old));
    return errors;
  }

  private list(value: unknown[], schema: Schema, path: string, old: Old | undefined): FieldError[] {
    const errors: FieldError[] = [];
    if (schema.items) {
      for (const [index, item] of value.entries()) {
        const oldItem = correlated(item, schema, old);
        errors.push(...this.check(item, schema.items, `${path}[${index}]`, oldItem));
      }
    }
    const { minItems, maxItems } = schema;
    if (minItems !== undefined && value.length < minItems) {
      errors.push(inBody(path, value.length, `should have at least ${minItems} items`));
    }
    if (maxItems !== undefined && value.length > maxItems) errors.push(tooMany(path, value.length, maxItems));
    if (
      schema.uniqueItems &&
      value.some((item, index) => value.slice(0, index).some((other) => deepEqual(item, other)))
    ) {
      errors.push(inBody(path, '', "shouldn't contain duplicates"));
    }
    return errors;
  }

  private object(value: JsonObject, schema: Schema, path: string, old: Old | undefined): FieldError[] {
    const errors: FieldError[] = [];
    const names = Object.keys(value);
    const { minProperties, maxProperties } = schema;
    if (minProperties !== undefined && names.length < minProperties) {
      errors.push(inBody(path, names.length, `should have at least ${minProperties} properties`));
    }
    if (maxProperties !== undefined && names.length > maxProperties) {
      errors.push(tooMany(path, names.length, maxProperties));
    }
    for (const name of names) {
      const member = memberSchema(schema, name);
      if (!member) continue;
      const oldMember = isObject(old?.value) && Object.hasOwn(old.value, name) ? { value: old.value[name] } : undefined;
      errors.push(...this.check(value[name], member, child(path, name), oldMember));
    }
    for (const name of schema.required ?? []) {
      if (!Object.hasOwn(value, name)) errors.push(required(child(path, name)));
    }
    return errors;
  }

  private combinations(value: unknown, schema: Schema, path: string, old: Old | undefined): FieldError[] {
    const errors: FieldError[] = [];
    const tryOne = (alternative: Schema) => this.check(value, alternative, path, old);
    if (schema.anyOf?.length) {
      const results = schema.anyOf.map(tryOne);
      if (!results.some((result) => result.length === 0)) {
        errors.push(whole(`"${path}" must validate at least one schema (anyOf)`), ...fewest(results));
      }
    }
    if (schema.oneOf?.length) {
      const results = schema.oneOf.map(tryOne);
      const valid = results.filter((result) => result.length === 0).length;
      if (valid !== 1) {
        const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
        errors.push(whole(`"${path}" must validate one and only one schema (oneOf). ${found}`));
        if (valid === 0) errors.push(...fewest(results));
      }
    }
    if (schema.allOf?.length) {
      const results = schema.allOf.map(tryOne).filter((result) => result.length > 0);
      errors.push(...results.flat());
      if (results.length === schema.allOf.length) {
        errors.push(whole(`"${path}" must validate all the schemas (allOf). None validated`));
      } else if (results.length > 0) errors.push(whole(`"${path}" must validate all the schemas (allOf)`));
    }
    if (schema.not && tryOne(schema.not).length === 0) {
      errors.push(whole(`"${path}" must not validate the schema (not)`));
    }
    return errors;
  }
}

/** Items of a list map are matched by their keys; items of other lists have no past. */
function correlated(item: unknown, schema: Schema, old: Old | undefined): Old | undefined {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] !== 'map' || !keys || !Array.isArray(old?.value) || !isObject(item)) {
    return undefined;
  }
  const match = old.value.find(
    (other) => isObject(other) && keys.every((key) => deepEqual(ownMember(other, key), ownMember(item, key))),
  );
  return match === undefined ? undefined : { value: match };
}

function child(path: string, name: string): string {
  return path ? `${path}.${name}` : name;
}

function inBody(path: string, value: unknown, rest: string): FieldError {
  return invalid(path, value, `${path} in body ${rest}`);
}

function whole(text: string): FieldError {
  return invalid('<nil>', '', text);
}

function fewest(results: readonly FieldError[][]): FieldError[] {
  return results.reduce((best, result) => (result.length < best.length ? result : best));
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  // Past 64 bits Go has no whole numbers.
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? 'integer' : 'number';
  return typeof value;
}

function typeErrors(value: unknown, schema: Schema, path: string): FieldError[] {
  const allowed = schema['x-kubernetes-int-or-string'] ? ['integer', 'string'] : schema.type ? [schema.type] : [];
  if (allowed.length === 0) return [];
  const actual = typeName(value);
  if (actual === 'null' && schema.nullable) return [];
  const { format } = schema;
  if (format && !schema['x-kubernetes-int-or-string'] && !isNumeric(allowed) && actual !== 'null') {
    // Of a type with a format a real server looks at no text and no list closely, and names what is neither oddly.
    if (actual === 'string' || actual === 'array') return [];
    if (!allowed.includes(actual)) return [typeError(path, goFormats[actual] ?? '', format)];
  }
  const matches = allowed.includes(actual) || (actual === 'integer' && allowed.includes('number'));
  if (matches) return [];
  return [typeError(path, actual, allowed.join(','))];
}

/** What a real server takes for the format of a value. */
const goFormats: Readonly<Record<string, string>> = { integer: 'int64', number: 'float64' };

function isNumeric(types: readonly string[]): boolean {
  return types.includes('integer') || types.includes('number');
}

function typeError(path: string, found: string, wanted: string): FieldError {
  return {
    type: 'TypeInvalid',
    field: path,
    badValue: found,
    detail: `${path} in body must be of type ${wanted}: "${found}"`,
  };
}

function enumErrors(value: unknown, schema: Schema, path: string): FieldError[] {
  if (!schema.enum?.length || (value === null && schema.nullable && schema.enum.includes(null))) return [];
  if (value === undefined || schema.enum.some((allowed) => deepEqual(allowed, value))) return [];
  const texts = schema.enum.map((allowed) => (typeof allowed === 'string' ? allowed : JSON.stringify(allowed)));
  return [notSupported(path, value, texts)];
}

function stringErrors(value: string, schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const { minLength, maxLength, pattern, format } = schema;
  const length = minLength !== undefined || maxLength !== undefined ? [...value].length : 0;
  // The first of these that is broken is the one that is told.
  if (maxLength !== undefined && length > maxLength) errors.push(tooLong(path, maxLength));
  else if (minLength !== undefined && length < minLength) {
    errors.push(inBody(path, value, `should be at least ${minLength} chars long`));
  } else if (pattern !== undefined && compilePattern(pattern)?.test(value) === false) {
    errors.push(inBody(path, value, `should match '${pattern}'`));
  }
  if (format && isKnownFormat(format) && !matchesFormat(value, format)) {
    errors.push({
      type: 'TypeInvalid',
      field: path,
      badValue: value,
      detail: `${path} in body must be of type ${format}: ${JSON.stringify(value)}`,
    });
  }
  return errors;
}

/** A real server reads whole numbers as int64, and does not hold them to a smaller format. */
const largestInteger = 2 ** 63;

function numberErrors(value: number, schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const { minimum, maximum, multipleOf } = schema;
  if (schema.type === 'integer' && schema.format === 'int64' && Math.abs(value) > largestInteger) {
    errors.push(whole(`Checked value must be of type ${schema.type} with format ${schema.format} in ${path}`));
  }
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) {
    errors.push(inBody(path, value, `should be a multiple of ${multipleOf}`));
  }
  if (maximum !== undefined && (schema.exclusiveMaximum ? value >= maximum : value > maximum)) {
    errors.push(inBody(path, value, `should be less than ${schema.exclusiveMaximum ? '' : 'or equal to '}${maximum}`));
  }
  if (minimum !== undefined && (schema.exclusiveMinimum ? value <= minimum : value < minimum)) {
    errors.push(
      inBody(path, value, `should be greater than ${schema.exclusiveMinimum ? '' : 'or equal to '}${minimum}`),
    );
  }
  return errors;
}

function isMultiple(value: number, of: number): boolean {
  if (of <= 0) return true;
  const quotient = value / of;
  return Math.abs(quotient - Math.round(quotient)) < 1e-9;
}
