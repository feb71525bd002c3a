/** What is special to pods: defaults, status at birth, and the little that may change later. */
import { isIP } from 'node:net';
import { at, listAt, mapAt, textAt } from '../../kinds/columns/read.ts';
import { goDifference } from '../../kinds/go-difference.ts';
import { deepEqual } from '../../schema/equality.ts';
import { duplicate, type FieldError, fieldNotFound, forbidden, invalid } from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import type { KindRules } from '../built-in-strategy.ts';
import { named } from '../field-checks.ts';
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
    pod['status'] = { phase: 'Pending', qosClass: qualityOfService(spec), ...gatedStatus(pod, spec) };
  },
  prepareForUpdate(pod, old, subresource) {
    if (subresource === 'ephemeralcontainers') onlyEphemeral(pod, old);
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
  validate: (pod) => [
    ...validatePodSpec(mapAt(pod, 'spec'), 'spec'),
    ...(listAt(pod, 'spec.ephemeralContainers').length > 0
      ? [forbidden('spec.ephemeralContainers', 'cannot be set on create')]
      : []),
  ],
  validateUpdate: (pod, old, subresource) =>
    subresource === 'ephemeralcontainers' ? validateEphemeralUpdate(pod, old) : validatePodUpdate(pod, old),
  validateStatusUpdate: validatePodStatus,
};

/** A pod behind a gate says so from the start. */
function gatedStatus(pod: JsonObject, spec: JsonObject): JsonObject {
  if (listAt(spec, 'schedulingGates').length === 0) return {};
  const condition = {
    lastProbeTime: null,
    lastTransitionTime: at(pod, 'metadata.creationTimestamp'),
    message: 'Scheduling is blocked due to non-empty scheduling gates',
    reason: 'SchedulingGated',
    status: 'False',
    type: 'PodScheduled',
  };
  return { conditions: [condition] };
}

/** Through this door nothing else of a pod changes. */
function onlyEphemeral(pod: JsonObject, old: JsonObject): void {
  const { resourceVersion } = mapAt(pod, 'metadata');
  const containers = at(pod, 'spec.ephemeralContainers');
  for (const name of Object.keys(pod)) delete pod[name];
  Object.assign(pod, structuredClone(old));
  if (resourceVersion !== undefined) mapAt(pod, 'metadata')['resourceVersion'] = resourceVersion;
  const spec = mapAt(pod, 'spec');
  if (containers === undefined) delete spec['ephemeralContainers'];
  else spec['ephemeralContainers'] = containers;
}

function validateEphemeralUpdate(pod: JsonObject, old: JsonObject): FieldError[] {
  const path = 'spec.ephemeralContainers';
  const errors = [...validatePodSpec(mapAt(pod, 'spec'), 'spec'), ...validateEphemeral(pod)];
  for (const before of listAt(old, path)) {
    const name = textAt(before, 'name');
    const after = listAt(pod, path).find((each) => each['name'] === name);
    if (!after) errors.push(forbidden(path, `existing ephemeral containers "${name}" may not be removed\n`));
    else if (!deepEqual(before, after)) {
      const difference = goDifference(before, after, 'core.EphemeralContainer');
      errors.push(forbidden(path, `existing ephemeral containers "${name}" may not be changed\n${difference}`));
    }
  }
  return errors;
}

/** What an ephemeral container may not have. */
const ephemeralForbidden = [
  'ports',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'resizePolicy',
] as const;

function validateEphemeral(pod: JsonObject): FieldError[] {
  const spec = mapAt(pod, 'spec');
  const namesOf = (field: string) => listAt(spec, field).map((each) => each['name']);
  const others = [...namesOf('containers'), ...namesOf('initContainers')];
  return listAt(spec, 'ephemeralContainers').flatMap((container, index) => {
    const path = `spec.ephemeralContainers[${index}]`;
    const { name } = container;
    const target = textAt(container, 'targetContainerName');
    const isTaken = others.includes(name) || namesOf('ephemeralContainers').indexOf(name) < index;
    return [
      ...(isTaken ? [duplicate(`${path}.name`, name)] : []),
      ...(target && !others.includes(target) ? [fieldNotFound(`${path}.targetContainerName`, target)] : []),
      ...ephemeralForbidden
        .filter((field) => container[field] !== undefined)
        .map((field) => forbidden(`${path}.${field}`, 'cannot be set for an Ephemeral Container')),
    ];
  });
}

function validatePodStatus(pod: JsonObject): FieldError[] {
  const node = textAt(pod, 'status.nominatedNodeName');
  const path = 'status.nominatedNodeName';
  return [
    ...(node ? named(node, isSubdomain, path) : []),
    ...listAt(pod, 'status.podIPs').flatMap((each, index) => validateAddress(each['ip'], `status.podIPs[${index}]`)),
  ];
}

function validateAddress(address: unknown, path: string): FieldError[] {
  if (isIP(String(address)) !== 0) return [];
  return [invalid(path, address, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')];
}

/** Gates open one by one, and never close again. */
function validateGates(spec: JsonObject, old: JsonObject): FieldError[] {
  const before = listAt(old, 'schedulingGates').map((gate) => gate['name']);
  return listAt(spec, 'schedulingGates').flatMap((gate, index) =>
    before.includes(gate['name'])
      ? []
      : [
          forbidden(
            `spec.schedulingGates[${index}].name`,
            `only deletion is allowed, but found new scheduling gate '${gate['name']}'`,
          ),
        ],
  );
}

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
  errors.push(...validateImages(spec), ...validateDeadline(spec, oldSpec), ...validateGates(spec, oldSpec));
  errors.push(...validateTolerations(spec, oldSpec));
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
  if (deepEqual(munged, oldSpec)) return [];
  return [forbidden('spec', `${updateForbidden}\n${goDifference(oldSpec, munged, 'core.PodSpec')}`)];
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
