/** A MiniCluster and what it becomes, for tests. */
import { expect } from 'vitest';
import { normalize } from '../resolve/normalize.ts';
import { validate } from '../resolve/validate.ts';
import type { KubernetesObject, MiniCluster, MiniClusterSpec } from '../schema/minicluster.ts';
import { desiredObjects } from './desired-objects.ts';

export function cluster(spec: Partial<MiniClusterSpec>): MiniCluster {
  return {
    apiVersion: 'flux-framework.org/v1alpha2',
    kind: 'MiniCluster',
    metadata: { name: 'flux-sample', namespace: 'ns', uid: 'u' },
    spec: { size: 4, containers: [{ image: 'app' }], ...spec },
  };
}

export function objects(spec: Partial<MiniClusterSpec>): KubernetesObject[] {
  const wanted = cluster(spec);
  expect(validate(wanted)).toEqual([]);
  return desiredObjects(normalize(wanted), { certificate: 'public-key secret-key' });
}

// biome-ignore lint/suspicious/noExplicitAny: objects of Kubernetes as they are.
export type Loose = any;
export const job = (spec: Partial<MiniClusterSpec>): Loose => objects(spec).find(({ kind }) => kind === 'Job');
export const pod = (spec: Partial<MiniClusterSpec>): Loose => job(spec).spec.template.spec;
export const data = (spec: Partial<MiniClusterSpec>): Record<string, string> =>
  objects(spec).find(({ kind }) => kind === 'ConfigMap')?.['data'] as Record<string, string>;
export const service = (spec: Partial<MiniClusterSpec>, name: string): Loose =>
  objects(spec).find((each) => each.kind === 'Service' && each.metadata.name === name);
