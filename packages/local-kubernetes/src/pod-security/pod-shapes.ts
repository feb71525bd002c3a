// Which kinds hold a pod, and where: the pod itself, or the template that others make pods from.

import { mapAt } from '../kinds/columns/read.ts';
import { ownMember } from '../schema/own-member.ts';
import type { JsonObject } from '../schema/schema.ts';
import type { PodShape } from './violation.ts';

/** Path of the template, by group and plural. Kinds of which nothing can be made here are left out. */
const templates: Readonly<Record<string, string>> = { 'batch/jobs': 'spec.template' };

/** The template that an object of the kind makes pods from; undefined where it makes none. */
export function templateOf({ group, plural }: { group: string; plural: string }, object: JsonObject) {
  const path = ownMember(templates, `${group}/${plural}`);
  return path === undefined ? undefined : podShape(mapAt(object, path));
}

export const podShape = (pod: JsonObject): PodShape => ({
  annotations: mapAt(pod, 'metadata.annotations') as Readonly<Record<string, string>>,
  spec: mapAt(pod, 'spec'),
});
