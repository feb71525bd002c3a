/** The rules (CEL) of a definition's schema: whether they compile, and what they say of themselves. */
import { compiledRules } from '../cel/compile-rules.ts';
import { type FieldError, invalid, notSupported, required } from '../schema/field-error.ts';
import type { Schema, ValidationRule } from '../schema/schema.ts';
import { followPath } from './schema-path.ts';

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

/** @param apart the outermost list around this one whose items cannot be told again after a change */
export function validateRulesOf(schema: Schema, path: string, isRoot: boolean, apart?: string): FieldError[] {
  const errors: FieldError[] = [];
  const rules = schema['x-kubernetes-validations'] ?? [];
  for (const [index, rule] of rules.entries())
    errors.push(...validateRule(rule, schema, `${path}.x-kubernetes-validations[${index}]`));
  if (rules.length > 0 && errors.length === 0) {
    for (const [index, compiled] of compiledRules(schema, isRoot).rules.entries()) {
      const place = `${path}.x-kubernetes-validations[${index}]`;
      if (compiled.error !== undefined) {
        const isMessage = compiled.brokenPart === 'messageExpression';
        errors.push(
          invalid(`${place}.${isMessage ? 'messageExpression' : 'rule'}`, internalRule(rules[index]!), compiled.error),
        );
      } else if (compiled.usesOldSelf && apart !== undefined) {
        const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${apart}`;
        errors.push(invalid(`${place}.rule`, rules[index]!.rule, detail));
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
  const ofItems = apart ?? (schema['x-kubernetes-list-type'] === 'map' ? undefined : path);
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    errors.push(...validateRulesOf(member, `${path}.properties[${name}]`, false, apart));
  }
  if (schema.items) errors.push(...validateRulesOf(schema.items, `${path}.items`, false, ofItems));
  if (typeof schema.additionalProperties === 'object') {
    errors.push(...validateRulesOf(schema.additionalProperties, `${path}.additionalProperties`, false, apart));
  }
  return errors;
}

function validateRule(rule: ValidationRule, schema: Schema, path: string): FieldError[] {
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
