import { describe, expect, it } from 'vitest';
import type { Pod } from '../../node-agent/pod-types.ts';
import { evictionTime, silentConditions, type Taint, taintsFor } from './node-health.ts';

const now = '2026-01-01T00:00:00Z';
const ready = (status: string) => ({ type: 'Ready', status });

describe('the health of a node', () => {
  it('becomes unknown as a whole, and once', () => {
    const silent = silentConditions([ready('True'), { type: 'Own', status: 'True' }], now);
    expect(silent.filter(({ status }) => status === 'Unknown')).toHaveLength(4);
    expect(silent.find(({ type }) => type === 'Own')?.status).toBe('True');
    expect(silent.find(({ type }) => type === 'DiskPressure')?.reason).toBe('NodeStatusNeverUpdated');
    expect(silentConditions(silent, 'later')).toBe(silent);
  });

  it.each([
    ['True', true, []],
    ['False', true, ['not-ready:NoSchedule', 'not-ready:NoExecute']],
    ['Unknown', true, ['unreachable:NoSchedule', 'unreachable:NoExecute']],
    ['Unknown', false, ['unreachable:NoSchedule']],
  ])('ready %s, eviction %s: %j', (status, mayEvict, wanted) => {
    const own: Taint = { key: 'gpu', effect: 'NoSchedule' };
    const stale: Taint = { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' };
    const node = { spec: { taints: [own, stale] }, status: { conditions: [ready(status)] } };
    const taints = taintsFor(node, now, mayEvict);
    const names = taints.map(({ key, effect }) => `${key.replace('node.kubernetes.io/', '')}:${effect}`);
    expect(names).toEqual(['gpu:NoSchedule', ...wanted]);
    expect(taintsFor({ ...node, spec: { taints } }, 'later', mayEvict)).toBe(taints);
  });

  it('gives each pod the time it asks for', () => {
    const taint: Taint = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', timeAdded: now };
    const at = (tolerations: object[]) =>
      evictionTime({ spec: { tolerations } } as unknown as Pod, [taint, { key: 'x', effect: 'NoSchedule' }], 0);
    const { key } = taint;
    expect(at([])).toBe(0);
    expect(at([{ operator: 'Exists' }])).toBeUndefined();
    expect(at([{ key, operator: 'Exists', effect: 'NoSchedule' }])).toBe(0);
    expect(at([{ key, operator: 'Exists', tolerationSeconds: 5 }])).toBe(Date.parse(now) + 5000);
    expect(at([{ key, operator: 'Exists', tolerationSeconds: -1 }])).toBe(Date.parse(now));
  });
});
