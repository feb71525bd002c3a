/** ResourceQuotas. Facts: k8s.io/kubernetes pkg/apis/core/validation, pkg/registry/core/resourcequota. */

import { at, listAt, mapAt, textAt, textsAt } from '../../kinds/columns/read.ts';
import { goObject } from '../../kinds/go-object.ts';
import { type FieldError, invalid, required } from '../../schema/field-error.ts';
import { ownMember } from '../../schema/own-member.ts';
import { compareQuantities, isWholeQuantity, printQuantity, readQuantity } from '../../schema/quantity.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import type { KindRules } from '../built-in-strategy.ts';
import { immutableText, validateAmount } from '../field-checks.ts';
import { comesInWholes, isCountedByQuotas, validateQuotaResource } from '../resource-names.ts';

const ofPods = new Set([
  'pods',
  ...['', 'requests.', 'limits.'].flatMap((prefix) => ['cpu', 'memory'].map((name) => `${prefix}${name}`)),
]);
/** What may be counted of the objects of a scope alone. */
const countedIn: Readonly<Record<string, ReadonlySet<string>>> = {
  Terminating: ofPods,
  NotTerminating: ofPods,
  NotBestEffort: ofPods,
  PriorityClass: ofPods,
  CrossNamespacePodAffinity: ofPods,
  BestEffort: new Set(['pods']),
  VolumeAttributesClass: new Set(['persistentvolumeclaims', 'requests.storage']),
};
const opposites = [
  ['BestEffort', 'NotBestEffort'],
  ['NotTerminating', 'Terminating'],
] as const;
/** Scopes with values. */
const valued = new Set(['PriorityClass', 'VolumeAttributesClass']);
const onlyExists =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";

function validateAmounts(amounts: JsonObject, path: string): FieldError[] {
  return Object.entries(amounts).flatMap(([name, amount]) => {
    const place = `${path}[${name}]`;
    const quantity = readQuantity(String(amount));
    const isWhole = typeof quantity === 'string' || !comesInWholes(name) || isWholeQuantity(quantity);
    return [
      ...validateQuotaResource(name, place),
      ...validateAmount(amount, place),
      ...(isWhole ? [] : [invalid(place, amount, 'must be an integer')]),
    ];
  });
}

/** What is wrong with a scope: that nobody knows it, or, for each resource that it cannot be counted in, that. */
function scopeProblems(scope: string, hard: JsonObject): { readonly isKnown: boolean; readonly misfits: number } {
  const allowed = ownMember(countedIn, scope);
  const misfits = Object.keys(hard).filter((name) => isCountedByQuotas(name) && allowed && !allowed.has(name));
  return { isKnown: allowed !== undefined, misfits: misfits.length };
}

function validateOpposites(scopes: readonly string[], shown: unknown, path: string): FieldError[] {
  return opposites.flatMap((pair) =>
    pair.every((scope) => scopes.includes(scope)) ? [invalid(path, shown, 'conflicting scopes')] : [],
  );
}

const misfit = 'unsupported scope applied to resource';

function validateScopes(spec: JsonObject): FieldError[] {
  const scopes = textsAt(spec, 'scopes');
  const path = 'spec.scopes';
  const errors = scopes.flatMap((scope) => {
    const { isKnown, misfits } = scopeProblems(scope, mapAt(spec, 'hard'));
    return [
      ...(isKnown ? [] : [invalid(path, scopes, 'unsupported scope')]),
      ...Array.from({ length: misfits }, () => invalid(path, scopes, misfit)),
    ];
  });
  return [...errors, ...validateOpposites(scopes, scopes, path)];
}

function validateSelector(spec: JsonObject): FieldError[] {
  const selector = spec['scopeSelector'];
  if (!isObject(selector)) return [];
  const path = 'spec.scopeSelector.matchExpressions';
  const expressions = listAt(selector, 'matchExpressions');
  const errors = expressions.flatMap((expression) => {
    const scope = textAt(expression, 'scopeName');
    const { isKnown, misfits } = scopeProblems(scope, mapAt(spec, 'hard'));
    return [
      ...(isKnown ? [] : [invalid(`${path}.scopeName`, scope, 'unsupported scope')]),
      ...Array.from({ length: misfits }, () => invalid(path, goObject(selector, 'core.ScopeSelector'), misfit)),
      ...(isKnown && !valued.has(scope) && expression['operator'] !== 'Exists'
        ? [invalid(`${path}.operator`, expression['operator'] ?? '', onlyExists)]
        : []),
      ...validateOperator(expression, path),
    ];
  });
  const names = expressions.map((each) => textAt(each, 'scopeName'));
  return [...errors, ...validateOpposites(names, spec['scopes'] ?? null, path)];
}

function validateOperator(expression: JsonObject, path: string): FieldError[] {
  const operator = textAt(expression, 'operator');
  const values = textsAt(expression, 'values');
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length > 0) return [];
    return [
      required(`${path}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"),
    ];
  }
  if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length === 0) return [];
    const detail = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
    return [invalid(`${path}.values`, values, detail)];
  }
  return [invalid(`${path}.operator`, operator, 'not a valid selector operator')];
}

function validateSpec(quota: JsonObject): FieldError[] {
  const spec = mapAt(quota, 'spec');
  return [...validateAmounts(mapAt(spec, 'hard'), 'spec.hard'), ...validateScopes(spec), ...validateSelector(spec)];
}

function validateSameScopes(quota: JsonObject, old: JsonObject): FieldError[] {
  const [after, before] = [quota, old].map((each) => new Set(textsAt(each, 'spec.scopes')));
  const isSame = after!.size === before!.size && [...after!].every((scope) => before!.has(scope));
  return isSame ? [] : [invalid('spec.scopes', at(quota, 'spec.scopes') ?? null, immutableText)];
}

/** Of a new quota that grants more requests than limits. */
function warnings(quota: JsonObject): string[] {
  const hard = mapAt(quota, 'spec.hard');
  return ['cpu', 'memory', 'storage', 'ephemeral-storage'].flatMap((name) => {
    const isBareToo = name === 'cpu' || name === 'memory';
    const called = hard[`requests.${name}`] === undefined && isBareToo ? name : `requests.${name}`;
    const [request, limit] = [hard[called], hard[`limits.${name}`]].map((text) => readQuantity(String(text)));
    if (typeof request === 'string' || typeof limit === 'string' || compareQuantities(request!, limit!) <= 0) return [];
    const [more, less] = [printQuantity(request!), printQuantity(limit!)];
    return [`ResourceQuota ${called} (${more}) should be less than limits.${name} (${less})`];
  });
}

export const quotaRules: KindRules = {
  validate: validateSpec,
  validateUpdate: (quota, old) => [...validateSpec(quota), ...validateSameScopes(quota, old)],
  validateStatusUpdate: (quota) =>
    ['hard', 'used'].flatMap((field) => validateAmounts(mapAt(quota, `status.${field}`), `status.${field}`)),
  warnings: (quota, old) => (old ? [] : warnings(quota)),
};
