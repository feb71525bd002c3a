/** The rules (CEL) of a definition's schema: whether they compile, and what they say of themselves. */
import { type CompiledRule, compiledRules } from '../cel/compile-rules.ts';
import { goObject } from '../kinds/go-object.ts';
import { type FieldError, invalid, notSupported, required } from '../schema/field-error.ts';
import { isObject, type Schema, schemaTypes, type ValidationRule } from '../schema/schema.ts';
import { followPath } from './schema-path.ts';

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

/** What rules are held to beside their own words. */
export interface RuleSurroundings {
  /** Whether rules are compiled at all: what is no schema they cannot be compiled against. */
  readonly compiles: boolean;
  /** Where the schema is wrong otherwise: rules there and around it are not compiled. */
  readonly wrong: readonly string[];
}

interface FoundErrors {
  /** Of how rules are written down. */
  readonly written: FieldError[];
  /** Of what they say, when they are compiled. */
  readonly compiled: FieldError[];
}

export function validateRulesOf(
  schema: Schema,
  path: string,
  isRoot: boolean,
  surroundings: RuleSurroundings = { compiles: true, wrong: [] },
): FieldError[] {
  const { written, compiled } = rulesWithin(schema, path, isRoot, surroundings);
  return [...written, ...compiled];
}

/** What a schema stands in. */
interface Around {
  /** The outermost list around it whose items cannot be told again after a change. */
  readonly apart?: string | undefined;
  /** Whether a schema around it has rules, and whether one from there on has no type that rules know. */
  readonly hasRules?: boolean;
  readonly isUntyped?: boolean;
}

function rulesWithin(
  schema: Schema,
  path: string,
  isRoot: boolean,
  surroundings: RuleSurroundings,
  around: Around = {},
): FoundErrors {
  const { apart } = around;
  const rules = schema['x-kubernetes-validations'] ?? [];
  const hasRules = around.hasRules || rules.length > 0;
  const isUntyped = around.isUntyped || (hasRules && !isTyped(schema));
  const within = { apart, hasRules, isUntyped };
  const ofItems = apart ?? (schema['x-kubernetes-list-type'] === 'map' ? undefined : path);
  const { items, additionalProperties } = schema;
  const parts = Object.entries(schema.properties ?? {}).map(([name, member]) =>
    rulesWithin(member, `${path}.properties[${name}]`, false, surroundings, within),
  );
  if (isObject(items))
    parts.push(rulesWithin(items, `${path}.items`, false, surroundings, { ...within, apart: ofItems }));
  if (typeof additionalProperties === 'object')
    parts.push(rulesWithin(additionalProperties, `${path}.additionalProperties`, false, surroundings, within));
  const place = (index: number) => `${path}.x-kubernetes-validations[${index}]`;
  const written = [
    ...rules.flatMap((rule, index) => validateRule(rule, schema, place(index))),
    ...parts.flatMap((part) => part.written),
  ];
  const compiled = parts.flatMap((part) => part.compiled);
  const isWrong = written.length > 0 || surroundings.wrong.some((field) => field.startsWith(`${path}.`));
  if (rules.length > 0 && surroundings.compiles && !isWrong && isUntyped) {
    compiled.push({ type: 'Internal', field: `${path}.x-kubernetes-validations`, detail: untyped });
  } else if (rules.length > 0 && surroundings.compiles && !isWrong) {
    for (const [index, rule] of compiledRules(schema, isRoot).rules.entries())
      compiled.push(...compiledProblems(rule, place(index), apart));
  }
  return { written, compiled };
}

const untyped =
  'internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations';

function isTyped(schema: Schema): boolean {
  const isAny = schema['x-kubernetes-int-or-string'] || schema['x-kubernetes-preserve-unknown-fields'];
  return isAny === true || schemaTypes.includes(schema.type ?? '');
}

function compiledProblems(rule: CompiledRule, place: string, apart: string | undefined): FieldError[] {
  const { source, error, usesOldSelf, brokenPart } = rule;
  const errors =
    error === undefined
      ? []
      : [invalid(`${place}.${brokenPart}`, goObject({ ...source }, 'apiextensions.ValidationRule'), error)];
  if (usesOldSelf && apart !== undefined) {
    const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${apart}`;
    errors.push(invalid(`${place}.rule`, source.rule, detail));
  } else if (!usesOldSelf && source.optionalOldSelf !== undefined) {
    const detail = 'may not be set if oldSelf is not used in rule';
    errors.push(invalid(`${place}.optionalOldSelf`, source.optionalOldSelf, detail));
  }
  return errors;
}

function validateRule(rule: ValidationRule, schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const message = rule.message ?? '';
  if (!rule.rule?.trim()) errors.push(required(`${path}.rule`, 'rule is not specified'));
  else if (message !== '' && message.trim() === '')
    errors.push(invalid(`${path}.message`, message, 'must be non-empty if specified'));
  else if (/[\r\n]/.test(message.trim()))
    errors.push(invalid(`${path}.message`, message, 'must not contain line breaks'));
  else if (/[\r\n]/.test(rule.rule.trim()) && message === '')
    errors.push(required(`${path}.message`, 'message must be specified if rule contains line breaks'));
  if (rule.messageExpression !== undefined && rule.messageExpression !== '' && !rule.messageExpression.trim()) {
    errors.push(required(`${path}.messageExpression`, 'messageExpression must be non-empty if specified'));
  }
  if (rule.reason !== undefined && !reasons.includes(rule.reason)) {
    errors.push(notSupported(`${path}.reason`, rule.reason, reasons));
  }
  return [...errors, ...validateFieldPath(rule.fieldPath ?? '', schema, `${path}.fieldPath`)];
}

/** The field that is told of where the rule does not hold: one that the schema has. */
function validateFieldPath(fieldPath: string, schema: Schema, path: string): FieldError[] {
  if (fieldPath === '') return [];
  return [
    ...(fieldPath.trim() === '' ? [invalid(path, fieldPath, 'must be non-empty if specified')] : []),
    ...(/[\r\n]/.test(fieldPath) ? [invalid(path, fieldPath, 'must not contain line breaks')] : []),
    ...(typeof followPath(fieldPath, schema, true) === 'string'
      ? [invalid(path, fieldPath, 'must be a valid path')]
      : []),
  ];
}
