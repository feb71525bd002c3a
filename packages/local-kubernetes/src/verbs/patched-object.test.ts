import { expect, it } from 'vitest';
import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { ResourceRegistry } from '../discovery/resource-registry.ts';
import { builtInKinds } from '../kinds/built-in.ts';
import type { Kind } from '../kinds/kind.ts';
import { acceptPatched } from './patched-object.ts';
import type { ApiContext, Caller, Target } from './request.ts';

const context = { resources: new ResourceRegistry(builtInKinds) } as ApiContext;
const ship = {
  group: 'example.com',
  version: 'v1',
  kind: 'Ship',
  plural: 'ships',
  builtIn: false,
  namespaced: true,
  schema: {},
} as Kind;
const target: Target = { kind: ship, namespace: 'default', name: 'argo', subresource: '' };
const caller = { warn() {} } as unknown as Caller;
const live = {
  apiVersion: 'example.com/v1',
  kind: 'Ship',
  metadata: { name: 'argo', resourceVersion: '7' },
} as KubernetesObject;

function refusal(value: object): unknown {
  const reading = { fieldValidation: 'Ignore' } as const;
  try {
    return acceptPatched(context, target, live, value, reading, caller, false, () => JSON.stringify(value));
  } catch (error) {
    return error;
  }
}

// The answers of kube-apiserver 1.35.4.
it('refuses a custom resource that a patch takes its name, its revision and its version for the first of these', () => {
  const other = { apiVersion: 'example.com/v2', kind: 'Ship' };
  expect(refusal(other)).toMatchObject({
    code: 400,
    message: 'the name of the object (argo based on URL) was undeterminable: name must be provided',
  });
  expect(refusal({ ...other, metadata: { name: 'argo' } })).toMatchObject({
    code: 422,
    message:
      'ships.example.com "argo" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
  });
  expect(refusal({ ...other, metadata: { name: 'argo', resourceVersion: '7' } })).toMatchObject({
    code: 422,
    message: 'Ship.example.com "argo" is invalid: apiVersion: Invalid value: "example.com/v2": must be example.com/v1',
  });
});

it('refuses a patch that leaves no version, first for a kind that there is not', () => {
  const pods = builtInKinds.find(({ kind }) => kind === 'Pod')!;
  const pod = { kind: pods, namespace: 'default', name: 'argo', subresource: '' };
  const refused = (kind: string) => {
    try {
      return acceptPatched(context, pod, live, { kind }, { fieldValidation: 'Ignore' }, caller, false, () => '{}');
    } catch (error) {
      return error;
    }
  };
  expect(refused('v1')).toMatchObject({
    code: 422,
    message:
      ' "" is invalid: patch: Invalid value: "{}": no kind "v1" is registered for the internal version of group "" in scheme "pkg/runtime/scheme.go:111"',
  });
  expect(refused('Pod')).toMatchObject({ code: 400 });
});
