/**
 * What a schema must be for a CustomResourceDefinition to be taken: structural, with nothing Kubernetes does not
 * support, with rules that compile and defaults that fit.
 */

import { goUnion } from '../kinds/go-object.ts';
import { type FieldError, forbidden, invalid, notSupported, required } from '../schema/field-error.ts';
import { ownMember } from '../schema/own-member.ts';
import { compilePattern, patternProblem } from '../schema/patterns.ts';
import { isObject, type JsonObject, type Schema, schemaTypes } from '../schema/schema.ts';
import { combinationProblems, deepest } from './combination-rules.ts';
import { validateDefaults } from './default-rules.ts';
import { validateRulesOf } from './expression-rules.ts';

export function validateDefinitionSchema(schema: JsonObject, hasStatus: boolean, path: string): FieldError[] {
  const root = `${path}.openAPIV3Schema`;
  const errors: FieldError[] = [];
  if (schema['nullable'] === true) errors.push(forbidden(`${root}.nullable`, 'nullable cannot be true at the root'));
  if (hasStatus && schema['type'] !== undefined && schema['type'] !== 'object') {
    errors.push(
      invalid(
        `${root}.type`,
        schema['type'],
        'only "object" is allowed as the type at the root of the schema if the status subresource is enabled',
      ),
    );
  }
  const check = new SchemaRules();
  check.node(schema, root, 'root', 0);
  errors.push(...check.errors);
  if (check.isTooDeep) return errors;
  const structural = check.isUnreadable ? [] : check.structural;
  const isStructural = !check.isUnreadable && structural.length === 0;
  const defaults = isStructural ? validateDefaults(schema as Schema, root) : [];
  const compiles = isStructural && defaults.length === 0;
  const wrong = check.errors.map(({ field }) => field);
  return [...errors, ...structural, ...defaults, ...validateRulesOf(schema as Schema, root, true, { compiles, wrong })];
}

type Level = 'root' | 'item' | 'field';

class SchemaRules {
  readonly errors: FieldError[] = [];
  /** Of what keeps the schema from being structural: without it, nobody looks at defaults and rules. */
  readonly structural: FieldError[] = [];
  /** It says what no structural schema has a place for: nobody looks whether the rest of it is one. */
  isUnreadable = false;
  isTooDeep = false;

  node(schema: JsonObject, path: string, level: Level, depth: number): void {
    if (depth > deepest) {
      this.isTooDeep = true;
      this.errors.push(forbidden(path, `schemas nested deeper than ${deepest} levels are not supported`));
      return;
    }
    this.#unsupported(schema, path);
    this.#type(schema, path, level);
    this.#lists(schema, path);
    this.structural.push(...combinationProblems(schema, path));
    const { properties, additionalProperties, items } = schema;
    if (isObject(properties)) {
      if (isObject(additionalProperties)) {
        this.errors.push(
          forbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'),
        );
      }
      for (const [name, member] of Object.entries(properties)) {
        if (!isObject(member)) continue;
        if (level === 'root' && name === 'metadata') this.#metadata(member, `${path}.properties[metadata]`);
        else this.node(member, `${path}.properties[${name}]`, 'field', depth + 1);
      }
    }
    if (isObject(additionalProperties)) {
      if (level === 'root') {
        this.structural.push(forbidden(`${path}.additionalProperties`, 'must not be used at the root'));
      }
      this.node(additionalProperties, `${path}.additionalProperties`, 'field', depth + 1);
    }
    if (isObject(items)) this.node(items, `${path}.items`, 'item', depth + 1);
    else if (Array.isArray(items) && items.length > 0) {
      this.isUnreadable = true;
      this.errors.push(forbidden(`${path}.items`, 'items must be a schema object and not an array'));
    } else if (schema['type'] === 'array') this.structural.push(required(`${path}.items`, 'must be specified'));
  }

  #unsupported(schema: JsonObject, path: string): void {
    for (const name of ['id', '$ref', 'additionalItems', 'patternProperties', 'definitions', 'dependencies']) {
      if (schema[name] !== undefined && schema[name] !== '') {
        this.isUnreadable = true;
        this.errors.push(forbidden(`${path}.${name}`, `${name} is not supported`));
      }
    }
    if (schema['uniqueItems'] === true) {
      this.errors.push(
        forbidden(
          `${path}.uniqueItems`,
          'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
        ),
      );
    }
    const { type, pattern } = schema;
    if (type === 'null') {
      this.errors.push(forbidden(`${path}.type`, 'type cannot be set to null, use nullable as an alternative'));
    } else if (typeof type === 'string' && type !== '' && !schemaTypes.includes(type)) {
      this.errors.push(notSupported(`${path}.type`, type, schemaTypes));
    }
    if (typeof pattern === 'string' && !compilePattern(pattern)) {
      this.structural.push(
        invalid(
          `${path}.pattern`,
          pattern,
          `must be a valid regular expression, but isn't: ${patternProblem(pattern)}`,
        ),
      );
    }
  }

  #type(schema: JsonObject, path: string, level: Level): void {
    const isAny =
      schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
    const { type } = schema;
    if (schema['x-kubernetes-embedded-resource'] === true) {
      if (type !== 'object') {
        this.structural.push(
          type
            ? invalid(`${path}.type`, type, 'must be object if x-kubernetes-embedded-resource is true')
            : required(`${path}.type`, 'must be object if x-kubernetes-embedded-resource is true'),
        );
      }
      if (schema['x-kubernetes-preserve-unknown-fields'] !== true && !isObject(schema['properties'])) {
        this.structural.push(
          required(
            `${path}.properties`,
            'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
          ),
        );
      }
    } else if (!type && (!isAny || level === 'root')) {
      const where = { root: 'at the root', item: 'for specified array items', field: 'for specified object fields' }[
        level
      ];
      this.structural.push(required(`${path}.type`, `must not be empty ${where}`));
    }
    if (level === 'root' && typeof type === 'string' && type !== '' && type !== 'object') {
      this.structural.push(invalid(`${path}.type`, type, 'must be object at the root'));
    }
    if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
      this.isUnreadable = true;
      this.errors.push(invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'));
    }
  }

  #metadata(schema: JsonObject, path: string): void {
    if (schema['type'] !== undefined && schema['type'] !== 'object') {
      this.structural.push(invalid(`${path}.type`, schema['type'], 'must be object'));
    }
    const names = Object.keys(isObject(schema['properties']) ? schema['properties'] : {});
    if (names.some((name) => name !== 'name' && name !== 'generateName')) {
      this.structural.push(
        forbidden(
          path,
          'must not specify anything other than name and generateName, but metadata is implicitly specified',
        ),
      );
    }
  }

  #lists(schema: JsonObject, path: string): void {
    const listType = schema['x-kubernetes-list-type'];
    const keys = schema['x-kubernetes-list-map-keys'];
    const items = isObject(schema['items']) ? schema['items'] : undefined;
    const mapType = schema['x-kubernetes-map-type'];
    if (mapType !== undefined && schema['type'] !== 'object') {
      const text = 'must be object if x-kubernetes-map-type is specified';
      this.errors.push(schema['type'] ? invalid(`${path}.type`, schema['type'], text) : required(`${path}.type`, text));
    }
    if (mapType !== undefined && mapType !== 'atomic' && mapType !== 'granular') {
      this.errors.push(notSupported(`${path}.x-kubernetes-map-type`, mapType, ['atomic', 'granular']));
    }
    if (listType !== undefined && schema['type'] !== 'array') {
      const text = 'must be array if x-kubernetes-list-type is specified';
      this.errors.push(schema['type'] ? invalid(`${path}.type`, schema['type'], text) : required(`${path}.type`, text));
    }
    if (listType !== undefined && !['atomic', 'set', 'map'].includes(String(listType))) {
      this.errors.push(notSupported(`${path}.x-kubernetes-list-type`, listType, ['atomic', 'set', 'map']));
    }
    const hasKeys = Array.isArray(keys) && keys.length > 0;
    if (hasKeys && listType !== 'map') {
      const text = 'must be map if x-kubernetes-list-map-keys is non-empty';
      const field = `${path}.x-kubernetes-list-type`;
      this.errors.push(listType === undefined ? required(field, text) : invalid(field, listType, text));
    }
    if (listType === 'map') this.#listMap(schema, keys, items, path);
    if (listType === 'set') this.#listSet(items, path);
    if ((listType === 'set' || listType === 'map') && items?.['nullable'] === true) {
      this.errors.push(
        forbidden(`${path}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${listType}`),
      );
    }
  }

  /** What is compared as a whole has to be one. */
  #listSet(items: JsonObject | undefined, path: string): void {
    const kinds: Record<string, string> = { object: 'x-kubernetes-map-type', array: 'x-kubernetes-list-type' };
    const name = ownMember(kinds, String(items?.['type']));
    if (!name || !items) return;
    const value = items[name];
    if (value === 'atomic' || (name === 'x-kubernetes-list-type' && value === undefined)) return;
    const text = 'must be atomic as item of a list with x-kubernetes-list-type=set';
    this.errors.push(invalid(`${path}.items.${name}`, value ?? null, text));
  }

  #listMap(schema: JsonObject, keys: unknown, items: JsonObject | undefined, path: string): void {
    if (!Array.isArray(keys) || keys.length === 0) {
      this.errors.push(
        required(`${path}.x-kubernetes-list-map-keys`, 'must not be empty if x-kubernetes-list-type is map'),
      );
      return;
    }
    if (!items) {
      const given = schema['items'];
      this.errors.push(
        given === undefined
          ? required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map')
          : invalid(
              `${path}.items`,
              goUnion(given, 'apiextensions.JSONSchemaPropsOrArray'),
              'must only have a single schema if x-kubernetes-list-type is map',
            ),
      );
      return;
    }
    if (items['type'] !== 'object') {
      this.errors.push(
        invalid(
          `${path}.items.type`,
          items['type'] ?? '',
          "must be object if parent array's x-kubernetes-list-type is map",
        ),
      );
    }
    const properties = isObject(items['properties']) ? items['properties'] : {};
    const needed = Array.isArray(items['required']) ? items['required'] : [];
    for (const key of keys) {
      const member = ownMember(properties, String(key));
      if (!isObject(member)) {
        if (items['type'] !== 'object') continue;
        this.errors.push(
          invalid(
            `${path}.x-kubernetes-list-map-keys`,
            schema['x-kubernetes-list-map-keys'],
            'entries must all be names of item properties',
          ),
        );
      } else if (member['type'] === 'object' || member['type'] === 'array') {
        this.errors.push(
          invalid(
            `${path}.items.properties[${key}].type`,
            items['type'],
            "must be a scalar type if parent array's x-kubernetes-list-type is map",
          ),
        );
      } else if (member['default'] === undefined && !needed.includes(key)) {
        this.errors.push(
          required(
            `${path}.items.properties[${key}].default`,
            'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
          ),
        );
      }
    }
  }
}
