/** The little of a pod that may change. Facts: k8s.io/kubernetes pkg/apis/core/validation. */
import { at, listAt, mapAt, textAt } from '../../kinds/columns/read.ts';
import { goDifference } from '../../kinds/go-difference.ts';
import { deepEqual } from '../../schema/equality.ts';
import { type FieldError, forbidden, invalid, required } from '../../schema/field-error.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { validateImageSpaces } from './containers.ts';
import { validatePodSpec, validateTokens } from './pod-spec.ts';
import { validateTolerations } from './scheduling.ts';

const updateForbidden =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
const longestDeadline = 2 ** 31 - 1;

/** What holds for every pod, new or changed. */
export function validatePod(pod: JsonObject): FieldError[] {
  const spec = mapAt(pod, 'spec');
  return [
    ...validatePodSpec(spec, 'spec', textAt(pod, 'metadata.name')),
    ...validateTokens(spec, 'spec'),
    ...validateImageSpaces(spec, 'spec'),
  ];
}

/** Stops where the real server does: what follows could not be compared. */
export function validatePodUpdate(pod: JsonObject, old: JsonObject): FieldError[] {
  const spec = mapAt(pod, 'spec');
  const before = mapAt(old, 'spec');
  const errors = validatePod(pod);
  for (const field of ['containers', 'initContainers']) {
    const containers = listAt(spec, field);
    if (containers.length !== listAt(before, field).length) {
      return [...errors, forbidden(`spec.${field}`, 'pod updates may not add or remove containers')];
    }
    errors.push(
      ...containers.flatMap((container, index) =>
        textAt(container, 'image') ? [] : [required(`spec.${field}[${index}].image`)],
      ),
    );
  }
  const deadline = validateDeadline(spec, before);
  errors.push(...deadline.errors);
  if (deadline.isEnd) return errors;
  errors.push(...validateAddedTolerations(spec, before), ...validateRemovedGates(spec, before));
  return [...errors, ...validateRest(spec, before)];
}

function validateDeadline(spec: JsonObject, old: JsonObject): { errors: FieldError[]; isEnd: boolean } {
  const deadline = spec['activeDeadlineSeconds'];
  const oldDeadline = old['activeDeadlineSeconds'];
  const wrong = (detail: string) => [invalid('spec.activeDeadlineSeconds', deadline ?? null, detail)];
  if (typeof deadline !== 'number') {
    const errors = oldDeadline === undefined ? [] : wrong('must not update from a positive integer to nil value');
    return { errors, isEnd: false };
  }
  if (deadline < 0 || deadline > longestDeadline) {
    return { errors: wrong(`must be between 0 and ${longestDeadline}, inclusive`), isEnd: true };
  }
  if (typeof oldDeadline !== 'number' || oldDeadline >= deadline) return { errors: [], isEnd: false };
  return { errors: wrong('must be less than or equal to previous value'), isEnd: true };
}

function validateAddedTolerations(spec: JsonObject, old: JsonObject): FieldError[] {
  const path = 'spec.tolerations';
  const now = listAt(spec, 'tolerations');
  const withoutSeconds = ({ tolerationSeconds: _seconds, ...rest }: JsonObject) => rest;
  const isKept = listAt(old, 'tolerations').every((toleration) =>
    now.some((other) => deepEqual(withoutSeconds(other), withoutSeconds(toleration))),
  );
  if (isKept) return validateTolerations(spec, path);
  return [forbidden(path, 'existing toleration can not be modified except its tolerationSeconds')];
}

/** Gates open one by one, and never close again. */
function validateRemovedGates(spec: JsonObject, old: JsonObject): FieldError[] {
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

/** Everything else is as it was. */
function validateRest(spec: JsonObject, old: JsonObject): FieldError[] {
  const munged = structuredClone(spec);
  for (const field of ['containers', 'initContainers']) {
    for (const [index, container] of listAt(munged, field).entries()) {
      container['image'] = listAt(old, field)[index]?.['image'];
    }
  }
  for (const name of ['activeDeadlineSeconds', 'tolerations', 'schedulingGates']) restore(munged, old, name);
  const grace = at(spec, 'terminationGracePeriodSeconds');
  const oldGrace = at(old, 'terminationGracePeriodSeconds');
  if (grace === 1 && typeof oldGrace === 'number' && oldGrace < 0) {
    restore(munged, old, 'terminationGracePeriodSeconds');
  }
  const isGated = listAt(old, 'schedulingGates').length > 0;
  if (isGated) for (const name of ['nodeSelector', 'affinity']) restore(munged, old, name);
  if (deepEqual(munged, old)) return [];
  return [forbidden('spec', `${updateForbidden}\n${goDifference(old, munged, 'core.PodSpec')}`)];
}

function restore(spec: JsonObject, old: JsonObject, name: string): void {
  if (old[name] === undefined) delete spec[name];
  else spec[name] = old[name];
}
