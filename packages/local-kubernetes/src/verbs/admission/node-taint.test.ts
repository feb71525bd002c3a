import { describe, expect, it } from 'vitest';
import type { AdmissionRequest } from '../request.ts';
import { nodeTaint } from './node-taint.ts';

function admitted(spec: object | undefined, more: object = {}): unknown {
  const object = { metadata: { name: 'node' }, ...(spec ? { spec: structuredClone(spec) } : {}) } as { spec?: object };
  const target = { kind: { group: '', plural: 'nodes' }, name: 'node', namespace: '', subresource: '' };
  nodeTaint.mutate?.(
    undefined as never,
    { operation: 'CREATE', target, object, ...more } as unknown as AdmissionRequest,
  );
  return object.spec;
}

const key = 'node.kubernetes.io/not-ready';
const notReady = { key, effect: 'NoSchedule' };

describe('a new node', () => {
  it('takes no pods at first', () => {
    expect(admitted(undefined)).toEqual({ taints: [notReady] });
    const own = { key: 'a', effect: 'NoSchedule' };
    expect(admitted({ taints: [own] })).toEqual({ taints: [own, notReady] });
    const evicting = { key, effect: 'NoExecute' };
    expect(admitted({ taints: [evicting] })).toEqual({ taints: [evicting, notReady] });
  });

  it('is tainted once', () => {
    const since = { ...notReady, timeAdded: '2026-01-01T00:00:00Z' };
    expect(admitted({ taints: [since] })).toEqual({ taints: [since] });
  });

  it('alone: no other object, and no later write', () => {
    expect(admitted({}, { operation: 'UPDATE' })).toEqual({});
    const target = { kind: { group: '', plural: 'pods' }, name: 'a', namespace: 'd', subresource: '' };
    expect(admitted({}, { target })).toEqual({});
  });
});
