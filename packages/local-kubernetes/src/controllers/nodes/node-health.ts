// What a control plane makes of a node's heartbeats, as the node lifecycle controller of Kubernetes does: conditions
// that nobody confirms become Unknown, taints follow the conditions, pods that do not tolerate them go. Pure.

import type { Pod } from '../../node-agent/pod-types.ts';

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
  readonly timeAdded?: string;
}

export interface NodeCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastHeartbeatTime?: string;
  readonly lastTransitionTime?: string;
}

const unreachable = 'node.kubernetes.io/unreachable';
const notReady = 'node.kubernetes.io/not-ready';
/** Conditions other than Ready that keep new pods away while they are true. */
const pressures: Readonly<Record<string, string>> = {
  MemoryPressure: 'node.kubernetes.io/memory-pressure',
  DiskPressure: 'node.kubernetes.io/disk-pressure',
  PIDPressure: 'node.kubernetes.io/pid-pressure',
  NetworkUnavailable: 'node.kubernetes.io/network-unavailable',
};
/** Of a node that was cordoned. */
const unschedulable = 'node.kubernetes.io/unschedulable';
const confirmed = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];
const managed = new Set([unreachable, notReady, unschedulable, ...Object.values(pressures)]);

/** The conditions of a node nobody has heard of for the grace period; the same array when nothing is new. */
export function silentConditions(conditions: readonly NodeCondition[], now: string): readonly NodeCondition[] {
  const isTold = confirmed.every((type) => conditions.some((each) => each.type === type && each.status === 'Unknown'));
  if (isTold) return conditions;
  const silent = confirmed.map((type): NodeCondition => {
    const known = conditions.find((each) => each.type === type);
    if (known?.status === 'Unknown') return known;
    const { lastHeartbeatTime } = known ?? {};
    return {
      type,
      status: 'Unknown',
      reason: known ? 'NodeStatusUnknown' : 'NodeStatusNeverUpdated',
      message: known ? 'Kubelet stopped posting node status.' : 'Kubelet never posted node status.',
      ...(lastHeartbeatTime ? { lastHeartbeatTime } : {}),
      lastTransitionTime: now,
    };
  });
  return [...conditions.filter(({ type }) => !confirmed.includes(type)), ...silent];
}

/**
 * The taints a node is to have; the same array when it has them. A node that never told anything gets none.
 * @param mayEvict false when no node is heard of: then it is more likely the network than all of them
 */
export function taintsFor(
  node: {
    spec?: { taints?: readonly Taint[]; unschedulable?: boolean };
    status?: { conditions?: readonly NodeCondition[] };
  },
  now: string,
  mayEvict: boolean,
): readonly Taint[] {
  const present = node.spec?.taints ?? [];
  const conditions = node.status?.conditions ?? [];
  const ready = conditions.find(({ type }) => type === 'Ready')?.status;
  const why = ready === undefined || ready === 'True' ? undefined : ready === 'Unknown' ? unreachable : notReady;
  const wanted = [
    ...(why ? ['NoSchedule', ...(mayEvict ? ['NoExecute'] : [])].map((effect) => ({ key: why, effect })) : []),
    ...conditions
      .filter(({ type, status }) => status === 'True' && pressures[type])
      .map(({ type }) => ({ key: pressures[type]!, effect: 'NoSchedule' })),
    ...(node.spec?.unschedulable ? [{ key: unschedulable, effect: 'NoSchedule' }] : []),
  ];
  const isSame = (a: Taint, b: Taint) => a.key === b.key && a.effect === b.effect;
  const kept = present.filter((taint) => !managed.has(taint.key) || wanted.some((each) => isSame(each, taint)));
  const added = wanted.filter((taint) => !present.some((each) => isSame(each, taint)));
  if (added.length === 0 && kept.length === present.length) return present;
  return [...kept, ...added.map((taint) => ({ ...taint, timeAdded: now }))];
}

/**
 * When a pod has to leave a node for its NoExecute taints.
 * @returns milliseconds since the epoch, 0 for at once; undefined when it may stay
 */
export function evictionTime(pod: Pod, taints: readonly Taint[], now: number): number | undefined {
  const times = taints
    .filter(({ effect }) => effect === 'NoExecute')
    .map((taint) => {
      const tolerations: readonly Toleration[] = pod.spec.tolerations ?? [];
      const matching = tolerations.filter((toleration) => tolerates(toleration, taint));
      if (matching.length === 0) return 0;
      const seconds = matching.map(({ tolerationSeconds }) => tolerationSeconds).filter((each) => each !== undefined);
      if (seconds.length === 0) return undefined;
      const since = taint.timeAdded ? Date.parse(taint.timeAdded) : now;
      return since + Math.max(0, Math.min(...seconds)) * 1000;
    })
    .filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

function tolerates({ key, operator = 'Equal', value = '', effect }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false;
  if (!key) return operator === 'Exists';
  return key === taint.key && (operator === 'Exists' || value === (taint.value ?? ''));
}
