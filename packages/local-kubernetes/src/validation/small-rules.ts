/** Rules of the kinds that have few: leases, events, priorities, runtimes, quotas. */
import { at, mapAt, textAt } from '../kinds/columns/read.ts';
import { type FieldError, forbidden, invalid, required } from '../schema/field-error.ts';
import type { JsonObject } from '../schema/schema.ts';
import type { KindRules } from './built-in-strategy.ts';
import { named, nonNegative, oneOf, positive, unchanged, validateAmount } from './field-checks.ts';
import { fillIn } from './fill-in.ts';
import { isLabelName } from './names.ts';

function validateLease(lease: JsonObject): FieldError[] {
  return [
    ...positive(at(lease, 'spec.leaseDurationSeconds'), 'spec.leaseDurationSeconds'),
    ...nonNegative(at(lease, 'spec.leaseTransitions'), 'spec.leaseTransitions'),
  ];
}

/** Fields for a choice among candidates that is not made here, nor by a real server unless it is told to. */
function dropCandidates(lease: JsonObject): void {
  const spec = mapAt(lease, 'spec');
  delete spec['strategy'];
  delete spec['preferredHolder'];
}

export const leaseRules: KindRules = {
  prepareForCreate: dropCandidates,
  prepareForUpdate: dropCandidates,
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

export const quotaRules: KindRules = {
  prepareForCreate: (object) => {
    object['status'] = {};
  },
  validate: (object) =>
    Object.entries(mapAt(object, 'spec.hard')).flatMap(([name, amount]) =>
      validateAmount(amount, `spec.hard[${name}]`),
    ),
};
