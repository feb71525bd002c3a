/** Containers added to a running pod to look into it: the subresource they come through, and what they may not have. */
import { at, listAt, mapAt, textAt } from '../../kinds/columns/read.ts';
import { goDifference } from '../../kinds/go-difference.ts';
import { deepEqual } from '../../schema/equality.ts';
import { duplicate, type FieldError, fieldNotFound, forbidden } from '../../schema/field-error.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { validatePod } from './pod-update.ts';

/** Through this door nothing else of a pod changes. */
export function onlyEphemeral(pod: JsonObject, old: JsonObject): void {
  const { resourceVersion } = mapAt(pod, 'metadata');
  const containers = at(pod, 'spec.ephemeralContainers');
  for (const name of Object.keys(pod)) delete pod[name];
  Object.assign(pod, structuredClone(old));
  if (resourceVersion !== undefined) mapAt(pod, 'metadata')['resourceVersion'] = resourceVersion;
  const spec = mapAt(pod, 'spec');
  if (containers === undefined) delete spec['ephemeralContainers'];
  else spec['ephemeralContainers'] = containers;
}

export function validateEphemeralUpdate(pod: JsonObject, old: JsonObject): FieldError[] {
  const path = 'spec.ephemeralContainers';
  const errors = [...validatePod(pod), ...validateEphemeral(pod)];
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
