import { expect, it } from 'vitest';
import type { AdmissionRequest } from '../request.ts';
import { podSecurityLabels } from './pod-security-labels.ts';

const space = (labels: Record<string, string>) => ({ metadata: { name: 'a', labels } });
const target = { kind: { group: '', plural: 'namespaces', kind: 'Namespace' }, name: '', subresource: '' };

function refusal(object: object, oldObject?: object): unknown {
  const request = { operation: oldObject ? 'UPDATE' : 'CREATE', target, object, oldObject };
  try {
    return podSecurityLabels.validate?.(undefined as never, request as unknown as AdmissionRequest);
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
