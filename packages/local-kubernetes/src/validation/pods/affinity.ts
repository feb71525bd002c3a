/** Which nodes a pod is drawn to, and near which pods. Facts: k8s.io/kubernetes pkg/apis/core/validation. */
import { listAt, mapAt, textAt, textsAt } from '../../kinds/columns/read.ts';
import { type FieldError, forbidden, invalid, required } from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { named, validateLabelSelector } from '../field-checks.ts';
import { isLabelName, isLabelValue, isQualifiedName, isSubdomain } from '../names.ts';

const needed = 'requiredDuringSchedulingIgnoredDuringExecution';
const wished = 'preferredDuringSchedulingIgnoredDuringExecution';

export function validateAffinity(affinity: unknown, path: string): FieldError[] {
  if (!isObject(affinity)) return [];
  return [
    ...validateNodeAffinity(mapAt(affinity, 'nodeAffinity'), `${path}.nodeAffinity`),
    ...validatePodAffinity(mapAt(affinity, 'podAffinity'), `${path}.podAffinity`),
    ...validatePodAffinity(mapAt(affinity, 'podAntiAffinity'), `${path}.podAntiAffinity`),
  ];
}

function validateNodeAffinity(affinity: JsonObject, path: string): FieldError[] {
  const selector = affinity[needed];
  const errors = isObject(selector) ? validateNodeSelector(selector, `${path}.${needed}`) : [];
  for (const [index, term] of listAt(affinity, wished).entries()) {
    const place = `${path}.${wished}[${index}]`;
    // Labels that no node can have do no harm to a wish.
    errors.push(...weight(term, place), ...validateNodeTerm(mapAt(term, 'preference'), `${place}.preference`, false));
  }
  return errors;
}

export function validateNodeSelector(selector: JsonObject, path: string): FieldError[] {
  const terms = listAt(selector, 'nodeSelectorTerms');
  const place = `${path}.nodeSelectorTerms`;
  if (terms.length === 0) return [required(place, 'must have at least one node selector term')];
  return terms.flatMap((term, index) => validateNodeTerm(term, `${place}[${index}]`, true));
}

function validateNodeTerm(term: JsonObject, path: string, checksValues: boolean): FieldError[] {
  const expressions = listAt(term, 'matchExpressions').flatMap((expression, index) =>
    validateExpression(expression, `${path}.matchExpressions[${index}]`, checksValues),
  );
  const fields = listAt(term, 'matchFields').flatMap((expression, index) =>
    validateField(expression, `${path}.matchFields[${index}]`),
  );
  return [...expressions, ...fields];
}

function validateExpression(expression: JsonObject, path: string, checksValues: boolean): FieldError[] {
  const values = textsAt(expression, 'values');
  return [
    ...validateOperator(textAt(expression, 'operator'), values.length, path),
    ...named(textAt(expression, 'key'), isQualifiedName, `${path}.key`),
    ...(checksValues ? values.flatMap((value, index) => named(value, isLabelValue, `${path}.values[${index}]`)) : []),
  ];
}

function validateOperator(operator: string, count: number, path: string): FieldError[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return count > 0 ? [] : [required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
    case 'Exists':
    case 'DoesNotExist':
      if (count === 0) return [];
      return [forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    case 'Gt':
    case 'Lt':
      if (count === 1) return [];
      return [required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [invalid(`${path}.operator`, operator, 'not a valid selector operator')];
  }
}

/** By a field: of a node only its name selects. */
function validateField(expression: JsonObject, path: string): FieldError[] {
  const key = textAt(expression, 'key');
  const operator = textAt(expression, 'operator');
  const values = textsAt(expression, 'values');
  const errors: FieldError[] = [];
  if (operator !== 'In' && operator !== 'NotIn') {
    errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'));
  } else if (values.length !== 1) {
    const detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    errors.push(required(`${path}.values`, detail));
  }
  if (key !== 'metadata.name') return [...errors, invalid(`${path}.key`, key, 'not a valid field selector key')];
  return [...errors, ...values.flatMap((value, index) => named(value, isSubdomain, `${path}.values[${index}]`))];
}

function validatePodAffinity(affinity: JsonObject, path: string): FieldError[] {
  const terms = listAt(affinity, needed).flatMap((term, index) => validatePodTerm(term, `${path}.${needed}[${index}]`));
  const weighed = listAt(affinity, wished).flatMap((term, index) => {
    const place = `${path}.${wished}[${index}]`;
    return [...weight(term, place), ...validatePodTerm(mapAt(term, 'podAffinityTerm'), `${place}.podAffinityTerm`)];
  });
  return [...terms, ...weighed];
}

function weight(term: JsonObject, path: string): FieldError[] {
  const value = term['weight'];
  const isFine = typeof value === 'number' && value > 0 && value <= 100;
  return isFine ? [] : [invalid(`${path}.weight`, value ?? 0, 'must be in the range 1-100')];
}

function validatePodTerm(term: JsonObject, path: string): FieldError[] {
  const key = textAt(term, 'topologyKey');
  return [
    ...validateLabelSelector(term['labelSelector'], `${path}.labelSelector`),
    ...validateLabelSelector(term['namespaceSelector'], `${path}.namespaceSelector`),
    ...textsAt(term, 'namespaces').flatMap((name) => named(name, isLabelName, `${path}.namespace`)),
    ...validateMatchKeys(term, path),
    ...(key ? [] : [required(`${path}.topologyKey`, 'can not be empty')]),
    ...named(key, isQualifiedName, `${path}.topologyKey`),
  ];
}

/** Keys whose values are taken from the pod's own labels. */
export function validateMatchKeys(term: JsonObject, path: string): FieldError[] {
  const selector = term['labelSelector'];
  const matching = textsAt(term, 'matchLabelKeys');
  const differing = textsAt(term, 'mismatchLabelKeys');
  const errors = [
    ...validateKeys(matching, selector, `${path}.matchLabelKeys`),
    ...validateKeys(differing, selector, `${path}.mismatchLabelKeys`),
  ];
  const seen = new Set(Object.keys(mapAt(selector, 'matchLabels')));
  for (const expression of listAt(selector, 'matchExpressions')) {
    const key = textAt(expression, 'key');
    const at = matching.lastIndexOf(key);
    if (at >= 0 && seen.has(key)) {
      errors.push(invalid(`${path}[${at}]`, key, 'exists in both matchLabelKeys and labelSelector'));
    }
    seen.add(key);
  }
  for (const [index, key] of matching.entries()) {
    if (!differing.includes(key)) continue;
    const detail = 'exists in both matchLabelKeys and mismatchLabelKeys';
    errors.push(invalid(`${path}.matchLabelKeys[${index}]`, key, detail));
  }
  return errors;
}

function validateKeys(keys: readonly string[], selector: unknown, path: string): FieldError[] {
  if (keys.length === 0) return [];
  if (!isObject(selector)) return [forbidden(path, 'must not be specified when labelSelector is not set')];
  return keys.flatMap((key, index) => named(key, isQualifiedName, `${path}[${index}]`));
}
