import { describe, expect, it } from 'vitest';
import {
  inactive,
  isSameStatus,
  notRescaled,
  rescaled,
  scaleSeen,
  type Verdict,
  verdictOf,
  withConditions,
  withReplicas,
} from './autoscaler-status.ts';

const now = new Date('2026-01-01T00:05:00.700Z');
const later = new Date('2026-01-01T00:06:00Z');
const scaleTargetRef = { kind: 'Ship', name: 'argo' };

describe('what the bounds ask for', () => {
  it.each<[what: string, least: number | undefined, most: number, replicas: number, verdict: Verdict]>([
    ['nothing runs', 1, 5, 0, { kind: 'disabled' }],
    ['nothing runs, and the least is not said', undefined, 5, 0, { kind: 'disabled' }],
    ['nothing need run', 0, 5, 0, { kind: 'by metrics' }],
    ['too few', 3, 5, 2, { kind: 'rescale', replicas: 3, reason: 'Current number of replicas below Spec.MinReplicas' }],
    [
      'too many',
      3,
      5,
      6,
      { kind: 'rescale', replicas: 5, reason: 'Current number of replicas above Spec.MaxReplicas' },
    ],
    ['the least', 3, 5, 3, { kind: 'by metrics' }],
    ['the most', 3, 5, 5, { kind: 'by metrics' }],
  ])('%s', (_, minReplicas, maxReplicas, replicas, verdict) => {
    const spec = { scaleTargetRef, maxReplicas, ...(minReplicas === undefined ? {} : { minReplicas }) };
    expect(verdictOf(spec, replicas)).toEqual(verdict);
  });
});

describe('the status', () => {
  it('keeps the time of a condition until its status changes', () => {
    const first = withConditions({}, [scaleSeen, inactive('A', 'a')], now);
    const [able, active] = first.conditions!;
    expect(able).toEqual({ ...scaleSeen, lastTransitionTime: '2026-01-01T00:05:00Z' });
    const second = withConditions(first, [inactive('B', 'b'), rescaled(3)], later);
    expect(second.conditions).toEqual([
      { ...able, ...rescaled(3) },
      { ...active, reason: 'B', message: 'b' },
    ]);
    const third = withConditions(second, [notRescaled('no')], later);
    expect(third.conditions![0]).toEqual({ ...notRescaled('no'), lastTransitionTime: '2026-01-01T00:06:00Z' });
  });

  it('says its numbers anew, without a generation, and remembers when it scaled', () => {
    const scaled = withReplicas(
      { observedGeneration: 3, desiredReplicas: 1 },
      { current: 2, desired: 4, scaledAt: now },
    );
    expect(scaled).toEqual({
      lastScaleTime: '2026-01-01T00:05:00Z',
      currentReplicas: 2,
      desiredReplicas: 4,
      currentMetrics: null,
    });
    const metrics = [{ type: '' }];
    expect(withReplicas(scaled, { current: 0, desired: 0, metrics })).toEqual({
      lastScaleTime: '2026-01-01T00:05:00Z',
      desiredReplicas: 0,
      currentMetrics: metrics,
    });
  });

  it('is not written when only what is empty differs', () => {
    expect(isSameStatus({}, { currentMetrics: null, desiredReplicas: 0, conditions: [] })).toBe(true);
    expect(isSameStatus({ currentReplicas: 1 }, {})).toBe(false);
    expect(isSameStatus({ currentMetrics: [{ type: '' }] }, {})).toBe(false);
    expect(isSameStatus({ lastScaleTime: 'x' }, {})).toBe(false);
  });
});
