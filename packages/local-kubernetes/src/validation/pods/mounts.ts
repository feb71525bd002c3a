/** Where volumes and block devices appear in a container. Facts: k8s.io/kubernetes pkg/apis/core/validation. */
import { at, listAt, textAt } from '../../kinds/columns/read.ts';
import {
  type FieldError,
  fieldNotFound,
  forbidden,
  invalid,
  notSupported,
  required,
} from '../../schema/field-error.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { validateNoStepsUp, validateRelativePath } from './local-path.ts';

const propagations = ['Bidirectional', 'HostToContainer', 'None'];
const recursions = ['Disabled', 'Enabled', 'IfPossible'];

/** Of several with one name the last, as the real server has it. */
function placesByName(list: readonly JsonObject[], field: string): Map<string, string> {
  return new Map(list.map((each) => [textAt(each, 'name'), textAt(each, field)]));
}

/** @param volumes those of the pod that are fine themselves: a mount of another names nothing */
export function validateMounts(container: JsonObject, volumes: readonly JsonObject[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const known = new Set(volumes.map((volume) => textAt(volume, 'name')));
  const paths = new Set<string>();
  const devices = placesByName(listAt(container, 'volumeDevices'), 'devicePath');
  const list = `${path}.volumeMounts`;
  for (const [index, mount] of listAt(container, 'volumeMounts').entries()) {
    const place = `${list}[${index}]`;
    const name = textAt(mount, 'name');
    const mountPath = textAt(mount, 'mountPath');
    if (!name) errors.push(required(`${place}.name`));
    if (!known.has(name)) errors.push(fieldNotFound(`${place}.name`, name));
    if (!mountPath) errors.push(required(`${place}.mountPath`));
    if (paths.has(mountPath)) errors.push(invalid(`${place}.mountPath`, mountPath, 'must be unique'));
    paths.add(mountPath);
    if (devices.has(name)) {
      errors.push(invalid(`${place}.name`, name, 'must not already exist in volumeDevices'));
    }
    if ([...devices.values()].includes(mountPath)) {
      errors.push(invalid(`${place}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices'));
    }
    errors.push(...validateSubPaths(mount, place, list), ...validatePropagation(mount, container, list));
    errors.push(...validateRecursion(mount, `${list}.recursiveReadOnly`));
  }
  return errors;
}

/** The real server names the list, not the mount, for what is wrong with these paths. */
function validateSubPaths(mount: JsonObject, place: string, list: string): FieldError[] {
  const subPath = textAt(mount, 'subPath');
  const expression = textAt(mount, 'subPathExpr');
  const errors = subPath ? validateRelativePath(subPath, `${list}.subPath`) : [];
  if (!expression) return errors;
  if (subPath) {
    errors.push(invalid(`${place}.subPathExpr`, expression, 'subPathExpr and subPath are mutually exclusive'));
  }
  return [...errors, ...validateRelativePath(expression, `${list}.subPathExpr`)];
}

function validatePropagation(mount: JsonObject, container: JsonObject, list: string): FieldError[] {
  const propagation = mount['mountPropagation'];
  const path = `${list}.mountPropagation`;
  if (typeof propagation !== 'string') return [];
  if (!propagations.includes(propagation)) return [notSupported(path, propagation, propagations)];
  const isPrivileged = at(container, 'securityContext.privileged') === true;
  if (propagation !== 'Bidirectional' || isPrivileged) return [];
  return [forbidden(path, 'Bidirectional mount propagation is available only to privileged containers')];
}

function validateRecursion(mount: JsonObject, path: string): FieldError[] {
  const { recursiveReadOnly, mountPropagation } = mount;
  if (typeof recursiveReadOnly !== 'string' || recursiveReadOnly === 'Disabled') return [];
  if (!recursions.includes(recursiveReadOnly)) return [notSupported(path, recursiveReadOnly, recursions)];
  const errors: FieldError[] = [];
  if (mount['readOnly'] !== true) errors.push(forbidden(path, 'may only be specified when readOnly is true'));
  if (typeof mountPropagation === 'string' && mountPropagation !== 'None') {
    errors.push(forbidden(path, 'may only be specified when mountPropagation is None or not specified'));
  }
  return errors;
}

export function validateDevices(container: JsonObject, volumes: readonly JsonObject[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  const paths = new Set<string>();
  const mounts = placesByName(listAt(container, 'volumeMounts'), 'mountPath');
  for (const [index, device] of listAt(container, 'volumeDevices').entries()) {
    const place = `${path}.volumeDevices[${index}]`;
    const name = textAt(device, 'name');
    const devicePath = textAt(device, 'devicePath');
    const volume = volumes.find((each) => textAt(each, 'name') === name);
    const isBlock = volume?.['persistentVolumeClaim'] !== undefined || volume?.['ephemeral'] !== undefined;
    const wrongName = (detail: string) => errors.push(invalid(`${place}.name`, name, detail));
    const wrongPath = (detail: string) => errors.push(invalid(`${place}.devicePath`, devicePath, detail));
    if (!name) errors.push(required(`${place}.name`));
    if (names.has(name)) wrongName('must be unique');
    if (volume && !isBlock) {
      wrongName('can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode');
    }
    if (!volume) errors.push(fieldNotFound(`${place}.name`, name));
    if (!devicePath) errors.push(required(`${place}.devicePath`));
    if (paths.has(devicePath)) wrongPath('must be unique');
    if (validateNoStepsUp(devicePath, '').length > 0) wrongPath("can not contain backsteps ('..')");
    else paths.add(devicePath);
    if (mounts.has(name)) wrongName('must not already exist in volumeMounts');
    if ([...mounts.values()].includes(devicePath)) {
      wrongPath('must not already exist as a path in volumeMounts');
    }
    if (name) names.add(name);
  }
  return errors;
}
