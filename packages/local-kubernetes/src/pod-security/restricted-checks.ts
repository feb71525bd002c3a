// What restricted demands beyond baseline: pods that are hardened as far as is known today. Facts: the Pod Security
// Standards, and k8s.io/pod-security-admission policy.

import { at, listAt, textsAt } from '../kinds/columns/read.ts';
import type { JsonObject } from '../schema/schema.ts';
import { addedCapabilities, seccompProfile } from './baseline-checks.ts';
import { containersOf, distinct, type Examine, named, nameOf, plural, quoted, settersOf } from './violation.ts';

export const allowPrivilegeEscalation: Examine = (pod) => {
  const bad = containersOf(pod).filter(
    (container) => at(container, 'securityContext.allowPrivilegeEscalation') !== false,
  );
  if (bad.length === 0) return undefined;
  const who = named('container', bad.map(nameOf));
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${who} must set securityContext.allowPrivilegeEscalation=false`,
  };
};

export const droppedCapabilities: Examine = (pod) => {
  const containers = containersOf(pod);
  const keeping = containers.filter(
    (container) => !textsAt(container, 'securityContext.capabilities.drop').includes('ALL'),
  );
  const told = [
    ...(keeping.length > 0
      ? [`${named('container', keeping.map(nameOf))} must set securityContext.capabilities.drop=["ALL"]`]
      : []),
    addedCapabilities(containers, ['NET_BIND_SERVICE']) ?? [],
  ].flat();
  return told.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: told.join('; ') };
};

const allowedVolumes =
  'configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret'.split(' ');
/** In the order in which a volume of several is named for one. */
const restrictedVolumes =
  'hostPath gcePersistentDisk awsElasticBlockStore gitRepo nfs iscsi glusterfs rbd flexVolume cinder cephfs flocker fc azureFile vsphereVolume quobyte azureDisk photonPersistentDisk portworxVolume scaleIO storageos'.split(
    ' ',
  );

export const volumeTypes: Examine = ({ spec }) => {
  const has = (volume: JsonObject) => (type: string) => Boolean(volume[type]);
  const bad = listAt(spec, 'volumes').filter((volume) => !allowedVolumes.some(has(volume)));
  if (bad.length === 0) return undefined;
  const types = distinct(bad.map((volume) => restrictedVolumes.find(has(volume)) ?? 'unknown'));
  const told = `${plural(types.length, 'restricted volume type')} ${quoted(types)}`;
  return {
    reason: 'restricted volume types',
    detail: `${named('volume', bad.map(nameOf))} ${plural(bad.length, 'uses', 'use')} ${told}`,
  };
};

export const runAsNonRoot: Examine = (pod) => {
  const saidBy = (holder: JsonObject) => at(holder, 'securityContext.runAsNonRoot') ?? undefined;
  const containers = containersOf(pod);
  const reason = 'runAsNonRoot != true';
  const refusing = containers.filter((container) => saidBy(container) === false);
  const setters = settersOf(saidBy(pod.spec) === false, refusing.map(nameOf));
  if (setters) return { reason, detail: `${setters} must not set securityContext.runAsNonRoot=false` };
  const silent = saidBy(pod.spec) === true ? [] : containers.filter((each) => saidBy(each) === undefined);
  if (silent.length === 0) return undefined;
  return {
    reason,
    detail: `pod or ${named('container', silent.map(nameOf))} must set securityContext.runAsNonRoot=true`,
  };
};

export const runAsUser: Examine = (pod) => {
  const isRoot = (holder: JsonObject) => at(holder, 'securityContext.runAsUser') === 0;
  const setters = settersOf(isRoot(pod.spec), containersOf(pod).filter(isRoot).map(nameOf));
  return setters ? { reason: 'runAsUser=0', detail: `${setters} must not set runAsUser=0` } : undefined;
};

export const givenSeccompProfile: Examine = (pod) => {
  const wrong = seccompProfile(pod);
  if (wrong) return wrong;
  const isSilent = (holder: JsonObject) => !at(holder, 'securityContext.seccompProfile');
  const silent = isSilent(pod.spec) ? containersOf(pod).filter(isSilent) : [];
  if (silent.length === 0) return undefined;
  const who = named('container', silent.map(nameOf));
  return {
    reason: 'seccompProfile',
    detail: `pod or ${who} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  };
};
