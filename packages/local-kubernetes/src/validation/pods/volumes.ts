/** Volumes of a pod. */
import { listAt, mapAt, textAt } from '../../kinds/columns/read.ts';
import { duplicate, type FieldError, forbidden, invalid, required } from '../../schema/field-error.ts';
import { readQuantity } from '../../schema/quantity.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { named, oneOf } from '../field-checks.ts';
import { isLabelName, isSubdomain } from '../names.ts';
import { validateClaimSpec } from '../storage/claim-rules.ts';
import { validateMode } from './local-path.ts';
import { validateDownwardFiles, validateItems, validateProjected } from './projected.ts';
import { podSources, type SourceCheck, validateOneSource } from './volume-sources.ts';

const ofSecret: SourceCheck = (source, path) => [
  ...(textAt(source, 'secretName') ? [] : [required(`${path}.secretName`)]),
  ...validateMode(source['defaultMode'], `${path}.defaultMode`),
  ...validateItems(source, path),
];

const ofConfigMap: SourceCheck = (source, path) => [
  ...(textAt(source, 'name') ? [] : [required(`${path}.name`)]),
  ...validateMode(source['defaultMode'], `${path}.defaultMode`),
  ...validateItems(source, path),
];

const ofPod: SourceCheck = (source, path) => [
  ...validateMode(source['defaultMode'], `${path}.defaultMode`),
  ...validateDownwardFiles(source, path),
];

const emptyDir: SourceCheck = ({ sizeLimit }, path) => {
  const quantity = sizeLimit === undefined ? undefined : readQuantity(String(sizeLimit));
  const isNegative = quantity !== undefined && typeof quantity !== 'string' && quantity.nanos < 0n;
  return isNegative ? [forbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')] : [];
};

const ephemeral: SourceCheck = (source, path) => {
  const template = source['volumeClaimTemplate'];
  if (!isObject(template)) return [required(`${path}.volumeClaimTemplate`)];
  return validateClaimSpec(mapAt(template, 'spec'), `${path}.volumeClaimTemplate.spec`);
};

/** In the order of the real server, which decides the one that is named as second. */
const order: readonly string[] =
  'emptyDir hostPath gitRepo gcePersistentDisk awsElasticBlockStore secret nfs iscsi glusterfs flocker persistentVolumeClaim rbd cinder cephfs quobyte downwardAPI fc flexVolume configMap azureFile vsphereVolume photonPersistentDisk portworxVolume azureDisk storageos projected scaleIO csi ephemeral image'.split(
    ' ',
  );

const own: Readonly<Record<string, SourceCheck>> = {
  emptyDir,
  secret: ofSecret,
  configMap: ofConfigMap,
  downwardAPI: ofPod,
  projected: validateProjected,
  ephemeral,
};

const image =
  (isPod: boolean): SourceCheck =>
  (source, path) => [
    ...(isPod && !textAt(source, 'reference') ? [required(`${path}.reference`)] : []),
    ...oneOf(source['pullPolicy'], ['Always', 'IfNotPresent', 'Never'], `${path}.pullPolicy`, true),
  ];

function checksOf(isPod: boolean): [string, SourceCheck][] {
  return order.map((source) => {
    if (source === 'image') return [source, image(isPod)];
    return [source, own[source] ?? podSources[source] ?? (() => [])];
  });
}

/** @returns what is wrong, and the volumes that are fine: only those can be mounted */
export function validateVolumes(
  spec: JsonObject,
  path: string,
  podName: string | undefined,
): { errors: FieldError[]; sound: JsonObject[] } {
  const errors: FieldError[] = [];
  const sound: JsonObject[] = [];
  const names = new Set<string>();
  const volumes = listAt(spec, 'volumes');
  const made = new Set(
    volumes.filter((volume) => isObject(volume['ephemeral'])).map((volume) => `${podName}-${textAt(volume, 'name')}`),
  );
  const checks = checksOf(podName !== undefined);
  for (const [index, volume] of volumes.entries()) {
    const place = `${path}.volumes[${index}]`;
    const name = textAt(volume, 'name');
    const found = [
      ...validateOneSource(volume, checks, place),
      ...(isObject(volume['ephemeral']) ? validateMadeClaim(name, podName, place) : []),
      ...(name ? named(name, isLabelName, `${place}.name`) : [required(`${place}.name`)]),
    ];
    if (names.has(name)) found.push(duplicate(`${place}.name`, name));
    if (found.length === 0) {
      names.add(name);
      sound.push(volume);
    }
    errors.push(...found);
    const claim = textAt(volume, 'persistentVolumeClaim.claimName');
    if (podName && made.has(claim)) {
      const detail = 'must not reference a PVC that gets created for an ephemeral volume';
      errors.push(invalid(`${place}.persistentVolumeClaim.claimName`, claim, detail));
    }
  }
  return { errors, sound };
}

/** The claim that is made for the pod is called after both. */
function validateMadeClaim(name: string, podName: string | undefined, path: string): FieldError[] {
  if (!podName || !name) return [];
  const claim = `${podName}-${name}`;
  return isSubdomain(claim).map((problem) => invalid(`${path}.name`, name, `PVC name "${claim}": ${problem}`));
}
