/** Requests, limits and claims of containers and of pods. Facts: k8s.io/kubernetes pkg/apis/core/validation. */

import { listAt, mapAt, textAt } from '../../kinds/columns/read.ts';
import { isHugePages } from '../../kinds/native-resources.ts';
import {
  duplicate,
  type FieldError,
  fieldNotFound,
  forbidden,
  invalid,
  notSupported,
  required,
} from '../../schema/field-error.ts';
import { ownMember } from '../../schema/own-member.ts';
import { compareQuantities, isWholeQuantity, quantityToInteger, readQuantity } from '../../schema/quantity.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { named, validateAmount } from '../field-checks.ts';
import { isLabelName } from '../names.ts';
import { isExtended, mayBeOvercommitted, validateContainerResource, validateResourceName } from '../resource-names.ts';

type NameRule = (name: string, path: string) => FieldError[];

export function validateResources(
  resources: JsonObject,
  claims: readonly JsonObject[],
  path: string,
  nameRule: NameRule = validateContainerResource,
): FieldError[] {
  const limits = mapAt(resources, 'limits');
  const requests = mapAt(resources, 'requests');
  const errors: FieldError[] = [];
  for (const [name, amount] of Object.entries(limits)) {
    const place = `${path}.limits[${name}]`;
    errors.push(
      ...nameRule(name, place),
      ...validateQuantity(name, amount, place),
      ...validatePages(name, amount, place),
    );
  }
  for (const [name, amount] of Object.entries(requests)) {
    const place = `${path}.requests[${name}]`;
    errors.push(...nameRule(name, place), ...validateQuantity(name, amount, place));
    errors.push(
      ...compareWithLimit(name, amount, ownMember(limits, name), path),
      ...validatePages(name, amount, place),
    );
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory')) {
    errors.push(forbidden(path, 'HugePages require cpu or memory'));
  }
  return [...errors, ...validateClaims(resources, claims, `${path}.claims`)];
}

const ofPods = ['cpu', 'hugepages-', 'memory'];

function validatePodResource(name: string, path: string): FieldError[] {
  const errors = validateResourceName(name, path);
  if (errors.length > 0 || ofPods.includes(name) || isHugePages(name)) return errors;
  return [notSupported(path, name, ofPods)];
}

function validateQuantity(name: string, amount: unknown, path: string): FieldError[] {
  const errors = validateAmount(amount, path);
  const quantity = readQuantity(String(amount));
  if (typeof quantity === 'string' || !isExtended(name) || isWholeQuantity(quantity)) return errors;
  return [...errors, invalid(path, amount, 'must be an integer')];
}

/** Pages are given out whole. */
function validatePages(name: string, amount: unknown, path: string): FieldError[] {
  if (!isHugePages(name)) return [];
  const size = readQuantity(name.slice('hugepages-'.length));
  const quantity = readQuantity(String(amount));
  if (typeof quantity === 'string') return [];
  const value = quantityToInteger(quantity);
  const pageSize = typeof size === 'string' ? 0n : quantityToInteger(size);
  if (pageSize > 0n && value % pageSize === 0n) return [];
  return [invalid(path, amount, `${String(amount)} is not positive integer multiple of ${name}`)];
}

function compareWithLimit(name: string, amount: unknown, limit: unknown, path: string): FieldError[] {
  const place = `${path}.requests`;
  if (limit === undefined) {
    if (mayBeOvercommitted(name)) return [];
    return [required(`${path}.limits`, 'Limit must be set for non overcommitable resources')];
  }
  const request = readQuantity(String(amount));
  const most = readQuantity(String(limit));
  if (typeof request === 'string' || typeof most === 'string') return [];
  const order = compareQuantities(request, most);
  if (order !== 0 && !mayBeOvercommitted(name)) {
    return [invalid(place, amount, `must be equal to ${name} limit of ${String(limit)}`)];
  }
  return order > 0 ? [invalid(place, amount, `must be less than or equal to ${name} limit of ${String(limit)}`)] : [];
}

/** Claims of the pod that a container uses, as wholes or one request of them. */
function validateClaims(resources: JsonObject, claims: readonly JsonObject[], path: string): FieldError[] {
  const known = claims.map((claim) => textAt(claim, 'name')).filter(Boolean);
  const list = known.length === 0 ? ' which is empty' : `: ${[...known].sort().join(', ')}`;
  const detail = `must be one of the names in pod.spec.resourceClaims${list}`;
  const used = new Set<string>();
  return listAt(resources, 'claims').flatMap((claim, index) => {
    const place = `${path}[${index}]`;
    const name = textAt(claim, 'name');
    const request = textAt(claim, 'request');
    if (!name) return [required(place)];
    const key = request ? `${name}/${request}` : name;
    const errors = request && !used.has(name) ? named(request, isLabelName, `${place}.request`) : [];
    if (used.has(name)) errors.push(duplicate(place, name));
    else if (used.has(key)) errors.push(duplicate(place, key));
    else if (!request && [...used].some((other) => other.startsWith(`${name}/`))) errors.push(duplicate(place, name));
    used.add(key);
    return known.includes(name) ? errors : [...errors, { ...fieldNotFound(place, name), detail }];
  });
}

/** What the pod as a whole asks for. */
export function validatePodResources(spec: JsonObject, path: string): FieldError[] {
  const resources = mapAt(spec, 'resources');
  if (spec['resources'] === undefined) return [];
  if (textAt(spec, 'os.name') === 'windows') return [forbidden(path, 'may not be set for a windows pod')];
  const errors =
    resources['claims'] === undefined
      ? []
      : [forbidden(`${path}.claims`, 'claims may not be set for Resources at pod-level')];
  return [...errors, ...validateResources(resources, listAt(spec, 'resourceClaims'), path, validatePodResource)];
}
