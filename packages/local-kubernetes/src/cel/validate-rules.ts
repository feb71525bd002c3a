/** Carries out the CEL rules of a schema over an object: `x-kubernetes-validations`. */

import { deepEqual } from '../schema/equality.ts';
import { type FieldError, forbidden, invalid, required } from '../schema/field-error.ts';
import { ownMember } from '../schema/own-member.ts';
import { isObject, type JsonObject, memberSchema, type Schema, type ValidationRule } from '../schema/schema.ts';
import { celValue } from './cel-values.ts';
import { type CompiledRule, compiledRules, hasRules } from './compile-rules.ts';

/** The work one object's rules may cost, in steps; the real server allows as much. */
const mostCost = 10_000_000;
const mostCostOfOne = 1_000_000;

class Budget {
  #left = mostCost;

  /** Whether a rule over so much data stays within bounds, counted from above before it runs. */
  take(rule: CompiledRule, weight: number): boolean {
    const cost = rule.steps * Math.max(1, weight) ** rule.loops;
    if (cost > mostCostOfOne * 10 || cost > this.#left) return false;
    this.#left -= Math.min(cost, mostCostOfOne);
    return true;
  }
}

interface Place {
  readonly value: unknown;
  readonly schema: Schema;
  readonly path: string;
  readonly isUnchanged: boolean;
  /** The length of the longest list or map below. */
  readonly weight: number;
}

/** @param old the stored object, undefined on creation: transition rules are then skipped */
export function validateRules(object: JsonObject, old: JsonObject | undefined, schema: Schema): FieldError[] {
  if (!hasRules(schema)) return [];
  return validateAt(object, old, schema, '', new Budget(), true);
}

function validateAt(
  value: unknown,
  old: unknown,
  schema: Schema,
  path: string,
  budget: Budget,
  isRoot = false,
): FieldError[] {
  if (!hasRules(schema) || value === null || value === undefined) return [];
  const errors = ownRules(value, old, schema, path, budget, isRoot);
  if (isObject(value)) {
    for (const name of Object.keys(value)) {
      const member = memberSchema(schema, name);
      if (!member) continue;
      const before = isObject(old) ? ownMember(old, name) : undefined;
      errors.push(...validateAt(value[name], before, member, join(path, name, schema), budget));
    }
  } else if (Array.isArray(value) && schema.items) {
    for (const [index, item] of value.entries()) {
      errors.push(...validateAt(item, correlated(item, old, schema), schema.items, `${path}[${index}]`, budget));
    }
  }
  return errors;
}

function ownRules(
  value: unknown,
  old: unknown,
  schema: Schema,
  path: string,
  budget: Budget,
  isRoot: boolean,
): FieldError[] {
  if (!schema['x-kubernetes-validations']?.length) return [];
  const { rules, types, optional } = compiledRules(schema, isRoot);
  const hasOld = old !== undefined && old !== null;
  const self = celValue(value, schema, types, isRoot);
  const oldSelf = hasOld ? celValue(old, schema, types, isRoot) : undefined;
  const place: Place = { value, schema, path, isUnchanged: hasOld && deepEqual(old, value), weight: weightOf(value) };
  return rules.flatMap((rule) => {
    const { optionalOldSelf } = rule.source;
    if (rule.usesOldSelf && !hasOld && !optionalOldSelf) return [];
    return carryOut(rule, { self, oldSelf: optionalOldSelf ? optional(oldSelf) : (oldSelf ?? null) }, place, budget);
  });
}

function weightOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const members = Object.values(value);
  return members.reduce<number>((most, member) => Math.max(most, weightOf(member)), members.length);
}

function carryOut(
  rule: CompiledRule,
  context: { self: unknown; oldSelf: unknown },
  at: Place,
  budget: Budget,
): FieldError[] {
  const { source } = rule;
  const field = at.path || '<nil>';
  const type = at.schema.type ?? '';
  if (rule.error !== undefined) return [invalid(field, type, `rule compile error: ${rule.error}`)];
  if (!budget.take(rule, at.weight)) {
    return [
      invalid(
        field,
        type,
        `'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: ${ruleText(source)}`,
      ),
    ];
  }
  try {
    if (rule.program(context) === true) return [];
  } catch (error) {
    const text = celErrorText(error);
    if (text.startsWith('no such overload')) {
      return [
        invalid(
          field,
          type,
          `'${text}': call arguments did not match a supported operator, function or macro signature for rule: ${ruleText(source)}`,
        ),
      ];
    }
    return [invalid(field, type, `${text} evaluating rule: ${ruleText(source)}`)];
  }
  // What was wrong before and has not changed is let be.
  if (at.isUnchanged && !rule.usesOldSelf) return [];
  return [failure(rule, context, at)];
}

function failure({ source, messageProgram }: CompiledRule, context: object, at: Place): FieldError {
  const field = (at.path + (source.fieldPath ? fieldPathText(source.fieldPath) : '')).replace(/^\./, '') || '<nil>';
  const detail = messageOf(source, messageProgram, context);
  // Objects and lists are not shown.
  const badValue = at.schema.type === 'object' || at.schema.type === 'array' ? undefined : at.value;
  switch (source.reason) {
    case 'FieldValueRequired':
      return required(field, detail);
    case 'FieldValueForbidden':
      return forbidden(field, detail);
    case 'FieldValueDuplicate':
      return { type: 'Duplicate', field, detail: '', badValue };
    default:
      return invalid(field, badValue, detail);
  }
}

const longestMessage = 5 * 1024;

function messageOf(source: ValidationRule, program: CompiledRule['messageProgram'], context: object): string {
  if (program) {
    try {
      const text = program(context);
      const trimmed = typeof text === 'string' ? text.trim() : '';
      if (trimmed && trimmed.length <= longestMessage && !/[\r\n]/.test(trimmed)) return trimmed;
    } catch {
      // A message that cannot be made falls back to the fixed one.
    }
  }
  return source.message ? source.message.trim() : `failed rule: ${ruleText(source)}`;
}

function ruleText({ message, rule }: ValidationRule): string {
  return (message || rule).trim();
}

/** The library's sentences, worded as cel-go words them. */
function celErrorText(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  const missing = /^No such key: (.*)$/.exec(text);
  if (missing?.[1]?.startsWith('index out of bounds')) {
    return `index out of bounds: ${/index (-?\d+)/.exec(missing[1])?.[1] ?? ''}`;
  }
  return missing ? `no such key: ${missing[1]}` : text;
}

/** `.spec['a b']` as it is shown in an error. */
function fieldPathText(fieldPath: string): string {
  return fieldPath.replace(/\['([^']+)'\]/g, '[$1]');
}

function join(path: string, name: string, schema: Schema): string {
  if (!ownMember(schema.properties, name)) return `${path}[${name}]`;
  return path ? `${path}.${name}` : name;
}

function correlated(item: unknown, old: unknown, schema: Schema): unknown {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] !== 'map' || !keys || !Array.isArray(old) || !isObject(item)) return undefined;
  return old.find(
    (other) => isObject(other) && keys.every((key) => deepEqual(ownMember(other, key), ownMember(item, key))),
  );
}
