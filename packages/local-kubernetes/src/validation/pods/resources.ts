/** Requests and limits of containers. */
import { mapAt } from '../../kinds/columns/read.ts';
import { type FieldError, invalid, required } from '../../schema/field-error.ts';
import { compareQuantities, readQuantity } from '../../schema/quantity.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { named, validateAmount } from '../field-checks.ts';
import { isQualifiedName } from '../names.ts';

const standard = new Set(['cpu', 'memory', 'ephemeral-storage']);

const isHugePages = (name: string) => name.startsWith('hugepages-');

export function validateResources(resources: JsonObject, path: string): FieldError[] {
  const limits = mapAt(resources, 'limits');
  const requests = mapAt(resources, 'requests');
  const errors: FieldError[] = [];
  for (const [name, amount] of Object.entries(limits)) errors.push(...validateEntry(name, amount, `${path}.limits`));
  for (const [name, amount] of Object.entries(requests)) {
    errors.push(...validateEntry(name, amount, `${path}.requests`));
    errors.push(...compareWithLimit(name, amount, limits[name], `${path}.requests`));
  }
  return errors;
}

function isExtended(name: string): boolean {
  return name.includes('/') && !name.includes('kubernetes.io/');
}

function validateEntry(name: string, amount: unknown, path: string): FieldError[] {
  const at = `${path}[${name}]`;
  const errors = named(name, isQualifiedName, at);
  if (!name.includes('/') && !standard.has(name) && !isHugePages(name)) {
    errors.push(invalid(at, name, 'must be a standard resource for containers'));
  }
  errors.push(...validateAmount(amount, at));
  const quantity = readQuantity(String(amount));
  if (typeof quantity !== 'string' && isExtended(name) && quantity.nanos % 1_000_000_000n !== 0n) {
    errors.push(invalid(at, amount, 'must be an integer'));
  }
  return errors;
}

function compareWithLimit(name: string, amount: unknown, limit: unknown, path: string): FieldError[] {
  if (limit === undefined) {
    return isExtended(name)
      ? [required(path.replace(/requests$/, 'limits'), 'Limit must be set for non overcommitable resources')]
      : [];
  }
  const request = readQuantity(String(amount));
  const most = readQuantity(String(limit));
  if (typeof request === 'string' || typeof most === 'string') return [];
  const order = compareQuantities(request, most);
  if (isExtended(name) && order !== 0) {
    return [invalid(path, amount, `must be equal to ${name} limit of ${String(limit)}`)];
  }
  return order > 0 ? [invalid(path, amount, `must be less than or equal to ${name} limit of ${String(limit)}`)] : [];
}
