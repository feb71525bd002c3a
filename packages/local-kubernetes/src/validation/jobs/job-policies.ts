/** A Job's policies: when a failed pod fails what (KEP-3329, KEP-3850), and when enough have succeeded (KEP-3998). */
import { listAt, textAt } from '../../kinds/columns/read.ts';
import { goObject } from '../../kinds/go-object.ts';
import {
  duplicate,
  type FieldError,
  goQuote,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
} from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { isMissing, named, nonNegative } from '../field-checks.ts';
import { isQualifiedName } from '../names.ts';
import { countIndexes, readIndexText } from './index-text.ts';

const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const operators = ['In', 'NotIn'];
const conditionStatuses = ['False', 'True', 'Unknown'];
const mostRules = 20;
const mostValues = 255;
const mostConditions = 20;
const longestIndexes = 64 * 1024;

/** A list as Go's %q prints it. */
const quotedList = (values: readonly string[]) => `[${values.map(goQuote).join(' ')}]`;

export function validateFailurePolicy(spec: JsonObject): FieldError[] {
  const rules = listAt(spec, 'podFailurePolicy.rules');
  const path = 'spec.podFailurePolicy.rules';
  return [
    ...(rules.length > mostRules ? [tooMany(path, rules.length, mostRules)] : []),
    ...rules.flatMap((rule, index) => validateFailureRule(rule, spec, `${path}[${index}]`)),
  ];
}

function validateFailureRule(rule: JsonObject, spec: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const action = textAt(rule, 'action');
  if (!action) errors.push(required(`${path}.action`, `valid values: ${quotedList(actions)}`));
  else if (!actions.includes(action)) errors.push(notSupported(`${path}.action`, action, actions));
  else if (action === 'FailIndex' && isMissing(spec['backoffLimitPerIndex']))
    errors.push(invalid(`${path}.action`, action, 'requires the backoffLimitPerIndex to be set'));
  const codes = rule['onExitCodes'];
  if (isObject(codes)) errors.push(...validateExitCodes(codes, spec, `${path}.onExitCodes`));
  const conditions = listAt(rule, 'onPodConditions');
  errors.push(...validateConditions(conditions, `${path}.onPodConditions`));
  const isSure = isObject(codes) !== conditions.length > 0;
  if (isSure) return errors;
  const detail = isObject(codes)
    ? 'specifying both OnExitCodes and OnPodConditions is not supported'
    : 'specifying one of OnExitCodes and OnPodConditions is required';
  return [...errors, invalid(path, undefined, detail)];
}

function validateConditions(conditions: readonly JsonObject[], path: string): FieldError[] {
  const errors = conditions.length > mostConditions ? [tooMany(path, conditions.length, mostConditions)] : [];
  for (const [index, condition] of conditions.entries()) {
    const place = `${path}[${index}]`;
    errors.push(...named(textAt(condition, 'type'), isQualifiedName, `${place}.type`));
    const status = textAt(condition, 'status');
    if (!status) errors.push(required(`${place}.status`, `valid values: ${quotedList(conditionStatuses)}`));
    else if (!conditionStatuses.includes(status))
      errors.push(notSupported(`${place}.status`, status, conditionStatuses));
  }
  return errors;
}

function validateExitCodes(codes: JsonObject, spec: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const operator = textAt(codes, 'operator');
  if (!operator) errors.push(required(`${path}.operator`, `valid values: ${quotedList(operators)}`));
  else if (!operators.includes(operator)) errors.push(notSupported(`${path}.operator`, operator, operators));
  const container = codes['containerName'];
  const names = ['containers', 'initContainers'].flatMap((field) =>
    listAt(spec, `template.spec.${field}`).map((each) => each['name']),
  );
  if (typeof container === 'string' && !names.includes(container)) {
    const detail = 'must be one of the container or initContainer names in the pod template';
    errors.push(invalid(`${path}.containerName`, container, detail));
  }
  return [...errors, ...validateValues(codes, operator, `${path}.values`)];
}

function validateValues(codes: JsonObject, operator: string, path: string): FieldError[] {
  const values = Array.isArray(codes['values']) ? (codes['values'] as number[]) : [];
  const errors: FieldError[] = [];
  if (values.length < 1) errors.push(invalid(path, codes['values'] ?? null, 'at least one value is required'));
  else if (values.length > mostValues) errors.push(tooMany(path, values.length, mostValues));
  for (const [index, value] of values.entries()) {
    if (operator === 'In' && value === 0)
      errors.push(invalid(`${path}[${index}]`, value, 'must not be 0 for the In operator'));
    if (values.indexOf(value) < index) errors.push(duplicate(`${path}[${index}]`, value));
  }
  const isOrdered = values.every((value, index) => index === 0 || (values[index - 1] as number) <= value);
  return isOrdered ? errors : [...errors, invalid(path, values, 'must be ordered')];
}

export function validateSuccessPolicy(spec: JsonObject): FieldError[] {
  const policy = spec['successPolicy'];
  if (!isObject(policy)) return [];
  if (spec['completionMode'] !== 'Indexed') {
    return [invalid('spec.successPolicy', goObject(policy, 'batch.SuccessPolicy'), 'requires indexed completion mode')];
  }
  const rules = listAt(policy, 'rules');
  const path = 'spec.successPolicy.rules';
  if (rules.length === 0)
    return [required(path, 'at least one rules must be specified when the successPolicy is specified')];
  const { completions } = spec;
  // A Job without completions is refused for that.
  const count = typeof completions === 'number' ? completions : 0;
  return [
    ...(rules.length > mostRules ? [tooMany(path, rules.length, mostRules)] : []),
    ...rules.flatMap((rule, index) => validateSuccessRule(rule, count, `${path}[${index}]`)),
  ];
}

function validateSuccessRule(rule: JsonObject, completions: number, path: string): FieldError[] {
  const { succeededIndexes: indexes, succeededCount: count } = rule;
  const errors: FieldError[] = [];
  if (isMissing(indexes) && isMissing(count)) {
    errors.push(required(path, 'at least one of succeededCount or succeededIndexes must be specified'));
  }
  let total = 0;
  if (typeof indexes === 'string') {
    const place = `${path}.succeededIndexes`;
    if (indexes.length > longestIndexes) errors.push(tooLong(place, longestIndexes));
    const intervals = readIndexText(indexes, completions);
    if (typeof intervals === 'string') {
      errors.push(invalid(place, indexes, `error parsing succeededIndexes: ${intervals}`));
    } else total = countIndexes(intervals);
  }
  if (typeof count !== 'number') return errors;
  const place = `${path}.succeededCount`;
  errors.push(...nonNegative(count, place));
  const atMost = (limit: number, what: string) =>
    invalid(place, count, `must be less than or equal to ${limit} (the number of ${what})`);
  if (count > completions) errors.push(atMost(completions, 'specified completions'));
  if (typeof indexes === 'string' && count > total) {
    errors.push(atMost(total, 'indexes in the specified succeededIndexes field'));
  }
  return errors;
}
