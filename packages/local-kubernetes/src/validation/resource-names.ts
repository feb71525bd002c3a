/** Names of resources: what containers ask for, and what quotas count. Facts: k8s.io/kubernetes pkg/apis/core/helper. */
import { isHugePages, isNative } from '../kinds/native-resources.ts';
import { type FieldError, invalid } from '../schema/field-error.ts';
import { named } from './field-checks.ts';
import { isQualifiedName } from './names.ts';

const compute = ['cpu', 'memory', 'ephemeral-storage'];
/** Things, of which there are whole numbers. */
const things = new Set([
  ...['pods', 'resourcequotas', 'services', 'replicationcontrollers', 'secrets', 'configmaps'],
  ...['persistentvolumeclaims', 'services.nodeports', 'services.loadbalancers'],
]);
/** What quotas count. */
const counted = new Set([
  ...compute,
  ...['requests.', 'limits.'].flatMap((prefix) => compute.map((name) => `${prefix}${name}`)),
  ...things,
  'requests.storage',
]);

export const mayBeOvercommitted = (name: string) => isNative(name) && !isHugePages(name);

const isComputed = (name: string) => compute.includes(name) || isHugePages(name);
/** One that a quota's scopes may not go with. */
export const isCountedByQuotas = (name: string) =>
  counted.has(name) || isHugePages(name) || name.startsWith('requests.hugepages-');

/** One that no part of Kubernetes knows; quotas must be able to name it. */
export function isExtended(name: string): boolean {
  return !isNative(name) && !name.startsWith('requests.') && isQualifiedName(`requests.${name}`).length === 0;
}

export const comesInWholes = (name: string) => things.has(name) || isExtended(name);

export function validateResourceName(name: string, path: string): FieldError[] {
  const errors = named(name, isQualifiedName, path);
  if (errors.length > 0 || name.includes('/') || name === 'storage' || isCountedByQuotas(name)) return errors;
  return [invalid(path, name, 'must be a standard resource type or fully qualified')];
}

export function validateContainerResource(name: string, path: string): FieldError[] {
  const errors = validateResourceName(name, path);
  if (!name.includes('/')) {
    return isComputed(name) ? errors : [...errors, invalid(path, name, 'must be a standard resource for containers')];
  }
  if (isNative(name) || isExtended(name)) return errors;
  return [...errors, invalid(path, name, "doesn't follow extended resource name standard")];
}

export function validateQuotaResource(name: string, path: string): FieldError[] {
  const errors = validateResourceName(name, path);
  if (name.includes('/') || isCountedByQuotas(name)) return errors;
  return [...errors, invalid(path, name, 'must be a standard resource for quota')];
}
