/** What a LimitRange fills in for the containers of a pod. Facts: k8s.io/kubernetes plugin/pkg/admission/limitranger. */

import { listAt, mapAt, textAt } from '../kinds/columns/read.ts';
import { ownMember } from '../schema/own-member.ts';
import type { JsonObject } from '../schema/schema.ts';

export const limitAnnotation = 'kubernetes.io/limit-ranger';

/** Gives containers the requests and limits that they do not say, and tells of it in an annotation. */
export function fillLimits(pod: JsonObject, range: JsonObject): void {
  const limits: JsonObject = {};
  const requests: JsonObject = {};
  for (const item of listAt(range, 'spec.limits')) {
    if (item['type'] !== 'Container') continue;
    Object.assign(requests, mapAt(item, 'defaultRequest'));
    Object.assign(limits, mapAt(item, 'default'));
  }
  const told: string[] = [];
  for (const [field, called] of [
    ['containers', 'container'],
    ['initContainers', 'init container'],
  ] as const) {
    for (const container of listAt(pod['spec'], field)) {
      const name = textAt(container, 'name');
      const given = fill(container, { limits, requests });
      if (given.requests.length > 0) told.push(`${given.requests.join(', ')} request for ${called} ${name}`);
      if (given.limits.length > 0) told.push(`${given.limits.join(', ')} limit for ${called} ${name}`);
    }
  }
  if (told.length === 0) return;
  const metadata = mapAt(pod, 'metadata');
  metadata['annotations'] = {
    ...mapAt(metadata, 'annotations'),
    [limitAnnotation]: `LimitRanger plugin set: ${told.join('; ')}`,
  };
}

type Sides = { readonly limits: JsonObject; readonly requests: JsonObject };

/** @returns the names of what the container did not have */
function fill(container: JsonObject, defaults: Sides): { limits: string[]; requests: string[] } {
  const resources = { ...mapAt(container, 'resources') };
  const given = { limits: [] as string[], requests: [] as string[] };
  for (const side of ['limits', 'requests'] as const) {
    const own = mapAt(resources, side);
    given[side] = Object.keys(defaults[side])
      .filter((name) => ownMember(own, name) === undefined)
      .sort();
    if (given[side].length === 0) continue;
    resources[side] = { ...own, ...Object.fromEntries(given[side].map((name) => [name, defaults[side][name]])) };
  }
  if (given.limits.length + given.requests.length > 0) container['resources'] = resources;
  return given;
}
