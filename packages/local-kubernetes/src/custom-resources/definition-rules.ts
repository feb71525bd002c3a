/** CustomResourceDefinitions: defaults, validation, and which versions have stored objects. */
import { at, listAt, mapAt, textAt, textsAt } from '../kinds/columns/read.ts';
import { deepEqual } from '../schema/equality.ts';
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../schema/field-error.ts';
import { isKnownFormat } from '../schema/formats.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import type { KindRules } from '../validation/built-in-strategy.ts';
import { fillIn } from '../validation/fill-in.ts';
import { isDns1035Label, isSubdomain } from '../validation/names.ts';
import { parseJsonPath } from './json-path.ts';
import { validateDefinitionSchema } from './schema-rules.ts';

export const definitionRules: KindRules = {
  hasGeneration: true,
  takesAnyFinalizer: true,
  allowUnconditionalUpdate: false,
  defaults: defaultDefinition,
  prepareForCreate: recordStorage,
  prepareForUpdate: (crd, _old, subresource) => {
    if (subresource !== 'status') recordStorage(crd);
  },
  validate: (crd) => validateDefinition(crd, undefined),
  validateUpdate: (crd, old) => [...validateFixed(crd, old), ...validateDefinition(crd, old)],
  warnings: (crd) => unknownFormats(crd),
};

/** Errors of a whole definition, metadata aside. */
export function validateCustomResourceDefinition(definition: object): FieldError[] {
  const crd = structuredClone(definition) as JsonObject;
  defaultDefinition(crd);
  recordStorage(crd);
  return validateDefinition(crd, undefined);
}

function defaultDefinition(crd: JsonObject): void {
  const spec = mapAt(crd, 'spec');
  const names = mapAt(spec, 'names');
  const kind = textAt(names, 'kind');
  fillIn(names, { singular: kind.toLowerCase(), listKind: kind ? `${kind}List` : '' });
  if (!isObject(spec['conversion'])) spec['conversion'] = { strategy: 'None' };
}

/** The version objects are written in now is one that may be found in the store. */
function recordStorage(crd: JsonObject): void {
  const status = isObject(crd['status']) ? crd['status'] : {};
  const storage = listAt(crd, 'spec.versions').find((version) => version['storage'] === true);
  const stored = textsAt(status, 'storedVersions');
  const name = textAt(storage, 'name');
  if (storage && !stored.includes(name)) stored.push(name);
  crd['status'] = { ...status, storedVersions: stored };
}

function validateDefinition(crd: JsonObject, old: JsonObject | undefined): FieldError[] {
  const spec = mapAt(crd, 'spec');
  const names = mapAt(spec, 'names');
  const group = textAt(spec, 'group');
  const errors: FieldError[] = [];
  const name = textAt(crd, 'metadata.name');
  if (!old && name && name !== `${textAt(names, 'plural')}.${group}`) {
    errors.push(invalid('metadata.name', name, 'must be spec.names.plural+"."+spec.group'));
  }
  if (!group) errors.push(required('spec.group'));
  else {
    const problems = isSubdomain(group);
    if (problems.length > 0) errors.push(invalid('spec.group', group, problems.join(',')));
    else if (!group.includes('.'))
      errors.push(invalid('spec.group', group, 'should be a domain with at least one dot'));
  }
  const scope = textAt(spec, 'scope');
  if (!scope) errors.push(required('spec.scope'));
  else if (scope !== 'Cluster' && scope !== 'Namespaced') {
    errors.push(notSupported('spec.scope', scope, ['Cluster', 'Namespaced']));
  }
  errors.push(...validateVersions(spec, old), ...validateNames(names), ...validateConversion(spec));
  if (spec['preserveUnknownFields'] === true) {
    errors.push(
      invalid(
        'spec.preserveUnknownFields',
        true,
        'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
      ),
    );
  }
  return [...errors, ...validateStored(crd), ...validateApproval(crd, group)];
}

function validateVersions(spec: JsonObject, old: JsonObject | undefined): FieldError[] {
  const versions = listAt(spec, 'versions');
  const errors: FieldError[] = [];
  const shared = sharedParts(versions);
  const shown = Array.isArray(spec['versions']) ? versions.map((version) => new InternalVersion(version)) : null;
  const seen = new Set<string>();
  let isUnique = true;
  let stored = 0;
  for (const [index, version] of versions.entries()) {
    const path = `spec.versions[${index}]`;
    const name = textAt(version, 'name');
    if (seen.has(name)) isUnique = false;
    seen.add(name);
    if (version['storage'] === true) stored++;
    const problems = isDns1035Label(name);
    if (problems.length > 0) errors.push(invalid(`${path}.name`, name, problems.join(',')));
    errors.push(...validateVersion(version, old, placesOf(index, shared)));
  }
  if (!isUnique) errors.push(invalid('spec.versions', shown, 'must contain unique version names'));
  if (stored !== 1) {
    errors.push(invalid('spec.versions', shown, 'must have exactly one version marked as storage version'));
  }
  return errors;
}

/** A version as the real server's internal type prints, with what all versions share left out. */
class InternalVersion {
  readonly Name: unknown;
  readonly Served: boolean;
  readonly Storage: boolean;
  readonly Deprecated: boolean;
  readonly DeprecationWarning: unknown;
  readonly Schema = null;
  readonly Subresources = null;
  readonly AdditionalPrinterColumns = null;
  readonly SelectableFields = null;
  constructor(version: JsonObject) {
    this.Name = version['name'];
    this.Served = version['served'] === true;
    this.Storage = version['storage'] === true;
    this.Deprecated = version['deprecated'] === true;
    this.DeprecationWarning = version['deprecationWarning'] ?? null;
  }
}

const parts = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'] as const;
type Part = (typeof parts)[number];

/** Parts that are the same in all versions are told of once, as parts of the whole definition. */
function sharedParts(versions: readonly JsonObject[]): ReadonlySet<Part> {
  const [first] = versions;
  return new Set(parts.filter((part) => versions.every((version) => deepEqual(version[part], first?.[part]))));
}

/** Where the parts of a version stand in the errors; undefined for one that another version has told of already. */
function placesOf(index: number, shared: ReadonlySet<Part>): Record<Part | 'version', string | undefined> {
  const version = `spec.versions[${index}]`;
  const place = (part: Part, top: string) => (!shared.has(part) ? `${version}.${part}` : index === 0 ? top : undefined);
  return {
    version,
    schema: place('schema', 'spec.validation'),
    subresources: place('subresources', 'spec.subresources'),
    additionalPrinterColumns: place('additionalPrinterColumns', 'spec.additionalPrinterColumns'),
    selectableFields: place('selectableFields', 'spec.selectableFields'),
  };
}

function validateVersion(
  version: JsonObject,
  old: JsonObject | undefined,
  places: ReturnType<typeof placesOf>,
): FieldError[] {
  const errors: FieldError[] = [];
  const schema = at(version, 'schema.openAPIV3Schema');
  const hasStatus = isObject(at(version, 'subresources.status'));
  const warning = textAt(version, 'deprecationWarning');
  if (warning && version['deprecated'] !== true) {
    errors.push(invalid(`${places.version}.deprecationWarning`, warning, 'can only be set for deprecated versions'));
  }
  if (!isObject(schema)) errors.push(required(`${places.version}.schema.openAPIV3Schema`, ''));
  else if (places.schema !== undefined && !isUnchangedSchema(version, old)) {
    errors.push(...validateDefinitionSchema(schema, hasStatus, places.schema));
  }
  if (places.subresources !== undefined) {
    errors.push(...validateScale(at(version, 'subresources.scale'), places.subresources));
  }
  if (places.additionalPrinterColumns !== undefined) {
    for (const [index, column] of listAt(version, 'additionalPrinterColumns').entries()) {
      errors.push(...validateColumn(column, `${places.additionalPrinterColumns}[${index}]`));
    }
  }
  if (places.selectableFields !== undefined) errors.push(...validateSelectable(version, places.selectableFields));
  return errors;
}

function validateSelectable(version: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const paths = new Set<string>();
  for (const [index, field] of listAt(version, 'selectableFields').entries()) {
    const jsonPath = textAt(field, 'jsonPath');
    const place = `${path}[${index}].jsonPath`;
    if (!jsonPath) errors.push(required(place));
    else if (jsonPath.startsWith('.metadata'))
      errors.push(invalid(place, jsonPath, 'must not point to fields in metadata'));
    if (paths.has(jsonPath)) errors.push(duplicate(place, jsonPath));
    paths.add(jsonPath);
  }
  return errors;
}

/** What was accepted before is not judged by newer rules. */
function isUnchangedSchema(version: JsonObject, old: JsonObject | undefined): boolean {
  if (!old) return false;
  const before = listAt(old, 'spec.versions').find((each) => each['name'] === version['name']);
  return before !== undefined && deepEqual(before['schema'], version['schema']);
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

function validateColumn(column: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const type = textAt(column, 'type');
  const format = textAt(column, 'format');
  const jsonPath = textAt(column, 'jsonPath');
  if (!textAt(column, 'name')) errors.push(required(`${path}.name`));
  if (!type) errors.push(required(`${path}.type`, `must be one of ${columnTypes.join(',')}`));
  else if (!columnTypes.includes(type))
    errors.push(invalid(`${path}.type`, type, `must be one of ${columnTypes.join(',')}`));
  if (format && !columnFormats.includes(format)) {
    errors.push(invalid(`${path}.format`, format, `must be one of ${columnFormats.join(',')}`));
  }
  if (!jsonPath) errors.push(required(`${path}.JSONPath`));
  else errors.push(...validateSimplePath(jsonPath, `${path}.JSONPath`, true));
  return errors;
}

function validateSimplePath(path: string, field: string, isColumn = false): FieldError[] {
  if (!path.startsWith('.')) return [invalid(field, path, 'must be a simple json path starting with .')];
  if (isColumn) {
    try {
      parseJsonPath(path);
      return [];
    } catch (error) {
      return [invalid(field, path, error instanceof Error ? error.message : String(error))];
    }
  }
  return path
    .split('.')
    .slice(1)
    .some((name) => /[[\]]/.test(name) || name === '')
    ? [invalid(field, path, 'must be a json path in the dot notation')]
    : [];
}

function validateScale(scale: unknown, path: string): FieldError[] {
  if (!isObject(scale)) return [];
  const errors: FieldError[] = [];
  const rules = [
    ['specReplicasPath', '.spec.', 'should be a json path under .spec'],
    ['statusReplicasPath', '.status.', 'should be a json path under .status'],
  ] as const;
  for (const [name, prefix, text] of rules) {
    const value = textAt(scale, name);
    const field = `${path}.scale.${name}`;
    if (!value) {
      errors.push(required(field));
      continue;
    }
    const problems = validateSimplePath(value, field);
    errors.push(...problems);
    if (problems.length === 0 && !value.startsWith(prefix)) errors.push(invalid(field, value, text));
  }
  const selector = textAt(scale, 'labelSelectorPath');
  if (selector && !selector.startsWith('.spec.') && !selector.startsWith('.status.')) {
    errors.push(
      invalid(`${path}.scale.labelSelectorPath`, selector, 'should be a json path under either .spec or .status'),
    );
  }
  return errors;
}

function validateNames(names: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  for (const name of ['plural', 'singular', 'kind', 'listKind']) {
    if (!textAt(names, name)) errors.push(required(`spec.names.${name}`));
  }
  const mixed = 'may have mixed case, but should otherwise match: ';
  for (const [name, prefix] of [
    ['plural', ''],
    ['singular', ''],
    ['kind', mixed],
    ['listKind', mixed],
  ] as const) {
    const value = textAt(names, name);
    const problems = value ? isDns1035Label(prefix ? value.toLowerCase() : value) : [];
    if (problems.length > 0) errors.push(invalid(`spec.names.${name}`, value, prefix + problems.join(',')));
  }
  for (const list of ['shortNames', 'categories']) {
    for (const [index, value] of textsAt(names, list).entries()) {
      const problems = isDns1035Label(value);
      if (problems.length > 0) errors.push(invalid(`spec.names.${list}[${index}]`, value, problems.join(',')));
    }
  }
  if (textAt(names, 'kind') && textAt(names, 'kind') === textAt(names, 'listKind')) {
    errors.push(invalid('spec.names.listKind', textAt(names, 'listKind'), 'kind and listKind may not be the same'));
  }
  return errors;
}

function validateConversion(spec: JsonObject): FieldError[] {
  const strategy = textAt(spec, 'conversion.strategy');
  if (!strategy) return [required('spec.conversion.strategy')];
  if (strategy === 'Webhook') {
    return [
      forbidden('spec.conversion.strategy', 'conversion by webhook is not part of local-kubernetes; use strategy None'),
    ];
  }
  return strategy === 'None' ? [] : [notSupported('spec.conversion.strategy', strategy, ['None', 'Webhook'])];
}

function validateStored(crd: JsonObject): FieldError[] {
  const stored = textsAt(crd, 'status.storedVersions');
  const versions = listAt(crd, 'spec.versions').map((version) => textAt(version, 'name'));
  if (stored.length === 0) return [invalid('status.storedVersions', null, 'must have at least one stored version')];
  return stored.flatMap((name, index) =>
    versions.includes(name)
      ? []
      : [
          invalid(
            `status.storedVersions[${index}]`,
            name,
            `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`,
          ),
        ],
  );
}

const approvalAnnotation = 'api-approved.kubernetes.io';

/** Groups of Kubernetes itself are protected. */
function validateApproval(crd: JsonObject, group: string): FieldError[] {
  const isProtected = /(^|\.)(k8s\.io|kubernetes\.io)$/.test(group);
  const value = mapAt(crd, 'metadata.annotations')[approvalAnnotation];
  if (!isProtected || (typeof value === 'string' && /^(unapproved|https?:\/\/)/.test(value))) return [];
  const path = `metadata.annotations[${approvalAnnotation}]`;
  const detail = `protected groups must have approval annotation "${approvalAnnotation}", see https://github.com/kubernetes/enhancements/pull/1111`;
  return [value === undefined ? required(path, detail) : invalid(path, value, detail)];
}

/** Names are fixed once they are accepted. */
function validateFixed(crd: JsonObject, old: JsonObject): FieldError[] {
  const isEstablished = listAt(old, 'status.conditions').some(
    (condition) => condition['type'] === 'Established' && condition['status'] === 'True',
  );
  const fixed = ['group', ...(isEstablished ? ['scope', 'names.kind'] : []), 'names.plural'];
  return fixed.flatMap((path) => {
    const value = at(crd, `spec.${path}`);
    return deepEqual(value, at(old, `spec.${path}`))
      ? []
      : [invalid(`spec.${path}`, value ?? '', 'field is immutable')];
  });
}

function unknownFormats(crd: JsonObject): string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    if (!isObject(value)) return;
    const { format, type } = value;
    if (typeof format === 'string' && type === 'string' && !isKnownFormat(format)) found.add(format);
    for (const member of Object.values(value)) visit(member);
  };
  for (const version of listAt(crd, 'spec.versions')) visit(at(version, 'schema.openAPIV3Schema'));
  return [...found].sort().map((format) => `unrecognized format "${format}"`);
}
