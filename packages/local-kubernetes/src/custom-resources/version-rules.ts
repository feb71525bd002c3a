/** The versions of a CustomResourceDefinition: their schemas, columns, scales and fields to select by. */
import { at, listAt, textAt } from '../kinds/columns/read.ts';
import { goObject } from '../kinds/go-object.ts';
import { deepEqual } from '../schema/equality.ts';
import { duplicate, type FieldError, invalid, required, tooMany } from '../schema/field-error.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import { isDns1035Label } from '../validation/names.ts';
import { parseJsonPath } from './json-path.ts';
import { followPath } from './schema-path.ts';
import { validateDefinitionSchema } from './schema-rules.ts';

export function validateVersions(spec: JsonObject, old: JsonObject | undefined): FieldError[] {
  const versions = listAt(spec, 'versions');
  const errors: FieldError[] = [];
  const shared = sharedParts(versions);
  const shown = Array.isArray(spec['versions']) ? versions.map((version) => internalVersion(version, shared)) : null;
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
    if (problems.length > 0) {
      errors.push(invalid(`${path}.name`, name, problems.join(',')));
      // The first is the one a definition of one version would name.
      if (index === 0 && name !== '') errors.push(invalid('spec.version', name, problems.join(',')));
    }
    errors.push(...validateVersion(version, old, placesOf(index, shared)));
  }
  if (!isUnique) errors.push(invalid('spec.versions', shown, 'must contain unique version names'));
  if (stored !== 1) {
    errors.push(invalid('spec.versions', shown, 'must have exactly one version marked as storage version'));
  }
  return errors;
}

/** A version as the real server's internal type prints, with what all versions share left out. */
function internalVersion(version: JsonObject, shared: ReadonlySet<Part>): object {
  const own = Object.entries(version).filter(([name]) => !shared.has(name as Part));
  return goObject(Object.fromEntries(own), 'apiextensions.CustomResourceDefinitionVersion');
}

const parts = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'] as const;
type Part = (typeof parts)[number];

/** Parts that are the same in all versions are told of once, as parts of the whole definition. */
function sharedParts(versions: readonly JsonObject[]): ReadonlySet<Part> {
  const [first] = versions;
  return new Set(parts.filter((part) => versions.every((version) => deepEqual(version[part], first?.[part]))));
}

/** Where the parts of a version stand in the errors; undefined for one that another version has told of already. */
function placesOf(
  index: number,
  shared: ReadonlySet<Part>,
): Record<Part | 'version', string | undefined> & { readonly isSchemaShared: boolean } {
  const version = `spec.versions[${index}]`;
  const place = (part: Part, top: string) => (!shared.has(part) ? `${version}.${part}` : index === 0 ? top : undefined);
  return {
    version,
    isSchemaShared: shared.has('schema'),
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
  if (places.selectableFields !== undefined) errors.push(...validateSelectable(version, places));
  return errors;
}

const mostSelectable = 8;
const selectableTypes = ['string', 'boolean', 'integer'];

function validateSelectable(version: JsonObject, places: ReturnType<typeof placesOf>): FieldError[] {
  const schema = at(version, 'schema.openAPIV3Schema');
  const path = places.selectableFields!;
  if (listAt(version, 'selectableFields').length === 0) return [];
  // Fields that all versions share need a schema that they share, fields of a version one of its own.
  const isTop = path === 'spec.selectableFields';
  if (isTop !== places.isSchemaShared) {
    const rule = isTop ? 'validations.schema is included' : '`version.schema.openAPIV3Schema` is not included';
    return [invalid(path, '', `may only be set when ${rule}`)];
  }
  const paths = new Set<string>();
  const errors = listAt(version, 'selectableFields').flatMap((field, index) => {
    const jsonPath = textAt(field, 'jsonPath');
    const place = `${path}[${index}].jsonPath`;
    if (!jsonPath) return [required(place)];
    const found = followPath(jsonPath, isObject(schema) ? schema : {}, false);
    if (typeof found === 'string') return [invalid(place, jsonPath, `is an invalid path: ${found}`)];
    const isTwice = paths.has(jsonPath);
    paths.add(jsonPath);
    return [
      ...(jsonPath.startsWith('.metadata.') ? [invalid(place, jsonPath, 'must not point to fields in metadata')] : []),
      ...(selectableTypes.includes(String(found.type)) ? [] : [invalid(place, jsonPath, selectableText)]),
      ...(isTwice ? [duplicate(place, jsonPath)] : []),
    ];
  });
  return paths.size > mostSelectable ? [...errors, tooMany(path, paths.size, mostSelectable)] : errors;
}

const selectableText =
  'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';

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
  if (!isColumn) return [];
  try {
    parseJsonPath(path);
    return [];
  } catch (error) {
    return [invalid(field, path, error instanceof Error ? error.message : String(error))];
  }
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
  if (selector) {
    const field = `${path}.scale.labelSelectorPath`;
    const problems = validateSimplePath(selector, field);
    errors.push(...problems);
    if (problems.length === 0 && !/^\.(spec|status)\./.test(selector))
      errors.push(invalid(field, selector, 'should be a json path under either .spec or .status'));
  }
  return errors;
}
