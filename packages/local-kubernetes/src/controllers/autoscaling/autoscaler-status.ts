/**
 * What a HorizontalPodAutoscaler does on a cluster without a metrics API, and what its status then says. Pure.
 * Facts: k8s.io/kubernetes pkg/controller/podautoscaler/horizontal.go.
 */
import { isDeepStrictEqual } from 'node:util';
import type { AutoscalerCondition, AutoscalerSpec, AutoscalerStatus } from './autoscaler-types.ts';

/** What the bounds ask of a target with this many replicas. */
export type Verdict =
  | { readonly kind: 'disabled' }
  | { readonly kind: 'rescale'; readonly replicas: number; readonly reason: string }
  /** Within the bounds: the metrics would say. */
  | { readonly kind: 'by metrics' };

export function verdictOf({ minReplicas = 1, maxReplicas }: AutoscalerSpec, replicas: number): Verdict {
  if (replicas === 0 && minReplicas !== 0) return { kind: 'disabled' };
  const above = { replicas: maxReplicas, reason: 'Current number of replicas above Spec.MaxReplicas' };
  const below = { replicas: minReplicas, reason: 'Current number of replicas below Spec.MinReplicas' };
  if (replicas > maxReplicas) return { kind: 'rescale', ...above };
  if (replicas < minReplicas) return { kind: 'rescale', ...below };
  return { kind: 'by metrics' };
}

type Said = Pick<AutoscalerCondition, 'type' | 'status' | 'reason' | 'message'>;

const ableToScale = (status: 'True' | 'False', reason: string, message: string): Said => ({
  type: 'AbleToScale',
  status,
  reason,
  message,
});

export const scaleSeen = ableToScale(
  'True',
  'SucceededGetScale',
  "the HPA controller was able to get the target's current scale",
);

export const scaleNotSeen = (why: string): Said =>
  ableToScale('False', 'FailedGetScale', `the HPA controller was unable to get the target's current scale: ${why}`);

export const rescaled = (replicas: number): Said =>
  ableToScale('True', 'SucceededRescale', `the HPA controller was able to update the target scale to ${replicas}`);

export const notRescaled = (why: string): Said =>
  ableToScale('False', 'FailedUpdateScale', `the HPA controller was unable to update the target scale: ${why}`);

/** Nothing is scaled by metrics, and why. */
export const inactive = (reason: string, message: string): Said => ({
  type: 'ScalingActive',
  status: 'False',
  reason,
  message,
});

export const scalingDisabled = inactive(
  'ScalingDisabled',
  'scaling is disabled since the replica count of the target is zero',
);

/** The status with conditions said anew; the time of one changes when its status does. */
export function withConditions(status: AutoscalerStatus, said: readonly Said[], now: Date): AutoscalerStatus {
  const conditions = [...(status.conditions ?? [])];
  for (const each of said) {
    const at = conditions.findIndex(({ type }) => type === each.type);
    const known = conditions[at];
    const time = known?.status === each.status ? known.lastTransitionTime : timeText(now);
    conditions[at < 0 ? conditions.length : at] = { ...each, lastTransitionTime: time };
  }
  return { ...status, conditions };
}

/** The status with the numbers of this look; a generation is not among what it says. */
export function withReplicas(
  { lastScaleTime, conditions }: AutoscalerStatus,
  {
    current,
    desired,
    metrics,
    scaledAt,
  }: { current: number; desired: number; metrics?: readonly object[] | undefined; scaledAt?: Date },
): AutoscalerStatus {
  const time = scaledAt ? timeText(scaledAt) : lastScaleTime;
  return {
    ...(time === undefined ? {} : { lastScaleTime: time }),
    ...(current === 0 ? {} : { currentReplicas: current }),
    desiredReplicas: desired,
    currentMetrics: metrics ?? null,
    ...(conditions ? { conditions } : {}),
  };
}

/** Whether two statuses say the same: what is empty and what is not there are one. */
export function isSameStatus(one: AutoscalerStatus, other: AutoscalerStatus): boolean {
  const said = ({
    currentReplicas = 0,
    desiredReplicas = 0,
    currentMetrics,
    conditions,
    ...rest
  }: AutoscalerStatus) => ({
    ...rest,
    currentReplicas,
    desiredReplicas,
    currentMetrics: currentMetrics ?? [],
    conditions: conditions ?? [],
  });
  return isDeepStrictEqual(said(one), said(other));
}

function timeText(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
