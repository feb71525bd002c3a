/** What is special to pods: defaults, status at birth, and the little that may change later. */
import { at, listAt, mapAt, textAt } from '../../kinds/columns/read.ts';
import { deepEqual } from '../../schema/equality.ts';
import { type FieldError, forbidden, invalid } from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import type { KindRules } from '../built-in-strategy.ts';
import { isSubdomain } from '../names.ts';
import { defaultPod } from './pod-defaults.ts';
import { validatePodSpec } from './pod-spec.ts';
import { qualityOfService } from './quality-of-service.ts';

const updateForbidden =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

export const podRules: KindRules = {
  nameCheck: isSubdomain,
  hasGeneration: true,
  defaults(pod) {
    defaultPod(pod);
    if (isObject(pod['status'])) agreeOnAddresses(pod['status']);
  },
  prepareForCreate(pod) {
    const spec = mapAt(pod, 'spec');
    const grace = spec['terminationGracePeriodSeconds'];
    if (typeof grace === 'number' && grace < 0) spec['terminationGracePeriodSeconds'] = 1;
    pod['status'] = { phase: 'Pending', qosClass: qualityOfService(spec) };
  },
  prepareForUpdate(pod, old, subresource) {
    if (subresource !== 'status') return;
    const metadata = mapAt(pod, 'metadata');
    const owners = at(old, 'metadata.ownerReferences');
    if (owners === undefined) delete metadata['ownerReferences'];
    else metadata['ownerReferences'] = structuredClone(owners);
    const status = pod['status'];
    if (isObject(status) && status['qosClass'] === undefined) {
      const known = at(old, 'status.qosClass');
      if (known !== undefined) status['qosClass'] = known;
    }
  },
  validate: (pod) => validatePodSpec(mapAt(pod, 'spec'), 'spec'),
  validateUpdate: validatePodUpdate,
};

/** podIP and hostIP are the first of podIPs and hostIPs; where both are given and differ, the single one counts. */
function agreeOnAddresses(status: JsonObject): void {
  for (const [one, many] of [
    ['podIP', 'podIPs'],
    ['hostIP', 'hostIPs'],
  ] as const) {
    const first = textAt(listAt(status, many)[0], 'ip');
    if (textAt(status, one) && textAt(status, one) !== first) status[many] = [{ ip: status[one] }];
    else if (first && !textAt(status, one)) status[one] = first;
  }
}

function validatePodUpdate(pod: JsonObject, old: JsonObject): FieldError[] {
  const spec = mapAt(pod, 'spec');
  const oldSpec = mapAt(old, 'spec');
  const gates = listAt(oldSpec, 'schedulingGates').length > 0;
  const errors: FieldError[] = [];
  const count = listAt(spec, 'containers').length;
  if (count !== listAt(oldSpec, 'containers').length) {
    return [forbidden('spec.containers', 'pod updates may not add or remove containers')];
  }
  if (listAt(spec, 'initContainers').length !== listAt(oldSpec, 'initContainers').length) {
    return [forbidden('spec.initContainers', 'pod updates may not add or remove containers')];
  }
  errors.push(...validateImages(spec), ...validateDeadline(spec, oldSpec), ...validateTolerations(spec, oldSpec));
  if (errors.length > 0) return errors;
  const munged = structuredClone(spec);
  for (const field of ['containers', 'initContainers']) {
    for (const [index, container] of listAt(munged, field).entries()) {
      container['image'] = listAt(oldSpec, field)[index]?.['image'];
    }
  }
  for (const name of ['activeDeadlineSeconds', 'tolerations']) restore(munged, oldSpec, name);
  const grace = at(spec, 'terminationGracePeriodSeconds');
  const oldGrace = at(oldSpec, 'terminationGracePeriodSeconds');
  if (grace === 1 && typeof oldGrace === 'number' && oldGrace < 0)
    restore(munged, oldSpec, 'terminationGracePeriodSeconds');
  if (gates) for (const name of ['schedulingGates', 'nodeSelector', 'affinity']) restore(munged, oldSpec, name);
  return deepEqual(munged, oldSpec) ? [] : [forbidden('spec', updateForbidden)];
}

function restore(spec: JsonObject, old: JsonObject, name: string): void {
  if (old[name] === undefined) delete spec[name];
  else spec[name] = old[name];
}

function validateImages(spec: JsonObject): FieldError[] {
  return ['containers', 'initContainers'].flatMap((field) =>
    listAt(spec, field).flatMap((container, index) =>
      textAt(container, 'image')
        ? []
        : [{ type: 'Required' as const, field: `spec.${field}[${index}].image`, detail: '' }],
    ),
  );
}

function validateDeadline(spec: JsonObject, old: JsonObject): FieldError[] {
  const deadline = spec['activeDeadlineSeconds'];
  const oldDeadline = old['activeDeadlineSeconds'];
  const path = 'spec.activeDeadlineSeconds';
  if (typeof deadline === 'number') {
    if (deadline < 0 || deadline > 2 ** 31 - 1) {
      return [invalid(path, deadline, `must be between 0 and ${2 ** 31 - 1}, inclusive`)];
    }
    if (typeof oldDeadline === 'number' && oldDeadline < deadline) {
      return [invalid(path, deadline, 'must be less than or equal to previous value')];
    }
    return [];
  }
  return oldDeadline === undefined ? [] : [invalid(path, null, 'must not update from a positive integer to nil value')];
}

function validateTolerations(spec: JsonObject, old: JsonObject): FieldError[] {
  const now = listAt(spec, 'tolerations');
  const withoutSeconds = ({ tolerationSeconds: _seconds, ...rest }: JsonObject) => rest;
  const isKept = listAt(old, 'tolerations').every((toleration) =>
    now.some((other) => deepEqual(withoutSeconds(other), withoutSeconds(toleration))),
  );
  return isKept
    ? []
    : [forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')];
}
