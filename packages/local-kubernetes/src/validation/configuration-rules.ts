/** ConfigMaps, Secrets and Namespaces. */

import { at, mapAt, textAt, textsAt } from '../kinds/columns/read.ts';
import { deepEqual } from '../schema/equality.ts';
import { type FieldError, forbidden, invalid, required, tooLong } from '../schema/field-error.ts';
import { readJsonText } from '../schema/json-text.ts';
import { ownMember, setOwn } from '../schema/own-member.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import type { KindRules } from './built-in-strategy.ts';
import { named } from './field-checks.ts';
import { fillIn } from './fill-in.ts';
import { isConfigKey, isLabelName } from './names.ts';
import { validateSpecFinalizers } from './object-meta.ts';

const mostBytes = 1024 * 1024;
const frozen = 'field is immutable when `immutable` is set';

function validateKeys(data: JsonObject, path: string): FieldError[] {
  return Object.keys(data).flatMap((key) => named(key, isConfigKey, `${path}[${key}]`));
}

/** Data marked immutable stays so, and stays as it is. */
function validateFrozen(object: JsonObject, old: JsonObject, fields: readonly string[]): FieldError[] {
  if (old['immutable'] !== true) return [];
  const errors: FieldError[] = [];
  if (object['immutable'] !== true) errors.push(forbidden('immutable', frozen));
  for (const field of fields) {
    if (!deepEqual(object[field] ?? {}, old[field] ?? {})) errors.push(forbidden(field, frozen));
  }
  return errors;
}

function validateConfigMap(object: JsonObject): FieldError[] {
  const data = mapAt(object, 'data');
  const binary = mapAt(object, 'binaryData');
  const errors = validateKeys(data, 'data');
  for (const key of Object.keys(data)) {
    if (Object.hasOwn(binary, key)) errors.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'));
  }
  errors.push(...validateKeys(binary, 'binaryData'));
  const size =
    Object.values(data).reduce<number>((total, value) => total + Buffer.byteLength(String(value)), 0) +
    encodedSize(binary);
  if (size > mostBytes) errors.push(tooLong('', mostBytes));
  return errors;
}

function encodedSize(data: JsonObject): number {
  return Object.values(data).reduce<number>((total, value) => total + Buffer.byteLength(String(value), 'base64'), 0);
}

export const configMapRules: KindRules = {
  validate: validateConfigMap,
  validateUpdate: (object, old) => [
    ...validateFrozen(object, old, ['data', 'binaryData']),
    ...validateConfigMap(object),
  ],
};

const secretKeys: Record<string, readonly string[]> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
};

const dockerKeys: Readonly<Record<string, string>> = {
  'kubernetes.io/dockercfg': '.dockercfg',
  'kubernetes.io/dockerconfigjson': '.dockerconfigjson',
};

/** A secret's contents are never shown. */
function validateJson(encoded: unknown, path: string): FieldError[] {
  const bytes = Buffer.from(String(encoded), 'base64');
  const problem = readJsonText(bytes).problem ?? notAMap(JSON.parse(bytes.toString()));
  return problem === undefined ? [] : [invalid(path, '<secret contents redacted>', problem)];
}

function notAMap(value: unknown): string | undefined {
  if (value === null || isObject(value)) return undefined;
  const what = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `json: cannot unmarshal ${what} into Go value of type map[string]interface {}`;
}

function validateSecret(object: JsonObject): FieldError[] {
  const data = mapAt(object, 'data');
  const type = textAt(object, 'type');
  const errors = validateKeys(data, 'data');
  if (encodedSize(data) > mostBytes) errors.push(tooLong('data', mostBytes));
  for (const key of ownMember(secretKeys, type) ?? [])
    if (!Object.hasOwn(data, key)) errors.push(required(`data[${key}]`));
  const configuration = ownMember(dockerKeys, type);
  if (configuration !== undefined && Object.hasOwn(data, configuration)) {
    errors.push(...validateJson(data[configuration], `data[${configuration}]`));
  }
  if (
    type === 'kubernetes.io/service-account-token' &&
    !mapAt(object, 'metadata.annotations')['kubernetes.io/service-account.name']
  ) {
    errors.push(required('metadata.annotations[kubernetes.io/service-account.name]'));
  }
  if (type === 'kubernetes.io/basic-auth' && !Object.hasOwn(data, 'username') && !Object.hasOwn(data, 'password')) {
    errors.push(required('data[username]'), required('data[password]'));
  }
  return errors;
}

export const secretRules: KindRules = {
  defaults(secret) {
    fillIn(secret, { type: 'Opaque' });
    mergeStringData(secret);
  },
  validate: validateSecret,
  validateUpdate: (secret, old) => [
    ...(textAt(secret, 'type') === textAt(old, 'type')
      ? []
      : [invalid('type', textAt(secret, 'type'), 'field is immutable')]),
    ...validateFrozen(secret, old, ['data']),
    ...validateSecret(secret),
  ],
};

/** stringData is for writing only: it becomes data. */
function mergeStringData(secret: JsonObject): void {
  const texts = mapAt(secret, 'stringData');
  if (Object.keys(texts).length > 0) {
    const data = { ...mapAt(secret, 'data') };
    for (const [key, value] of Object.entries(texts)) setOwn(data, key, Buffer.from(String(value)).toString('base64'));
    secret['data'] = data;
  }
  delete secret['stringData'];
}

export const namespaceRules: KindRules = {
  nameCheck: isLabelName,
  defaults(namespace) {
    const name = textAt(namespace, 'metadata.name');
    if (!name) return;
    const metadata = mapAt(namespace, 'metadata');
    metadata['labels'] = { ...mapAt(metadata, 'labels'), 'kubernetes.io/metadata.name': name };
  },
  prepareForCreate(namespace) {
    namespace['status'] = { phase: 'Active' };
    const spec = isObject(namespace['spec']) ? namespace['spec'] : {};
    const finalizers = textsAt(spec, 'finalizers');
    namespace['spec'] = {
      ...spec,
      finalizers: finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'],
    };
  },
  prepareForUpdate(namespace, old, subresource) {
    if (subresource === 'finalize') return;
    if (subresource !== 'status') namespace['spec'] = { ...mapAt(namespace, 'spec'), ...withFinalizers(old) };
  },
  validate: (namespace) => validateSpecFinalizers(at(namespace, 'spec.finalizers')),
  validateUpdate: () => [],
};

function withFinalizers(old: JsonObject): JsonObject {
  const finalizers = at(old, 'spec.finalizers');
  return finalizers === undefined ? {} : { finalizers: structuredClone(finalizers) };
}
