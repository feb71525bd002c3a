/** Rules of the kinds that have few: leases, events, priorities, budgets, quotas, nodes, autoscalers. */
import { at, listAt, mapAt, textAt } from '../kinds/columns/read.ts';
import { type FieldError, forbidden, invalid, required } from '../schema/field-error.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import type { KindRules } from './built-in-strategy.ts';
import {
  named,
  nonNegative,
  oneOf,
  positive,
  unchanged,
  validateAmount,
  validateLabelSelector,
} from './field-checks.ts';
import { fillIn } from './fill-in.ts';
import { isLabelName } from './names.ts';

function validateLease(lease: JsonObject): FieldError[] {
  return [
    ...positive(at(lease, 'spec.leaseDurationSeconds'), 'spec.leaseDurationSeconds'),
    ...nonNegative(at(lease, 'spec.leaseTransitions'), 'spec.leaseTransitions'),
  ];
}

export const leaseRules: KindRules = {
  validate: validateLease,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
};

function validateEvent(event: JsonObject): FieldError[] {
  const namespace = textAt(event, 'metadata.namespace');
  const about = textAt(event, 'involvedObject.namespace') || textAt(event, 'regarding.namespace');
  const isFine = about === namespace || (about === '' && namespace === 'default');
  const errors = isFine ? [] : [invalid('involvedObject.namespace', about, 'does not match event.namespace')];
  if (event['apiVersion'] !== 'events.k8s.io/v1') return errors;
  if (!event['eventTime']) errors.push(required('eventTime'));
  const type = textAt(event, 'type');
  if (type !== 'Normal' && type !== 'Warning') errors.push(invalid('type', type, `has invalid value: ${type}`));
  return errors;
}

export const eventRules: KindRules = {
  allowCreateOnUpdate: true,
  defaults: (event) => {
    if (event['apiVersion'] !== 'events.k8s.io/v1') fillIn(event, { type: 'Normal' });
  },
  validate: validateEvent,
};

const highestPriority = 1_000_000_000;

export const priorityClassRules: KindRules = {
  defaults: (object) => fillIn(object, { preemptionPolicy: 'PreemptLowerPriority' }),
  prepareForCreate: (object) => {
    (object['metadata'] as JsonObject)['generation'] = 1;
  },
  validate(object) {
    const { value } = object;
    const name = textAt(object, 'metadata.name');
    const errors: FieldError[] = [];
    if (name.startsWith('system-')) {
      errors.push(
        forbidden(
          'metadata.name',
          `priority class names with 'system-' prefix are reserved for system use only. error: ${name} is not a known system priority class`,
        ),
      );
    } else if (typeof value === 'number' && value > highestPriority) {
      errors.push(forbidden('value', `maximum allowed value of a user defined priority is ${highestPriority}`));
    }
    return [...errors, ...oneOf(object['preemptionPolicy'], ['PreemptLowerPriority', 'Never'], 'preemptionPolicy')];
  },
  validateUpdate: (object, old) => [
    ...(object['value'] === old['value'] ? [] : [forbidden('value', 'may not be changed in an update.')]),
    ...unchanged(object['preemptionPolicy'], old['preemptionPolicy'], 'preemptionPolicy'),
  ],
};

export const runtimeClassRules: KindRules = {
  validate: (object) => named(textAt(object, 'handler'), isLabelName, 'handler'),
  validateUpdate: (object, old) => unchanged(object['handler'], old['handler'], 'handler'),
};

export const disruptionBudgetRules: KindRules = {
  hasGeneration: true,
  validate(object) {
    const spec = mapAt(object, 'spec');
    const errors: FieldError[] = [];
    if (spec['minAvailable'] !== undefined && spec['maxUnavailable'] !== undefined) {
      errors.push(invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set'));
    }
    for (const field of ['minAvailable', 'maxUnavailable']) errors.push(...validateShare(spec[field], `spec.${field}`));
    errors.push(...validateLabelSelector(spec['selector'], 'spec.selector'));
    return [
      ...errors,
      ...oneOf(
        spec['unhealthyPodEvictionPolicy'],
        ['AlwaysAllow', 'IfHealthyBudget'],
        'spec.unhealthyPodEvictionPolicy',
      ),
    ];
  },
};

/** A number, or a percentage up to 100%. */
function validateShare(value: unknown, path: string): FieldError[] {
  if (typeof value !== 'string') return nonNegative(value, path);
  if (!/^[0-9]+%$/.test(value)) {
    return [
      invalid(
        path,
        value,
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
      ),
    ];
  }
  return Number(value.slice(0, -1)) > 100 ? [invalid(path, value, 'must not be greater than 100%')] : [];
}

export const quotaRules: KindRules = {
  prepareForCreate: (object) => {
    object['status'] = {};
  },
  validate: (object) =>
    Object.entries(mapAt(object, 'spec.hard')).flatMap(([name, amount]) =>
      validateAmount(amount, `spec.hard[${name}]`),
    ),
};

export const nodeRules: KindRules = {
  // A kubelet registers itself with its status.
  keepsStatus: true,
  defaults(node) {
    const status = node['status'];
    if (isObject(status) && isObject(status['capacity'])) {
      fillIn(status, { allocatable: structuredClone(status['capacity']) });
    }
  },
  validate(node) {
    return listAt(node, 'spec.taints').flatMap((taint, index) =>
      oneOf(taint['effect'], ['NoSchedule', 'PreferNoSchedule', 'NoExecute'], `spec.taints[${index}].effect`, true),
    );
  },
};

export const autoscalerRules: KindRules = {
  defaults: (object) => {
    if (isObject(object['spec'])) fillIn(object['spec'], { minReplicas: 1 });
  },
  validate(object) {
    const spec = mapAt(object, 'spec');
    const errors: FieldError[] = [];
    const { minReplicas, maxReplicas } = spec;
    if (typeof minReplicas === 'number' && minReplicas < 1) {
      errors.push(invalid('spec.minReplicas', minReplicas, 'must be greater than or equal to 1'));
    }
    if (typeof maxReplicas !== 'number' || maxReplicas < 1) {
      errors.push(invalid('spec.maxReplicas', maxReplicas ?? 0, 'must be greater than 0'));
    }
    if (typeof minReplicas === 'number' && typeof maxReplicas === 'number' && maxReplicas < minReplicas) {
      errors.push(invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`'));
    }
    for (const field of ['kind', 'name']) {
      if (!textAt(spec, `scaleTargetRef.${field}`)) errors.push(required(`spec.scaleTargetRef.${field}`));
    }
    return errors;
  },
};
