/** What one kind of objects takes of a quota. Facts: k8s.io/apiserver pkg/quota/v1, k8s.io/kubernetes pkg/quota/v1. */

import { type Amounts, count } from '../schema/amounts.ts';
import type { JsonObject } from '../schema/schema.ts';
import { noScope, type ScopeMatch } from './scopes.ts';

/** The kind, and what is done with an object of it. */
export interface Operation {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly subresource: string;
  readonly object: JsonObject;
  readonly oldObject: JsonObject | undefined;
}

export interface Evaluator {
  /** Whether the operation may change what is taken. */
  handles(operation: Operation): boolean;
  /** Whether a resource that a quota names is counted by this kind. */
  counts(resource: string): boolean;
  readonly isInScope: ScopeMatch;
  usage(object: JsonObject, now: Date): Amounts;
  /** What an object has to say of those resources and does not; undefined where nothing is missing. */
  missing?(resources: readonly string[], object: JsonObject): string | undefined;
  /** Whether what an object takes, or of which quota, may have become another by a change that no admission sees. */
  isChanged?(old: JsonObject, object: JsonObject, now: Date): boolean;
}

export interface GroupResource {
  readonly group: string;
  readonly plural: string;
}

/** The name under which a quota counts the objects of a kind: `count/jobs.batch`. */
export function countName({ group, plural }: GroupResource): string {
  return group ? `count/${plural}.${group}` : `count/${plural}`;
}

/** Counts objects, under one name or several. */
export function countEvaluator(names: readonly string[]): Evaluator {
  const usage: Amounts = new Map(names.map((name) => [name, count(1)]));
  return {
    handles: ({ operation, subresource }) => operation === 'CREATE' && !subresource,
    counts: (resource) => usage.has(resource),
    isInScope: noScope,
    usage: () => usage,
  };
}
