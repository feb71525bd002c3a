import { expect, it } from 'vitest';
import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { existingPodWarnings } from './existing-pods.ts';

const pod = (name: string, spec: object, controller?: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    ...(controller
      ? { ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'a', uid: controller, controller: true }] }
      : {}),
  },
  spec: { containers: [{ name: 'main' }], ...spec },
});
const baseline = { level: 'baseline', version: 'latest' } as const;
const heading = 'existing pods in namespace "a" violate the new PodSecurity enforce level "baseline:latest"';

// The answers of kube-apiserver 1.35.4.
it('tells of pods that are wrong alike in one line, by the first name', () => {
  const wrong = { hostPID: true };
  const pods = [pod('z', wrong), pod('y', wrong), pod('x', wrong), pod('good', {})];
  const both = [pod('w', { ...wrong, volumes: [{ name: 'v', hostPath: {} }] })];
  expect(existingPodWarnings('a', [...pods, ...both], baseline)).toEqual([
    heading,
    'w: host namespaces, hostPath volumes',
    'x (and 2 other pods): host namespaces',
  ]);
  expect(existingPodWarnings('a', pods.slice(1), baseline)).toEqual([heading, 'x (and 1 other pod): host namespaces']);
});

it('has nothing to tell of pods of the level', () => {
  expect(existingPodWarnings('a', [pod('good', {})], baseline)).toEqual([]);
});

it('looks at one pod of each controller before it looks at more than it may', () => {
  const pods = [pod('a', {}, '1'), pod('b', {}, '1'), pod('c', { hostIPC: true }, '2'), pod('d', {})];
  expect(existingPodWarnings('a', pods, baseline, 2)).toEqual([
    'new PodSecurity enforce level only checked against the first 2 of 4 existing pods',
    heading,
    'c: host namespaces',
  ]);
});
