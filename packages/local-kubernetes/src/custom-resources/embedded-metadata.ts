/** Metadata of custom resources and of resources embedded in them: read as Go reads ObjectMeta, then validated. */
import { type GoDecoded, goDecode } from '../kinds/go-decode.ts';
import { type FieldError, goJson, invalid, required } from '../schema/field-error.ts';
import { isObject, type JsonObject, memberSchema, type Schema } from '../schema/schema.ts';
import { groupVersionProblem, isDns1035Label, isPathSegment } from '../validation/names.ts';
import { validateObjectMeta } from '../validation/object-meta.ts';

export interface CoercedMetadata {
  /** Paths of metadata fields that do not exist. */
  readonly unknown: string[];
  /** A sentence when a value has the wrong type. */
  error?: string;
}

/** Metadata as Go reads them from a map that it has made of a custom resource: in the order of the names. */
export function readMetadata(metadata: unknown): GoDecoded {
  return goDecode(JSON.parse(goJson(metadata ?? {})), 'meta.ObjectMeta');
}

/** Gives the object's own metadata, and that of embedded resources, its normal form in place. */
export function coerceMetadata(object: JsonObject, schema: Schema): CoercedMetadata {
  const result: CoercedMetadata = { unknown: [] };
  coerce(object, { ...schema, 'x-kubernetes-embedded-resource': true }, '', result);
  return result;
}

function coerce(value: unknown, schema: Schema | undefined, path: string, result: CoercedMetadata): void {
  if (!schema || result.error) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) coerce(item, schema.items, `${path}[${index}]`, result);
    return;
  }
  if (!isObject(value)) return;
  if (schema['x-kubernetes-embedded-resource']) coerceResource(value, path, result);
  for (const name of Object.keys(value)) {
    if (path === '' && name === 'metadata') continue;
    coerce(value[name], memberSchema(schema, name), join(path, name), result);
  }
}

function coerceResource(value: JsonObject, path: string, result: CoercedMetadata): void {
  for (const name of ['apiVersion', 'kind']) {
    if (name in value && typeof value[name] !== 'string') {
      result.error ??= `${join(path, name)}: Invalid value: ${JSON.stringify(value[name])}: must be a string`;
    }
  }
  if (value['metadata'] === undefined) return;
  const given = value['metadata'];
  const { value: metadata, unknown, error } = readMetadata(given);
  if (error) {
    result.error ??= path ? `${path}.metadata: Invalid value: ${goJson(given)}: ${error}` : error;
    return;
  }
  result.unknown.push(...unknown.map((name) => join(path, `metadata.${name}`)));
  value['metadata'] = metadata;
}

/** Embedded resources need an apiVersion and a kind, and metadata of the right form. */
export function validateEmbedded(value: unknown, schema: Schema | undefined, path = ''): FieldError[] {
  if (!schema) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => validateEmbedded(item, schema.items, `${path}[${index}]`));
  }
  if (!isObject(value)) return [];
  const errors: FieldError[] = [];
  if (schema['x-kubernetes-embedded-resource'] && path !== '') errors.push(...resourceErrors(value, path));
  for (const name of Object.keys(value)) {
    errors.push(...validateEmbedded(value[name], memberSchema(schema, name), join(path, name)));
  }
  return errors;
}

function resourceErrors(value: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const { apiVersion, kind } = value;
  const empty = 'must not be empty';
  if (typeof apiVersion !== 'string') errors.push(notText(apiVersion, `${path}.apiVersion`));
  else if (apiVersion === '') errors.push(invalid(`${path}.apiVersion`, '', empty));
  else {
    const problem = groupVersionProblem(apiVersion);
    if (problem) errors.push(invalid(`${path}.apiVersion`, apiVersion, problem));
  }
  if (typeof kind !== 'string') errors.push(notText(kind, `${path}.kind`));
  else if (kind === '') errors.push(invalid(`${path}.kind`, '', empty));
  else {
    const problems = isDns1035Label(kind.toLowerCase()).join(',');
    const detail = `may have mixed case, but should otherwise match: ${problems}`;
    if (problems) errors.push(invalid(`${path}.kind`, kind, detail));
  }
  if (isObject(value['metadata'])) {
    const about = validateObjectMeta(value, false, isPathSegment, `${path}.metadata`);
    errors.push(...about.filter((error) => error.type === 'Invalid'));
  }
  return errors;
}

const notText = (value: unknown, path: string): FieldError =>
  value === undefined ? required(path) : invalid(path, value, 'must be a string');

function join(path: string, name: string): string {
  return path ? `${path}.${name}` : name;
}
