/** Rules of the kinds that have few: leases, priorities, runtimes. */
import { at, listAt, mapAt, textAt } from '../kinds/columns/read.ts';
import { goObject } from '../kinds/go-object.ts';
import { duplicate, type FieldError, forbidden } from '../schema/field-error.ts';
import type { JsonObject } from '../schema/schema.ts';
import type { KindRules } from './built-in-strategy.ts';
import { named, nonNegative, oneOf, positive, unchanged } from './field-checks.ts';
import { fillAbsent } from './fill-in.ts';
import { isLabelName } from './names.ts';
import { validateLabels } from './object-meta.ts';
import { validateResources } from './pods/resources.ts';
import { validateTolerations } from './pods/scheduling.ts';

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

const highestPriority = 1_000_000_000;

export const priorityClassRules: KindRules = {
  defaults: (object) => fillAbsent(object, { preemptionPolicy: 'PreemptLowerPriority' }),
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
    return [
      ...errors,
      ...oneOf(object['preemptionPolicy'], ['PreemptLowerPriority', 'Never'], 'preemptionPolicy', true),
    ];
  },
  validateUpdate: (object, old) => [
    ...(object['value'] === old['value'] ? [] : [forbidden('value', 'may not be changed in an update.')]),
    ...unchanged(object['preemptionPolicy'], old['preemptionPolicy'], 'preemptionPolicy'),
  ],
};

/** Tolerations are told by all but their seconds. */
function validateUnique(tolerations: readonly JsonObject[], path: string): FieldError[] {
  const keys = tolerations.map(({ tolerationSeconds: _seconds, ...key }) => JSON.stringify(Object.entries(key).sort()));
  return tolerations.flatMap((toleration, index) =>
    keys.indexOf(keys[index]!) < index ? [duplicate(`${path}[${index}]`, goObject(toleration, 'core.Toleration'))] : [],
  );
}

function validateRuntimeClass(object: JsonObject): FieldError[] {
  const scheduling = mapAt(object, 'scheduling');
  return [
    ...named(textAt(object, 'handler'), isLabelName, 'handler'),
    ...validateResources({ limits: mapAt(object, 'overhead.podFixed') }, [], 'overhead'),
    ...validateLabels(mapAt(scheduling, 'nodeSelector'), 'scheduling.nodeSelector'),
    ...validateTolerations(scheduling, 'scheduling.tolerations'),
    ...validateUnique(listAt(scheduling, 'tolerations'), 'scheduling.tolerations'),
  ];
}

export const runtimeClassRules: KindRules = {
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
  validate: validateRuntimeClass,
  validateUpdate: (object, old) => [
    ...validateRuntimeClass(object),
    ...unchanged(object['handler'], old['handler'], 'handler'),
  ],
};
