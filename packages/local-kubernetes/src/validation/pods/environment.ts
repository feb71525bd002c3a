/** Environment variables, and the fields they may be taken from. */
import { at, listAt, textAt } from '../../kinds/columns/read.ts';
import { type FieldError, invalid, notSupported, required } from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { named } from '../field-checks.ts';
import { isConfigKey, isEnvName, isQualifiedName, isSubdomain } from '../names.ts';

const environmentFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

const volumeFields = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

const knownFields = new Set([
  ...environmentFields,
  ...volumeFields,
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.hostNetwork',
  'status.phase',
  'status.nominatedNodeName',
]);

const resourceFields = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];

export function validateEnvironment(container: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, variable] of listAt(container, 'env').entries()) {
    const place = `${path}.env[${index}]`;
    const name = textAt(variable, 'name');
    if (!name) errors.push(required(`${place}.name`));
    else errors.push(...named(name, isEnvName, `${place}.name`));
    errors.push(...validateSource(variable, place));
  }
  for (const [index, source] of listAt(container, 'envFrom').entries()) {
    errors.push(...validateEnvFrom(source, `${path}.envFrom[${index}]`));
  }
  return errors;
}

function validateEnvFrom(source: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const prefix = textAt(source, 'prefix');
  if (prefix) errors.push(...named(prefix, isEnvName, `${path}.prefix`));
  const kinds = ['configMapRef', 'secretRef'].filter((kind) => isObject(source[kind]));
  for (const kind of kinds) {
    const name = textAt(source, `${kind}.name`);
    if (!name) errors.push(required(`${path}.${kind}.name`));
    else errors.push(...named(name, isSubdomain, `${path}.${kind}.name`));
  }
  if (kinds.length === 0) errors.push(invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'));
  if (kinds.length > 1) errors.push(invalid(path, '', 'may not have more than one field specified at a time'));
  return errors;
}

const sources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'] as const;

function validateSource(variable: JsonObject, path: string): FieldError[] {
  const from = variable['valueFrom'];
  if (!isObject(from)) return [];
  const place = `${path}.valueFrom`;
  const errors: FieldError[] = [];
  const given = sources.filter((source) => isObject(from[source]));
  for (const source of given) {
    const value = from[source] as JsonObject;
    const inner = `${place}.${source}`;
    if (source === 'fieldRef') errors.push(...validateFieldRef(value, environmentFields, inner));
    else if (source === 'resourceFieldRef') errors.push(...validateResourceRef(value, inner));
    else if (source !== 'fileKeyRef') errors.push(...validateKeyRef(value, inner));
  }
  if (given.length === 0) {
    errors.push(
      invalid(
        place,
        '',
        'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
      ),
    );
  } else if (textAt(variable, 'value') !== '') {
    errors.push(invalid(place, '', 'may not be specified when `value` is not empty'));
  } else if (given.length > 1) errors.push(invalid(place, '', 'may not have more than one field specified at a time'));
  return errors;
}

function validateKeyRef(reference: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const key = textAt(reference, 'key');
  const name = textAt(reference, 'name');
  if (!name) errors.push(required(`${path}.name`));
  if (!key) errors.push(required(`${path}.key`));
  else errors.push(...named(key, isConfigKey, `${path}.key`));
  return errors;
}

export function validateFieldRef(reference: JsonObject, allowed: readonly string[], path: string): FieldError[] {
  const apiVersion = textAt(reference, 'apiVersion');
  const fieldPath = textAt(reference, 'fieldPath');
  if (!apiVersion) return [required(`${path}.apiVersion`)];
  if (!fieldPath) return [required(`${path}.fieldPath`)];
  const subscript = /^(metadata\.(?:annotations|labels))\['(.*)'\]$/.exec(fieldPath);
  if (subscript) {
    const key = subscript[1]!.endsWith('annotations') ? subscript[2]!.toLowerCase() : subscript[2]!;
    return named(key, isQualifiedName, path);
  }
  if (!knownFields.has(fieldPath)) {
    const detail = `error converting fieldPath: field label not supported: ${fieldPath}`;
    return [invalid(`${path}.fieldPath`, fieldPath, detail)];
  }
  return allowed.includes(fieldPath) ? [] : [notSupported(`${path}.fieldPath`, fieldPath, [...allowed].sort())];
}

export const volumeFieldNames = volumeFields;

export function validateResourceRef(reference: JsonObject, path: string): FieldError[] {
  const resource = textAt(reference, 'resource');
  if (!resource) return [required(`${path}.resource`)];
  if (!resourceFields.includes(resource) && !/^(limits|requests)\.hugepages-/.test(resource)) {
    return [notSupported(`${path}.resource`, resource, resourceFields)];
  }
  const divisor = textAt(reference, 'divisor');
  const allowed = resource.endsWith('cpu')
    ? ['', '0', '1m', '1']
    : ['', '0', '1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];
  if (allowed.includes(divisor)) return [];
  const shown = resource.endsWith('cpu') ? '1m and 1' : '1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei';
  const what = resource.endsWith('cpu') ? 'cpu' : resource.includes('memory') ? 'memory' : 'local ephemeral storage';
  return [
    invalid(
      `${path}.divisor`,
      at(reference, 'divisor'),
      `only divisor's values ${shown} are supported with the ${what} resource`,
    ),
  ];
}
