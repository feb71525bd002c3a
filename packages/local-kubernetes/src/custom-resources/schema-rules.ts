/**
 * What a schema must be for a CustomResourceDefinition to be taken: structural, with nothing Kubernetes does not
 * support, with rules that compile and defaults that fit.
 */
import { compiledRules } from '../cel/compile-rules.ts';
import { applyDefaults } from '../schema/defaults.ts';
import { deepEqual } from '../schema/equality.ts';
import { type FieldError, forbidden, invalid, notSupported, required } from '../schema/field-error.ts';
import { compilePattern, patternProblem } from '../schema/patterns.ts';
import { isObject, type JsonObject, type Schema, type ValidationRule } from '../schema/schema.ts';
import { validateSchema } from '../schema/validate.ts';

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

/** Deeper schemas are refused: nobody's are, and every request would pay for it. */
const deepest = 200;

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
  if (errors.length === 0)
    errors.push(...validateRulesOf(schema as Schema, root, true), ...validateDefaults(schema as Schema, root));
  return errors;
}

type Level = 'root' | 'item' | 'field';

class SchemaRules {
  readonly errors: FieldError[] = [];

  node(schema: JsonObject, path: string, level: Level, depth: number): void {
    if (depth > deepest) {
      this.errors.push(forbidden(path, `schemas nested deeper than ${deepest} levels are not supported`));
      return;
    }
    this.#unsupported(schema, path);
    this.#type(schema, path, level);
    this.#lists(schema, path);
    this.#combinations(schema, path, depth);
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
      if (level === 'root') this.errors.push(forbidden(`${path}.additionalProperties`, 'must not be used at the root'));
      this.node(additionalProperties, `${path}.additionalProperties`, 'field', depth + 1);
    }
    if (isObject(items)) this.node(items, `${path}.items`, 'item', depth + 1);
    else if (Array.isArray(items))
      this.errors.push(forbidden(`${path}.items`, 'items must be a schema object and not an array'));
    else if (schema['type'] === 'array') this.errors.push(required(`${path}.items`, 'must be specified'));
  }

  #unsupported(schema: JsonObject, path: string): void {
    for (const name of ['id', '$ref', 'additionalItems', 'patternProperties', 'definitions', 'dependencies']) {
      if (schema[name] !== undefined && schema[name] !== '') {
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
    } else if (typeof type === 'string' && type !== '' && !types.includes(type)) {
      this.errors.push(notSupported(`${path}.type`, type, types));
    }
    if (typeof pattern === 'string' && !compilePattern(pattern)) {
      this.errors.push(
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
        this.errors.push(
          type
            ? invalid(`${path}.type`, type, 'must be object if x-kubernetes-embedded-resource is true')
            : required(`${path}.type`, 'must be object if x-kubernetes-embedded-resource is true'),
        );
      }
      if (schema['x-kubernetes-preserve-unknown-fields'] !== true && !isObject(schema['properties'])) {
        this.errors.push(
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
      this.errors.push(required(`${path}.type`, `must not be empty ${where}`));
    }
    if (level === 'root' && typeof type === 'string' && type !== '' && type !== 'object') {
      this.errors.push(invalid(`${path}.type`, type, 'must be object at the root'));
    }
    if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
      this.errors.push(invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'));
    }
  }

  #metadata(schema: JsonObject, path: string): void {
    if (schema['type'] !== undefined && schema['type'] !== 'object') {
      this.errors.push(invalid(`${path}.type`, schema['type'], 'must be object'));
    }
    const names = Object.keys(isObject(schema['properties']) ? schema['properties'] : {});
    if (names.some((name) => name !== 'name' && name !== 'generateName')) {
      this.errors.push(
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
    const name = kinds[String(items?.['type'])];
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
      this.errors.push(required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map'));
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
      const member = properties[String(key)];
      if (!isObject(member)) {
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

  /** Within allOf, anyOf, oneOf and not, only values may be restricted. */
  #combinations(schema: JsonObject, path: string, depth: number): void {
    for (const name of ['allOf', 'anyOf', 'oneOf']) {
      const list = schema[name];
      if (!Array.isArray(list)) continue;
      for (const [index, inner] of list.entries()) {
        if (isObject(inner)) this.#valueOnly(inner, schema, `${path}.${name}[${index}]`, depth + 1);
      }
    }
    if (isObject(schema['not'])) this.#valueOnly(schema['not'], schema, `${path}.not`, depth + 1);
  }

  #valueOnly(schema: JsonObject, outer: JsonObject, path: string, depth: number): void {
    if (depth > deepest) return;
    const isIntOrString = outer['x-kubernetes-int-or-string'] === true;
    const forbid = (name: string, text: string) => this.errors.push(forbidden(`${path}.${name}`, text));
    if (schema['type'] && !isIntOrString) forbid('type', 'must be empty to be structural');
    if (schema['additionalProperties'] !== undefined)
      forbid('additionalProperties', 'must be undefined to be structural');
    if (schema['default'] !== undefined) forbid('default', 'must be undefined to be structural');
    if (schema['title']) forbid('title', 'must be empty to be structural');
    if (schema['description']) forbid('description', 'must be empty to be structural');
    if (schema['nullable'] === true) forbid('nullable', 'must be false to be structural');
    for (const name of [
      'x-kubernetes-preserve-unknown-fields',
      'x-kubernetes-embedded-resource',
      'x-kubernetes-int-or-string',
    ]) {
      if (schema[name] === true) forbid(name, 'must be false to be structural');
    }
    for (const [name, inner] of Object.entries(isObject(schema['properties']) ? schema['properties'] : {})) {
      if (!isObject(inner)) continue;
      const declared = isObject(outer['properties']) ? outer['properties'][name] : undefined;
      if (!isObject(declared) && outer['x-kubernetes-preserve-unknown-fields'] !== true) {
        const at = path.replace(/\.(allOf|anyOf|oneOf)\[\d+\]$|\.not$/, '');
        this.errors.push(required(`${at}.properties[${name}]`, `because it is defined in ${path}.properties[${name}]`));
      }
      this.#valueOnly(inner, isObject(declared) ? declared : {}, `${path}.properties[${name}]`, depth + 1);
    }
    if (isObject(schema['items'])) {
      const declared = isObject(outer['items']) ? outer['items'] : {};
      this.#valueOnly(schema['items'], declared, `${path}.items`, depth + 1);
    }
    for (const name of ['allOf', 'anyOf', 'oneOf']) {
      const list = schema[name];
      if (!Array.isArray(list)) continue;
      for (const [index, inner] of list.entries()) {
        if (isObject(inner)) this.#valueOnly(inner, outer, `${path}.${name}[${index}]`, depth + 1);
      }
    }
  }
}

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

function validateRulesOf(schema: Schema, path: string, isRoot: boolean): FieldError[] {
  const errors: FieldError[] = [];
  const rules = schema['x-kubernetes-validations'] ?? [];
  for (const [index, rule] of rules.entries())
    errors.push(...validateRule(rule, `${path}.x-kubernetes-validations[${index}]`));
  if (rules.length > 0 && errors.length === 0) {
    for (const [index, compiled] of compiledRules(schema, isRoot).rules.entries()) {
      const place = `${path}.x-kubernetes-validations[${index}]`;
      if (compiled.error !== undefined) {
        const isMessage = compiled.brokenPart === 'messageExpression';
        errors.push(
          invalid(`${place}.${isMessage ? 'messageExpression' : 'rule'}`, internalRule(rules[index]!), compiled.error),
        );
      } else if (compiled.source.optionalOldSelf !== undefined && !compiled.usesOldSelf) {
        errors.push(
          invalid(
            `${place}.optionalOldSelf`,
            compiled.source.optionalOldSelf,
            'may not be set if oldSelf is not used in rule',
          ),
        );
      }
    }
  }
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    errors.push(...validateRulesOf(member, `${path}.properties[${name}]`, false));
  }
  if (schema.items) errors.push(...validateRulesOf(schema.items, `${path}.items`, false));
  if (typeof schema.additionalProperties === 'object') {
    errors.push(...validateRulesOf(schema.additionalProperties, `${path}.additionalProperties`, false));
  }
  return errors;
}

function validateRule(rule: ValidationRule, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const message = rule.message ?? '';
  if (!rule.rule?.trim()) errors.push(required(`${path}.rule`, 'rule is not specified'));
  if (message !== '' && message.trim() === '')
    errors.push(invalid(`${path}.message`, message, 'must be non-empty if specified'));
  if (/[\r\n]/.test(message.trim())) errors.push(invalid(`${path}.message`, message, 'must not contain line breaks'));
  if (/[\r\n]/.test((rule.rule ?? '').trim()) && message === '') {
    errors.push(required(`${path}.message`, 'message must be specified if rule contains line breaks'));
  }
  if (rule.messageExpression !== undefined && rule.messageExpression !== '' && !rule.messageExpression.trim()) {
    errors.push(required(`${path}.messageExpression`, 'messageExpression must be non-empty if specified'));
  }
  if (rule.reason !== undefined && !reasons.includes(rule.reason)) {
    errors.push(notSupported(`${path}.reason`, rule.reason, reasons));
  }
  return errors;
}

/** A rule as the real server's internal type prints. */
class InternalRule {
  readonly Rule: string;
  readonly Message: string;
  readonly MessageExpression: string;
  readonly Reason: string | null;
  readonly FieldPath: string;
  readonly OptionalOldSelf: boolean | null;
  constructor(rule: ValidationRule) {
    this.Rule = rule.rule;
    this.Message = rule.message ?? '';
    this.MessageExpression = rule.messageExpression ?? '';
    this.Reason = rule.reason ?? null;
    this.FieldPath = rule.fieldPath ?? '';
    this.OptionalOldSelf = rule.optionalOldSelf ?? null;
  }
}

const internalRule = (rule: ValidationRule) => new InternalRule(rule);

/** Defaults must be valid themselves, and hold nothing the schema would prune. */
function validateDefaults(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (schema.default !== undefined) {
    const value = structuredClone(schema.default);
    applyDefaults(value, schema);
    for (const error of validateSchema(value, schema)) {
      const isInside = error.field !== '<nil>' && error.field !== '';
      errors.push({ ...error, field: isInside ? `${path}.default.${error.field}` : `${path}.default` });
    }
    if (!deepEqual(pruned(schema.default, schema), schema.default)) {
      errors.push(invalid(`${path}.default`, schema.default, 'must not have unknown fields'));
    }
  }
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    errors.push(...validateDefaults(member, `${path}.properties[${name}]`));
  }
  if (schema.items) errors.push(...validateDefaults(schema.items, `${path}.items`));
  if (typeof schema.additionalProperties === 'object') {
    errors.push(...validateDefaults(schema.additionalProperties, `${path}.additionalProperties`));
  }
  return errors;
}

function pruned(value: unknown, schema: Schema): unknown {
  if (schema['x-kubernetes-preserve-unknown-fields']) return value;
  if (Array.isArray(value)) return value.map((item) => (schema.items ? pruned(item, schema.items) : item));
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [name, member] of Object.entries(value)) {
    const declared = schema.properties?.[name];
    if (declared) result[name] = pruned(member, declared);
    else if (typeof schema.additionalProperties === 'object')
      result[name] = pruned(member, schema.additionalProperties);
    else if (schema.additionalProperties === true) result[name] = member;
  }
  return result;
}
