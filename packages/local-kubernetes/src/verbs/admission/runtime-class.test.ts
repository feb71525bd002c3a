import { describe, expect, it } from 'vitest';
import type { StatusError } from '../../client/status-error.ts';
import type { AdmissionRequest } from '../request.ts';
import { runtimeClass } from './runtime-class.ts';

const toleration = { key: 'sandbox', operator: 'Exists' };
const classes: Record<string, object> = {
  plain: { handler: 'runc' },
  heavy: {
    handler: 'kata',
    overhead: { podFixed: { cpu: '250m', memory: '120Mi' } },
    scheduling: { nodeSelector: { sandbox: 'yes' }, tolerations: [toleration] },
  },
};

/** Puts a pod through both halves of the step. @returns its spec as it is stored */
function admitted(spec: object, more: object = {}): Record<string, unknown> {
  const object = { metadata: { name: 'web' }, spec: structuredClone(spec) };
  const request = {
    operation: 'CREATE',
    target: { kind: { group: '', plural: 'pods', kind: 'Pod' }, name: 'web', namespace: 'shop' },
    object,
    transaction: {
      get: (collection: string, name: string) =>
        collection === 'runtimeclasses.node.k8s.io' && classes[name] ? { object: classes[name] } : undefined,
    },
    ...more,
  } as unknown as AdmissionRequest;
  runtimeClass.mutate?.(undefined as never, request);
  runtimeClass.validate?.(undefined as never, request);
  return object.spec as Record<string, unknown>;
}

function refusalOf(spec: object): string | undefined {
  try {
    admitted(spec);
    return undefined;
  } catch (error) {
    expect((error as StatusError).code).toBe(403);
    return (error as StatusError).message;
  }
}

describe('a pod of a runtime class', () => {
  it('gets its overhead, and is scheduled to nodes that have it', () => {
    const overhead = { cpu: '250m', memory: '120Mi' };
    expect(admitted({ runtimeClassName: 'heavy' })).toEqual({
      runtimeClassName: 'heavy',
      overhead,
      nodeSelector: { sandbox: 'yes' },
      tolerations: [toleration],
    });
    const own = { nodeSelector: { disk: 'fast', sandbox: 'yes' }, tolerations: [{ key: 'own' }, toleration] };
    expect(admitted({ runtimeClassName: 'heavy', overhead, ...own })).toEqual({
      runtimeClassName: 'heavy',
      overhead,
      ...own,
    });
  });

  it('of one without cost or scheduling stays as it is, as one of none does', () => {
    for (const spec of [{ runtimeClassName: 'plain' }, {}]) expect(admitted(spec)).toEqual(spec);
  });

  it.each([
    ['one that is not there', { runtimeClassName: 'none' }, 'pod rejected: RuntimeClass "none" not found'],
    [
      'another overhead',
      { runtimeClassName: 'heavy', overhead: { cpu: '1' } },
      "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
    ],
    [
      'an overhead of its own',
      { overhead: { cpu: '1' } },
      'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
    ],
    [
      'an overhead that the class does not have',
      { runtimeClassName: 'plain', overhead: { cpu: '1' } },
      'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
    ],
    [
      'nodes that do not have it',
      { runtimeClassName: 'heavy', nodeSelector: { sandbox: 'no' } },
      'conflict: runtimeClass.scheduling.nodeSelector[sandbox] = yes; pod.spec.nodeSelector[sandbox] = no',
    ],
  ])('with %s is refused', (_, spec, why) => {
    expect(refusalOf(spec)).toBe(`pods "web" is forbidden: ${why}`);
  });

  it('is looked at when it is made, and no other object is', () => {
    const spec = { runtimeClassName: 'none' };
    expect(admitted(spec, { operation: 'UPDATE' })).toEqual(spec);
    const target = { kind: { group: 'apps', plural: 'deployments' }, name: 'web' };
    expect(admitted(spec, { target })).toEqual(spec);
    const binding = { kind: { group: '', plural: 'pods' }, name: 'web', subresource: 'binding' };
    expect(admitted(spec, { target: binding })).toEqual(spec);
  });
});
