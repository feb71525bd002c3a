/** Fields that the named operating system does not have. Facts: k8s.io/kubernetes pkg/apis/core/validation. */

import { at, listAt, textAt } from '../../kinds/columns/read.ts';
import { type FieldError, forbidden, notSupported, required } from '../../schema/field-error.ts';
import { ownMember } from '../../schema/own-member.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';

const ofPod =
  'appArmorProfile seLinuxOptions seccompProfile fsGroup fsGroupChangePolicy sysctls runAsUser runAsGroup supplementalGroups supplementalGroupsPolicy seLinuxChangePolicy'.split(
    ' ',
  );
const ofContainer =
  'appArmorProfile seLinuxOptions seccompProfile capabilities readOnlyRootFilesystem privileged allowPrivilegeEscalation procMount runAsUser runAsGroup'.split(
    ' ',
  );

/** Absent on Windows, by the system that has them not. */
const absent: Readonly<Record<string, { detail: string; spec: string[]; pod: string[]; container: string[] }>> = {
  linux: {
    detail: 'windows options cannot be set for a linux pod',
    spec: [],
    pod: ['windowsOptions'],
    container: ['windowsOptions'],
  },
  windows: {
    detail: 'cannot be set for a windows pod',
    spec: ['hostUsers', 'hostPID', 'hostIPC', 'shareProcessNamespace'],
    pod: ofPod,
    container: ofContainer,
  },
};

export function validateOperatingSystem(spec: JsonObject, path: string): FieldError[] {
  if (!isObject(spec['os'])) return [];
  const name = textAt(spec, 'os.name');
  if (!name) return [required(`${path}.os.name`)];
  const system = ownMember(absent, name);
  if (!system) return [notSupported(`${path}.os`, name, ['linux', 'windows'])];
  const refuse = (object: unknown, fields: readonly string[], place: string) =>
    fields.filter((field) => isSaid(at(object, field))).map((field) => forbidden(`${place}.${field}`, system.detail));
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((field) =>
    listAt(spec, field).flatMap((container, index) =>
      refuse(container['securityContext'], system.container, `${path}.${field}[${index}].securityContext`),
    ),
  );
  return [
    ...refuse(spec['securityContext'], system.pod, `${path}.securityContext`),
    ...refuse(spec, system.spec, path),
    ...containers,
  ];
}

const isSaid = (value: unknown) =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
