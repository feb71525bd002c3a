/** What is special to pods: defaults, status at birth, and the little that may change later. */
import { at, listAt, mapAt, textAt } from '../../kinds/columns/read.ts';
import { type FieldError, forbidden } from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { validateAddress } from '../addresses.ts';
import type { KindRules } from '../built-in-strategy.ts';
import { named } from '../field-checks.ts';
import { isSubdomain } from '../names.ts';
import { onlyEphemeral, validateEphemeralUpdate } from './ephemeral-containers.ts';
import { defaultPod } from './pod-defaults.ts';
import { validatePod, validatePodUpdate } from './pod-update.ts';
import { nameWarnings, podWarnings } from './pod-warnings.ts';
import { qualityOfService } from './quality-of-service.ts';
import { dropUnserved } from './unserved-fields.ts';

export const podRules: KindRules = {
  nameCheck: isSubdomain,
  hasGeneration: true,
  defaults(pod) {
    defaultPod(pod);
    const grace = at(pod, 'spec.terminationGracePeriodSeconds');
    if (typeof grace === 'number' && grace < 0) mapAt(pod, 'spec')['terminationGracePeriodSeconds'] = 1;
    if (isObject(pod['status'])) agreeOnAddresses(pod['status']);
  },
  prepareForCreate(pod) {
    const spec = mapAt(pod, 'spec');
    dropUnserved(spec);
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
  validate: validateNewPod,
  validateUpdate: (pod, old, subresource) =>
    subresource === 'ephemeralcontainers' ? validateEphemeralUpdate(pod, old) : validatePodUpdate(pod, old),
  validateStatusUpdate: validatePodStatus,
  warnings: (pod, old) =>
    old ? [] : [...nameWarnings(textAt(pod, 'metadata.name'), "the Pod's hostname"), ...podWarnings(pod, '')],
};

function validateNewPod(pod: JsonObject): FieldError[] {
  const spec = mapAt(pod, 'spec');
  const errors = validatePod(pod);
  if (listAt(spec, 'ephemeralContainers').length > 0) {
    errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'));
  }
  if (textAt(spec, 'nodeName') && listAt(spec, 'schedulingGates').length > 0) {
    errors.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
  }
  return errors;
}

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

function validatePodStatus(pod: JsonObject): FieldError[] {
  const node = textAt(pod, 'status.nominatedNodeName');
  const path = 'status.nominatedNodeName';
  return [
    ...(node ? named(node, isSubdomain, path) : []),
    ...listAt(pod, 'status.podIPs').flatMap((each, index) => validateAddress(each['ip'], `status.podIPs[${index}]`)),
  ];
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
