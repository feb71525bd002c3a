/**
 * Sources of volumes, of pods and of PersistentVolumes alike: which fields each needs. What only a driver could tell is
 * not looked at here. Facts: k8s.io/kubernetes pkg/apis/core/validation.
 */
import { at, mapAt, textAt } from '../../kinds/columns/read.ts';
import { type FieldError, forbidden, invalid, notSupported, required, tooLong } from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { between, named, oneOf } from '../field-checks.ts';
import { isSubdomain } from '../names.ts';
import { validateNoStepsUp, validateRelativePath } from './local-path.ts';

export type SourceCheck = (source: JsonObject, path: string) => FieldError[];

const needs =
  (...fields: string[]): SourceCheck =>
  (source, path) =>
    fields.filter((field) => isEmpty(at(source, field))).map((field) => required(`${path}.${field}`));

const isEmpty = (value: unknown) => !value || (Array.isArray(value) && value.length === 0);

const together =
  (...checks: SourceCheck[]): SourceCheck =>
  (source, path) =>
    checks.flatMap((check) => check(source, path));

const within =
  (field: string, least: number, most: number): SourceCheck =>
  (source, path) =>
    between(source[field], least, most, `${path}.${field}`);

const partition: SourceCheck = ({ partition: number }, path) =>
  typeof number === 'number' && (number < 0 || number > 255)
    ? [invalid(`${path}.partition`, number, 'must be between 1 and 255, inclusive')]
    : [];

const nfsPath: SourceCheck = (source, path) => {
  const to = textAt(source, 'path');
  return to.startsWith('/') ? [] : [invalid(`${path}.path`, to, 'must be an absolute path')];
};

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

function validateHostPath(source: JsonObject, path: string): FieldError[] {
  const host = textAt(source, 'path');
  if (!host) return [required(`${path}.path`)];
  const { type } = source;
  const isKnown = typeof type !== 'string' || hostPathTypes.includes(type);
  return [
    ...validateNoStepsUp(host, `${path}.path`),
    ...(isKnown ? [] : [notSupported(`${path}.type`, type, hostPathTypes)]),
  ];
}

export function validateLocal(source: JsonObject, path: string): FieldError[] {
  const local = textAt(source, 'path');
  return local ? validateNoStepsUp(local, `${path}.path`) : [required(`${path}.path`)];
}

const longestDriver = 63;

export function validateDriver(source: JsonObject, path: string): FieldError[] {
  const driver = textAt(source, 'driver');
  if (!driver) return [required(`${path}.driver`)];
  const errors = driver.length > longestDriver ? [tooLong(`${path}.driver`, longestDriver)] : [];
  const problems = isSubdomain(driver.toLowerCase());
  return [...errors, ...problems.map((problem) => invalid(`${path}.driver`, driver, problem))];
}

function validateCsi(source: JsonObject, path: string): FieldError[] {
  const errors = validateDriver(source, path);
  const secret = source['nodePublishSecretRef'];
  if (!isObject(secret)) return errors;
  const name = textAt(secret, 'name');
  if (!name) return [...errors, required(`${path}.nodePublishSecretRef.name`)];
  return [...errors, ...named(name, isSubdomain, `${path}.name`)];
}

function validateOptions(source: JsonObject, path: string): FieldError[] {
  return Object.keys(mapAt(source, 'options')).flatMap((key) =>
    /(^|\.)(kubernetes|k8s)\.io$/i.test(key.split('/')[0]!)
      ? [invalid(`${path}.options[${key}]`, key, 'kubernetes.io and k8s.io namespaces are reserved')]
      : [],
  );
}

const secretName: SourceCheck = (source, path) =>
  isObject(source['secretRef']) && !textAt(source, 'secretRef.name') ? [required(`${path}.secretRef.name`)] : [];

/** Those that pods and PersistentVolumes share. */
export const sharedSources: Readonly<Record<string, SourceCheck>> = {
  hostPath: validateHostPath,
  gcePersistentDisk: together(needs('pdName'), partition),
  awsElasticBlockStore: together(needs('volumeID'), partition),
  nfs: together(needs('server', 'path'), nfsPath),
  iscsi: together(needs('targetPortal', 'iqn'), within('lun', 0, 255)),
  glusterfs: needs('endpoints', 'path'),
  rbd: needs('monitors', 'image'),
  cinder: together(needs('volumeID'), secretName),
  cephfs: needs('monitors'),
  quobyte: needs('registry', 'volume'),
  flexVolume: together(needs('driver'), validateOptions),
  azureFile: needs('secretName', 'shareName'),
  vsphereVolume: needs('volumePath'),
  photonPersistentDisk: needs('pdID'),
  portworxVolume: needs('volumeID'),
  azureDisk: together(
    needs('diskName', 'diskURI'),
    ({ cachingMode }, path) => oneOf(cachingMode, ['None', 'ReadOnly', 'ReadWrite'], `${path}.cachingMode`),
    ({ kind }, path) => oneOf(kind, ['Dedicated', 'Managed', 'Shared'], `${path}.kind`),
  ),
  scaleIO: needs('gateway', 'system', 'volumeName'),
  storageos: together(needs('volumeName'), secretName),
};

/** Those of pods alone that need no more than fields. */
export const podSources: Readonly<Record<string, SourceCheck>> = {
  ...sharedSources,
  gitRepo: together(needs('repository'), (source, path) =>
    validateRelativePath(textAt(source, 'directory'), `${path}.directory`),
  ),
  persistentVolumeClaim: needs('claimName'),
  csi: validateCsi,
};

/** What the real server calls a source in its paths where that is not its name. */
const otherNames: Readonly<Record<string, string>> = { gcePersistentDisk: 'persistentDisk' };

/** Checks one source after the other in the given order: a second one is named and not looked at. */
export function validateOneSource(
  object: JsonObject,
  checks: readonly (readonly [source: string, check: SourceCheck])[],
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  let count = 0;
  for (const [source, check] of checks) {
    const value = object[source];
    if (!isObject(value)) continue;
    if (count++ > 0) errors.push(forbidden(`${path}.${source}`, 'may not specify more than 1 volume type'));
    else errors.push(...check(value, `${path}.${otherNames[source] ?? source}`));
  }
  if (count === 0) errors.push(required(path, 'must specify a volume type'));
  return errors;
}
