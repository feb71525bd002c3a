/**
 * What a PodDisruptionBudget allows at this moment. Pure.
 * Facts: k8s.io/kubernetes pkg/controller/disruption/disruption.go, component-helpers/apps/poddisruptionbudget.
 */
import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { isPodReady } from '../../kinds/pod-readiness.ts';
import type { Pod } from '../../node-agent/pod-types.ts';

export interface BudgetSpec {
  readonly minAvailable?: number | string;
  readonly maxUnavailable?: number | string;
  readonly selector?: object;
}

interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime: string;
}

export interface BudgetStatus {
  readonly observedGeneration?: number;
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly expectedPods: number;
  /** Pods that were evicted and may not show it yet, with the time of it. */
  readonly disruptedPods?: Readonly<Record<string, string>>;
  readonly conditions?: readonly Condition[];
}

/** After as long an evicted pod that is still there counts again. */
export const deletionTimeoutMs = 2 * 60_000;

const isPercentage = (value: number | string | undefined) => typeof value === 'string';

/** Whether the status depends on how many pods their controllers want, not on how many there are. */
export function needsScale({ minAvailable, maxUnavailable }: BudgetSpec): boolean {
  return maxUnavailable !== undefined || isPercentage(minAvailable);
}

/**
 * The status of a budget whose pods these are.
 * @param scale how many pods their controllers want together, where `needsScale`
 */
export function budgetStatus(
  budget: KubernetesObject,
  pods: readonly Pod[],
  scale: number,
  now: Date,
): BudgetStatus & { readonly conditions: readonly Condition[] } {
  const spec = (budget['spec'] ?? {}) as BudgetSpec;
  const before = (budget['status'] ?? {}) as Partial<BudgetStatus>;
  const expectedPods = needsScale(spec) ? scale : spec.minAvailable === undefined ? 0 : pods.length;
  const desiredHealthy =
    spec.maxUnavailable === undefined
      ? shareOf(spec.minAvailable ?? 0, expectedPods)
      : Math.max(0, expectedPods - shareOf(spec.maxUnavailable, expectedPods));
  const staying = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const disrupted = Object.entries(before.disruptedPods ?? {}).filter(
    ([name, time]) =>
      Date.parse(time) + deletionTimeoutMs > now.getTime() && staying.some(({ metadata }) => metadata.name === name),
  );
  const leaving = new Set(disrupted.map(([name]) => name));
  const currentHealthy = staying.filter((pod) => !leaving.has(pod.metadata.name!) && isPodReady(pod)).length;
  // While no pod is seen none may go: the first may be there already.
  const disruptionsAllowed = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0;
  const allowed = disruptionsAllowed > 0;
  const { generation } = budget.metadata;
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...(disrupted.length > 0 ? { disruptedPods: Object.fromEntries(disrupted) } : {}),
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods,
    conditions: withCondition(before, {
      status: allowed ? 'True' : 'False',
      reason: allowed ? 'SufficientPods' : 'InsufficientPods',
      message: '',
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      now,
    }),
  };
}

/** The status of a budget that cannot be reckoned: nothing may go. */
export function failedStatus(budget: KubernetesObject, why: string, now: Date): Partial<BudgetStatus> {
  const before = (budget['status'] ?? {}) as Partial<BudgetStatus>;
  const { observedGeneration } = before;
  const condition = { status: 'False' as const, reason: 'SyncFailed', message: why, now };
  return {
    ...before,
    disruptionsAllowed: 0,
    conditions: withCondition(before, {
      ...condition,
      ...(observedGeneration === undefined ? {} : { observedGeneration }),
    }),
  };
}

function withCondition(
  { conditions = [] }: Partial<BudgetStatus>,
  { now, ...said }: Omit<Condition, 'type' | 'lastTransitionTime'> & { readonly now: Date },
): readonly Condition[] {
  const type = 'DisruptionAllowed';
  const before = conditions.find((each) => each.type === type);
  const time = before?.status === said.status ? before.lastTransitionTime : `${now.toISOString().slice(0, 19)}Z`;
  const next = { type, ...said, lastTransitionTime: time };
  return before ? conditions.map((each) => (each.type === type ? next : each)) : [...conditions, next];
}

/** A number, or a percentage of all, rounded up. */
function shareOf(value: number | string, all: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) * all) / 100);
}
