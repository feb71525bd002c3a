/** Checks that many kinds share: numbers, lists of choices, label selectors, resource names and amounts. */
import { listAt, mapAt, textAt, textsAt } from '../kinds/columns/read.ts';
import { deepEqual } from '../schema/equality.ts';
import { type FieldError, forbidden, invalid, notSupported, required } from '../schema/field-error.ts';
import { readQuantity } from '../schema/quantity.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import { isLabelValue, isQualifiedName, isSubdomain, type NameCheck, patternText } from './names.ts';
import { validateLabels } from './object-meta.ts';

export const isMissing = (value: unknown) => value === undefined || value === null;

export const immutableText = 'field is immutable';

export function nonNegative(value: unknown, path: string): FieldError[] {
  if (typeof value !== 'number' || value >= 0) return [];
  return [invalid(path, value, 'must be greater than or equal to 0')];
}

export function positive(value: unknown, path: string, detail = 'must be greater than 0'): FieldError[] {
  return typeof value === 'number' && value <= 0 ? [invalid(path, value, detail)] : [];
}

export function between(value: unknown, least: number, most: number, path: string): FieldError[] {
  if (typeof value !== 'number' || (value >= least && value <= most)) return [];
  return [invalid(path, value, `must be between ${least} and ${most}, inclusive`)];
}

/** @param isNeeded an empty value is refused too */
export function oneOf(value: unknown, allowed: readonly string[], path: string, isNeeded = false): FieldError[] {
  if (value === undefined || value === null || value === '') return isNeeded ? [required(path)] : [];
  return allowed.includes(String(value)) ? [] : [notSupported(path, value, allowed)];
}

/** For a field that tells an empty text from none: an empty one is not among those that are allowed. */
export function oneOfGiven(value: unknown, allowed: readonly string[], path: string): FieldError[] {
  return value === '' ? [notSupported(path, value, allowed)] : oneOf(value, allowed, path);
}

export function named(value: string, check: NameCheck, path: string): FieldError[] {
  return check(value).map((problem) => invalid(path, value, problem));
}

export function unchanged(value: unknown, old: unknown, path: string, detail = immutableText): FieldError[] {
  return deepEqual(value, old) ? [] : [invalid(path, value ?? null, detail)];
}

export function validateLabelSelector(selector: unknown, path: string): FieldError[] {
  if (!isObject(selector)) return [];
  const errors = validateLabels(mapAt(selector, 'matchLabels'), `${path}.matchLabels`);
  for (const [index, expression] of listAt(selector, 'matchExpressions').entries()) {
    errors.push(...validateExpression(expression, `${path}.matchExpressions[${index}]`));
  }
  return errors;
}

function validateExpression(expression: JsonObject, path: string): FieldError[] {
  const operator = textAt(expression, 'operator');
  const values = textsAt(expression, 'values');
  const errors: FieldError[] = [];
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0)
      errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) {
      errors.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
    }
  } else errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'));
  errors.push(...named(textAt(expression, 'key'), isQualifiedName, `${path}.key`));
  for (const [index, value] of values.entries()) errors.push(...named(value, isLabelValue, `${path}.values[${index}]`));
  return errors;
}

/** An amount that may be zero but not less. */
export function validateAmount(amount: unknown, path: string): FieldError[] {
  const quantity = readQuantity(String(amount));
  if (typeof quantity === 'string') return [invalid(path, amount, quantity)];
  return quantity.nanos < 0n ? [invalid(path, amount, 'must be greater than or equal to 0')] : [];
}

const httpPath = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

/** `example.com/anything`: a domain, a slash and a path. */
export function isDomainPrefixedPath(text: string, field: string): FieldError[] {
  if (text === '') return [required(field)];
  const slash = text.indexOf('/');
  if (slash <= 0 || slash === text.length - 1) {
    return [invalid(field, text, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  }
  const [host, path] = [text.slice(0, slash), text.slice(slash + 1)];
  const errors = isSubdomain(host).map((problem) => invalid(field, host, problem));
  if (!new RegExp(`^${httpPath}$`).test(path)) errors.push(invalid(field, path, patternText('Invalid path', httpPath)));
  return errors;
}
