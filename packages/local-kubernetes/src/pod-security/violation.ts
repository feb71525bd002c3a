// What a check of pod security finds, and the words that the checks share.

import { listAt, mapAt, textAt } from '../kinds/columns/read.ts';
import type { JsonObject } from '../schema/schema.ts';

/** A pod, or the template of one. */
export interface PodShape {
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: JsonObject;
}

export const podShape = (pod: JsonObject): PodShape => ({
  annotations: mapAt(pod, 'metadata.annotations') as Readonly<Record<string, string>>,
  spec: mapAt(pod, 'spec'),
});

/** Why a pod is not of a level: `reason (detail)`; of pods that are there already only the reason is told. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

export type Examine = (pod: PodShape) => Violation | undefined;

/** All containers, in the order in which they are told of. */
export const containersOf = ({ spec }: PodShape): JsonObject[] =>
  ['initContainers', 'containers', 'ephemeralContainers'].flatMap((field) => listAt(spec, field));

export const nameOf = (part: JsonObject): string => textAt(part, 'name');

export const quoted = (texts: readonly string[]): string => texts.map((text) => `"${text}"`).join(', ');

export const plural = (count: number, one: string, several = `${one}s`): string => (count === 1 ? one : several);

/** `container "a"`, `containers "a", "b"` */
export const named = (what: string, names: readonly string[]): string =>
  `${plural(names.length, what)} ${quoted(names)}`;

/** `pod and containers "a", "b"`: who sets what may not be set; empty where nobody does. */
export const settersOf = (byPod: boolean, containers: readonly string[]): string =>
  [...(byPod ? ['pod'] : []), ...(containers.length > 0 ? [named('container', containers)] : [])].join(' and ');

/** Each once, in order. */
export const distinct = (texts: readonly string[]): string[] => [...new Set(texts)].sort();
