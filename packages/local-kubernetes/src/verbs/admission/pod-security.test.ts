import { expect, it } from 'vitest';
import type { AdmissionRequest } from '../request.ts';
import { podSecurity } from './pod-security.ts';

const space = (labels: Record<string, string>) => ({ metadata: { name: 'a', labels } });
const target = { kind: { group: '', plural: 'namespaces', kind: 'Namespace' }, name: '', subresource: '' };

function refusal(object: object, oldObject?: object): unknown {
  const request = { operation: oldObject ? 'UPDATE' : 'CREATE', target, object, oldObject };
  try {
    return podSecurity.validate?.(undefined as never, request as unknown as AdmissionRequest);
  } catch (error) {
    return error;
  }
}

const domain = 'pod-security.kubernetes.io';

// The answers of kube-apiserver 1.35.4.
it('takes levels and versions of pod security that there are', () => {
  expect(refusal(space({ [`${domain}/enforce`]: 'baseline', [`${domain}/warn-version`]: 'v1.35' }))).toBeUndefined();
  expect(refusal(space({ [`${domain}/audit-version`]: 'latest', other: 'x' }))).toBeUndefined();
});

it('refuses others, but not once they stand there', () => {
  const wrong = space({ [`${domain}/enforce`]: 'strict', [`${domain}/warn-version`]: '1.35' });
  const message = `Namespace "a" is invalid: [metadata.labels[${domain}/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted, metadata.labels[${domain}/warn-version]: Invalid value: "1.35": must be "latest" or "v1.x"]`;
  expect(refusal(wrong)).toMatchObject({ code: 422, message });
  expect(refusal(wrong, space({}))).toMatchObject({ code: 422 });
  expect(refusal(wrong, wrong)).toBeUndefined();
});

const pods = { kind: { group: '', plural: 'pods', kind: 'Pod' }, namespace: 'a', name: 'p', subresource: '' };
const container = { name: 'main', image: 'i' };
const pod = (spec: object) => ({ metadata: { name: 'p' }, spec: { containers: [container], ...spec } });
const ofHost = pod({ hostPID: true });

/** What the answer warns of, or why it is a refusal, in a namespace with those labels. */
function answer(labels: Record<string, string>, request: object): string[] {
  const texts: string[] = [];
  const whole = {
    operation: 'CREATE',
    target: pods,
    caller: { warn: (text: string) => texts.push(text) },
    transaction: { get: () => ({ object: space(labels) }), range: () => [{ object: ofHost }] },
    ...request,
  };
  try {
    podSecurity.validate?.(undefined as never, whole as unknown as AdmissionRequest);
  } catch (error) {
    return [(error as Error).message];
  }
  return texts;
}

const baseline = { [`${domain}/enforce`]: 'baseline' };
const warned = { [`${domain}/warn`]: 'baseline' };
const would = 'would violate PodSecurity "baseline:latest": host namespaces (hostPID=true)';
const refused = 'pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostPID=true)';

it('refuses a pod that is not of the level, or warns of it', () => {
  expect(answer(baseline, { object: ofHost })).toEqual([refused]);
  expect(answer(warned, { object: ofHost })).toEqual([would]);
  expect(answer(baseline, { object: pod({}) })).toEqual([]);
  expect(answer({}, { object: ofHost })).toEqual([]);
});

it('looks at a change of a pod that brings an image or a container', () => {
  const change = (object: object, oldObject: object, subresource = '') =>
    answer(baseline, { operation: 'UPDATE', object, oldObject, target: { ...pods, subresource } });
  const other = pod({ hostPID: true, containers: [{ name: 'main', image: 'j' }] });
  const attached = pod({ hostPID: true, ephemeralContainers: [{ name: 'late', image: 'i' }] });
  expect(change(ofHost, ofHost)).toEqual([]);
  expect(change(other, ofHost)).toEqual([refused]);
  expect(change(other, ofHost, 'status')).toEqual([]);
  expect(change(attached, ofHost, 'ephemeralcontainers')).toEqual([refused]);
  expect(change(attached, attached)).toEqual([]);
});

it('warns of a Job whose pods would be refused', () => {
  const jobs = { ...pods, kind: { group: 'batch', plural: 'jobs', kind: 'Job' } };
  const object = { metadata: { name: 'j' }, spec: { template: ofHost } };
  expect(answer(baseline, { target: jobs, object })).toEqual([would]);
  expect(answer(baseline, { target: { ...jobs, subresource: 'status' }, object })).toEqual([]);
});

it('tells of the pods of a namespace that becomes stricter', () => {
  const change = (labels: object, oldLabels: object) =>
    answer({}, { operation: 'UPDATE', target, object: space(labels as never), oldObject: space(oldLabels as never) });
  const lines = [
    'existing pods in namespace "a" violate the new PodSecurity enforce level "baseline:latest"',
    'p: host namespaces',
  ];
  expect(change(baseline, {})).toEqual(lines);
  expect(change(baseline, baseline)).toEqual([]);
  expect(change(baseline, { [`${domain}/enforce`]: 'restricted' })).toEqual([]);
  expect(change(baseline, { ...baseline, [`${domain}/enforce-version`]: 'v1.24' })).toEqual(lines);
  expect(change(warned, {})).toEqual([]);
  expect(change({}, baseline)).toEqual([]);
});
