/** Containers and init containers. Facts: k8s.io/kubernetes pkg/apis/core/validation. */
import { listAt, mapAt, textAt } from '../../kinds/columns/read.ts';
import { duplicate, type FieldError, forbidden, invalid, required } from '../../schema/field-error.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { named, oneOf } from '../field-checks.ts';
import { isLabelName } from '../names.ts';
import { validateHostPorts, validatePorts } from './container-ports.ts';
import { validateEnvironment } from './environment.ts';
import { validateDevices, validateMounts } from './mounts.ts';
import { validateLifecycle, validateProbes } from './probes.ts';
import { validateResources } from './resources.ts';
import { validateResizePolicies, validateRestarts } from './restarts.ts';
import { validateContainerSecurity } from './security.ts';

/** @param volumes those of the pod that are fine themselves */
export function validateContainers(spec: JsonObject, volumes: readonly JsonObject[], path: string): FieldError[] {
  const containers = listAt(spec, 'containers');
  const place = `${path}.containers`;
  if (containers.length === 0) return [required(place)];
  const names = containers.map((container) => textAt(container, 'name'));
  const errors = containers.flatMap((container, index) => {
    const at = `${place}[${index}]`;
    return [
      ...validateContainer(container, spec, volumes, at),
      ...(names.indexOf(names[index]!) < index ? [duplicate(`${at}.name`, names[index])] : []),
      ...validateLifecycle(container['lifecycle'], spec, `${at}.lifecycle`),
      ...validateProbes(container, at),
      ...validateRestarts(container, at, false),
    ];
  });
  return [...errors, ...validateHostPorts(containers, place)];
}

/** Init containers have neither probes nor hooks, unless they go on running. */
export function validateInitContainers(spec: JsonObject, volumes: readonly JsonObject[], path: string): FieldError[] {
  const taken = new Set(listAt(spec, 'containers').map((container) => textAt(container, 'name')));
  return listAt(spec, 'initContainers').flatMap((container, index) => {
    const at = `${path}.initContainers[${index}]`;
    const name = textAt(container, 'name');
    const isTaken = taken.has(name);
    if (name) taken.add(name);
    return [
      ...validateContainer(container, spec, volumes, at),
      ...validateRestarts(container, at, true),
      ...(isTaken ? [duplicate(`${at}.name`, name)] : []),
      ...validateHostPorts([container], `${path}.initContainers`),
      ...(container['restartPolicy'] === 'Always'
        ? [...validateLifecycle(container['lifecycle'], spec, `${at}.lifecycle`), ...validateProbes(container, at)]
        : forbidRunning(container, at)),
    ];
  });
}

function forbidRunning(container: JsonObject, path: string): FieldError[] {
  const detail = 'may not be set for init containers without restartPolicy=Always';
  return ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe']
    .filter((name) => container[name] !== undefined)
    .map((name) => forbidden(`${path}.${name}`, detail));
}

/** What holds for containers of every sort. */
export function validateContainer(
  container: JsonObject,
  spec: JsonObject,
  volumes: readonly JsonObject[],
  path: string,
): FieldError[] {
  const name = textAt(container, 'name');
  const messages = ['File', 'FallbackToLogsOnError'];
  const pulls = ['Always', 'IfNotPresent', 'Never'];
  return [
    ...(name ? named(name, isLabelName, `${path}.name`) : [required(`${path}.name`)]),
    ...(textAt(container, 'image') ? [] : [required(`${path}.image`)]),
    ...oneOf(container['terminationMessagePolicy'], messages, `${path}.terminationMessagePolicy`),
    ...validatePorts(container, `${path}.ports`),
    ...validateEnvironment(container, path),
    ...validateMounts(container, volumes, path),
    ...validateDevices(container, volumes, path),
    ...oneOf(container['imagePullPolicy'], pulls, `${path}.imagePullPolicy`),
    ...validateResources(mapAt(container, 'resources'), listAt(spec, 'resourceClaims'), `${path}.resources`),
    ...validateResizePolicies(container, spec['restartPolicy'], `${path}.resizePolicy`),
    ...validateContainerSecurity(container['securityContext'], spec['hostUsers'] !== false, `${path}.securityContext`),
  ];
}

/** Templates may have spaces around an image, pods may not. */
export function validateImageSpaces(spec: JsonObject, path: string): FieldError[] {
  return ['containers', 'initContainers'].flatMap((field) =>
    listAt(spec, field).flatMap((container, index) => {
      const image = textAt(container, 'image');
      if (image === image.trim()) return [];
      return [invalid(`${path}.${field}[${index}].image`, image, 'must not have leading or trailing whitespace')];
    }),
  );
}
