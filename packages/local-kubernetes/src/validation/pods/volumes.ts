/** Volumes of a pod, and their mounts into containers. */
import { at, listAt, textAt } from '../../kinds/columns/read.ts';
import {
  duplicate,
  type FieldError,
  fieldNotFound,
  forbidden,
  invalid,
  notSupported,
  required,
} from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { between, named, validateAmount } from '../field-checks.ts';
import { isConfigKey, isLabelName, isSubdomain } from '../names.ts';
import { validateFieldRef, validateResourceRef, volumeFieldNames } from './environment.ts';

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];
const mostMode = 0o777;

export function validateVolumes(spec: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, volume] of listAt(spec, 'volumes').entries()) {
    const place = `${path}.volumes[${index}]`;
    const name = textAt(volume, 'name');
    errors.push(...validateSource(volume, place));
    if (!name) errors.push(required(`${place}.name`));
    else {
      errors.push(...named(name, isLabelName, `${place}.name`));
      if (seen.has(name)) errors.push(duplicate(`${place}.name`, name));
      seen.add(name);
    }
  }
  return errors;
}

/** Checked before the others, as the real server does: the second source is the one named. */
const firstSources = new Set(['emptyDir', 'hostPath']);

function validateSource(volume: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  let count = 0;
  const inOrder = ['emptyDir', 'hostPath', ...Object.keys(volume).filter((name) => !firstSources.has(name))];
  for (const source of inOrder) {
    if (source === 'name' || !isObject(volume[source])) continue;
    const place = `${path}.${source}`;
    if (count++ > 0) errors.push(forbidden(place, 'may not specify more than 1 volume type'));
    else errors.push(...validateVolumeType(source, volume[source], place));
  }
  if (count === 0) errors.push(required(path, 'must specify a volume type'));
  return errors;
}

function validateVolumeType(source: string, value: JsonObject, path: string): FieldError[] {
  switch (source) {
    case 'emptyDir':
      return value['sizeLimit'] === undefined ? [] : validateAmount(value['sizeLimit'], `${path}.sizeLimit`);
    case 'hostPath':
      return validateHostPath(value, path);
    case 'secret':
      return [
        ...(textAt(value, 'secretName') ? [] : [required(`${path}.secretName`)]),
        ...validateMode(value['defaultMode'], `${path}.defaultMode`),
        ...validateItems(value, path),
      ];
    case 'configMap':
      return [
        ...(textAt(value, 'name') ? [] : [required(`${path}.name`)]),
        ...validateMode(value['defaultMode'], `${path}.defaultMode`),
        ...validateItems(value, path),
      ];
    case 'downwardAPI':
      return [...validateMode(value['defaultMode'], `${path}.defaultMode`), ...validateDownward(value, path)];
    case 'persistentVolumeClaim':
      return textAt(value, 'claimName') ? [] : [required(`${path}.claimName`)];
    case 'projected':
      return validateProjected(value, path);
    case 'nfs':
      return [
        ...(textAt(value, 'server') ? [] : [required(`${path}.server`)]),
        ...(textAt(value, 'path') ? [] : [required(`${path}.path`)]),
      ];
    case 'ephemeral':
      return isObject(value['volumeClaimTemplate']) ? [] : [required(`${path}.volumeClaimTemplate`)];
    default:
      return [];
  }
}

function validateHostPath(value: JsonObject, path: string): FieldError[] {
  const host = textAt(value, 'path');
  const errors: FieldError[] = [];
  if (!host) errors.push(required(`${path}.path`));
  else if (host.split('/').includes('..')) errors.push(invalid(`${path}.path`, host, "must not contain '..'"));
  const type = at(value, 'type');
  if (typeof type === 'string' && !hostPathTypes.includes(type)) {
    errors.push(notSupported(`${path}.type`, type, [...hostPathTypes].sort()));
  }
  return errors;
}

function validateMode(mode: unknown, path: string): FieldError[] {
  if (typeof mode !== 'number' || (mode >= 0 && mode <= mostMode)) return [];
  return [invalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive')];
}

function validateItems(value: JsonObject, path: string): FieldError[] {
  return listAt(value, 'items').flatMap((item, index) => {
    const place = `${path}.items[${index}]`;
    const errors: FieldError[] = [];
    const key = textAt(item, 'key');
    if (!key) errors.push(required(`${place}.key`));
    else errors.push(...named(key, isConfigKey, `${place}.key`));
    const to = textAt(item, 'path');
    if (!to) errors.push(required(`${place}.path`));
    errors.push(...validateLocalPath(to, `${place}.path`), ...validateMode(item['mode'], `${place}.mode`));
    return errors;
  });
}

/** A path within the volume. */
function validateLocalPath(path: string, field: string): FieldError[] {
  const errors: FieldError[] = [];
  if (path.startsWith('/')) errors.push(invalid(field, path, 'must be a relative path'));
  if (path.split('/').includes('..')) errors.push(invalid(field, path, "must not contain '..'"));
  else if (path.startsWith('..')) errors.push(invalid(field, path, "must not start with '..'"));
  return errors;
}

function validateDownward(value: JsonObject, path: string): FieldError[] {
  return listAt(value, 'items').flatMap((file, index) => {
    const place = `${path}.items[${index}]`;
    const to = textAt(file, 'path');
    const errors = to ? validateLocalPath(to, `${place}.path`) : [required(`${place}.path`)];
    const { fieldRef, resourceFieldRef } = file;
    if (isObject(fieldRef)) {
      errors.push(...validateFieldRef(fieldRef, volumeFieldNames, `${place}.fieldRef`));
      if (isObject(resourceFieldRef)) {
        errors.push(invalid(place, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
      }
    } else if (isObject(resourceFieldRef)) {
      if (!textAt(resourceFieldRef, 'containerName')) errors.push(required(`${place}.resourceFieldRef.containerName`));
      errors.push(...validateResourceRef(resourceFieldRef, `${place}.resourceFieldRef`));
    } else errors.push(required(place, 'one of fieldRef and resourceFieldRef is required'));
    return [...errors, ...validateMode(file['mode'], `${place}.mode`)];
  });
}

function validateProjected(value: JsonObject, path: string): FieldError[] {
  const errors = validateMode(value['defaultMode'], `${path}.defaultMode`);
  for (const [index, source] of listAt(value, 'sources').entries()) {
    const place = `${path}.sources[${index}]`;
    let count = 0;
    for (const kind of ['secret', 'configMap', 'downwardAPI', 'serviceAccountToken', 'clusterTrustBundle'] as const) {
      const inner = source[kind];
      if (!isObject(inner)) continue;
      if (count++ > 0) {
        errors.push(forbidden(`${place}.${kind}`, 'may not specify more than 1 volume type per source'));
        continue;
      }
      if ((kind === 'secret' || kind === 'configMap') && !textAt(inner, 'name'))
        errors.push(required(`${place}.${kind}.name`));
      if (kind === 'downwardAPI') errors.push(...validateDownward(inner, `${place}.${kind}`));
      else errors.push(...validateItems(inner, `${place}.${kind}`));
      if (kind === 'serviceAccountToken') errors.push(...validateToken(inner, `${place}.${kind}`));
    }
    if (count === 0) errors.push(required(place, 'must specify a volume source'));
  }
  return errors;
}

function validateToken(token: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const seconds = token['expirationSeconds'];
  if (typeof seconds === 'number' && seconds < 600) {
    errors.push(invalid(`${path}.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes'));
  }
  if (!textAt(token, 'path')) errors.push(required(`${path}.path`));
  return errors;
}

const propagations = ['Bidirectional', 'HostToContainer', 'None'];

export function validateMounts(container: JsonObject, volumes: readonly JsonObject[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const known = new Set(volumes.map((volume) => textAt(volume, 'name')));
  const paths = new Set<string>();
  for (const [index, mount] of listAt(container, 'volumeMounts').entries()) {
    const place = `${path}.volumeMounts[${index}]`;
    const name = textAt(mount, 'name');
    const mountPath = textAt(mount, 'mountPath');
    if (!name) errors.push(required(`${place}.name`));
    else if (!known.has(name)) errors.push(fieldNotFound(`${place}.name`, name));
    if (!mountPath) errors.push(required(`${place}.mountPath`));
    if (paths.has(mountPath)) errors.push(invalid(`${place}.mountPath`, mountPath, 'must be unique'));
    paths.add(mountPath);
    const subPath = textAt(mount, 'subPath');
    const subPathExpr = textAt(mount, 'subPathExpr');
    if (subPath) errors.push(...validateLocalPath(subPath, `${place}.subPath`));
    if (subPathExpr) {
      if (subPath)
        errors.push(invalid(`${place}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive'));
      errors.push(...validateLocalPath(subPathExpr, `${place}.subPathExpr`));
    }
    const propagation = mount['mountPropagation'];
    if (typeof propagation === 'string' && !propagations.includes(propagation)) {
      errors.push(notSupported(`${place}.mountPropagation`, propagation, propagations));
    }
  }
  return errors;
}

/** Names of secrets to pull images with. */
export function validatePullSecrets(spec: JsonObject, path: string): FieldError[] {
  return listAt(spec, 'imagePullSecrets').flatMap((reference, index) =>
    textAt(reference, 'name')
      ? named(textAt(reference, 'name'), isSubdomain, `${path}.imagePullSecrets[${index}].name`)
      : [],
  );
}

export const validateIds = (value: unknown, path: string) => between(value, 0, 2 ** 31 - 1, path);
