/** Environment variables, and the fields they may be taken from. */
import { at, listAt, textAt } from '../../kinds/columns/read.ts';
import { type FieldError, fieldNotFound, invalid, notSupported, required } from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { named } from '../field-checks.ts';
import { isConfigKey, isEnvName, isLabelName, isQualifiedName, isSubdomain } from '../names.ts';
import { validateNoStepsUp } from './local-path.ts';

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
    errors.push(...validateEnvFrom(source, `${path}.envFrom[${index}]`, `${path}.envFrom`));
  }
  return errors;
}

/** @param list the path of all of them, which the real server names where a source is not one */
function validateEnvFrom(source: JsonObject, path: string, list: string): FieldError[] {
  const errors: FieldError[] = [];
  const prefix = textAt(source, 'prefix');
  if (prefix) errors.push(...named(prefix, isEnvName, `${path}.prefix`));
  const kinds = ['configMapRef', 'secretRef'].filter((kind) => isObject(source[kind]));
  for (const kind of kinds) {
    const name = textAt(source, `${kind}.name`);
    if (!name) errors.push(required(`${path}.${kind}.name`));
    else errors.push(...isSubdomain(name, true).map((problem) => invalid(`${path}.${kind}.name`, name, problem)));
  }
  if (kinds.length === 0) errors.push(invalid(list, '', 'must specify one of: `configMapRef` or `secretRef`'));
  if (kinds.length > 1) errors.push(invalid(list, '', 'may not have more than one field specified at a time'));
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
    else if (source === 'fileKeyRef') errors.push(...validateFileRef(value, inner));
    else errors.push(...validateKeyRef(value, inner));
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
  const key = textAt(reference, 'key');
  return [
    ...named(textAt(reference, 'name'), isSubdomain, `${path}.name`),
    ...(key ? named(key, isConfigKey, `${path}.key`) : [required(`${path}.key`)]),
  ];
}

function validateFileRef(reference: JsonObject, path: string): FieldError[] {
  const [key, volume, file] = ['key', 'volumeName', 'path'].map((name) => textAt(reference, name)) as [
    string,
    string,
    string,
  ];
  return [
    ...(key ? named(key, isEnvName, `${path}.key`) : [required(`${path}.key`)]),
    ...(volume ? named(volume, isLabelName, `${path}.volumeName`) : [required(`${path}.volumeName`)]),
    ...(file ? validateNoStepsUp(file, `${path}.path`) : [required(`${path}.path`)]),
  ];
}

/** The file of a variable lies in a volume of the pod that begins empty. */
export function validateFileVolumes(container: JsonObject, volumes: readonly JsonObject[], path: string): FieldError[] {
  return listAt(container, 'env').flatMap((variable, index) => {
    const reference = at(variable, 'valueFrom.fileKeyRef');
    if (!isObject(reference)) return [];
    const name = textAt(reference, 'volumeName');
    const place = `${path}.env[${index}].valueFrom.fileKeyRef.volumeName`;
    const volume = volumes.find((each) => textAt(each, 'name') === name);
    if (!volume) return [fieldNotFound(place, name)];
    return isObject(volume['emptyDir']) ? [] : [invalid(place, name, 'referenced volume must be of type emptyDir')];
  });
}

export function validateFieldRef(reference: JsonObject, allowed: readonly string[], path: string): FieldError[] {
  const apiVersion = textAt(reference, 'apiVersion');
  const fieldPath = textAt(reference, 'fieldPath');
  if (!apiVersion) return [required(`${path}.apiVersion`)];
  if (!fieldPath) return [required(`${path}.fieldPath`)];
  const unconverted = (why: string) => [invalid(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${why}`)];
  if (apiVersion !== 'v1') return unconverted(`unsupported pod version: ${apiVersion}`);
  const subscript = /^(metadata\.(?:annotations|labels))\['(.*)'\]$/.exec(fieldPath);
  if (subscript) {
    const key = subscript[1]!.endsWith('annotations') ? subscript[2]!.toLowerCase() : subscript[2]!;
    return named(key, isQualifiedName, path);
  }
  if (!knownFields.has(fieldPath)) return unconverted(`field label not supported: ${fieldPath}`);
  return allowed.includes(fieldPath) ? [] : [notSupported(`${path}.fieldPath`, fieldPath, [...allowed].sort())];
}

export const volumeFieldNames = volumeFields;

/** @param isOfVolume a volume is of no container: the reference names one */
export function validateResourceRef(reference: JsonObject, path: string, isOfVolume = false): FieldError[] {
  const resource = textAt(reference, 'resource');
  const errors: FieldError[] = [];
  if (isOfVolume && !textAt(reference, 'containerName')) errors.push(required(`${path}.containerName`));
  else if (!resource) errors.push(required(`${path}.resource`));
  else if (!resourceFields.includes(resource) && !hugePages.test(resource)) {
    errors.push(notSupported(`${path}.resource`, resource, resourceFields));
  }
  return [...errors, ...validateDivisor(resource, textAt(reference, 'divisor'), `${path}.divisor`)];
}

const hugePages = /^(limits|requests)\.hugepages-/;
const cpuDivisors = ['1m', '1'];
const byteDivisors = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

/** The real server shows the resource as the bad value. */
function validateDivisor(resource: string, divisor: string, path: string): FieldError[] {
  const what = divisorOf(resource);
  const allowed = what === 'cpu' ? cpuDivisors : byteDivisors;
  if (divisor === '' || divisor === '0' || what === undefined || allowed.includes(divisor)) return [];
  const shown = what === 'cpu' ? cpuDivisors.join(' and ') : byteDivisors.join(', ');
  return [invalid(path, resource, `only divisor's values ${shown} are supported with the ${what} resource`)];
}

function divisorOf(resource: string): string | undefined {
  if (hugePages.test(resource)) return 'hugepages';
  const name = /^(?:limits|requests)\.(cpu|memory|ephemeral-storage)$/.exec(resource)?.[1];
  return name === 'ephemeral-storage' ? 'local ephemeral storage' : name;
}
