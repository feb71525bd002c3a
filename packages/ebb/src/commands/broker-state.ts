/** What a MiniCluster's status says of the brokers, against a size that was asked for. */
import type { KubernetesObject } from '../cluster/kubernetes-object.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration?: number;
}

export interface BrokerState {
  readonly reached: boolean;
  /** No broker is to come: the program has ended, or the MiniCluster is suspended. */
  readonly ended?: boolean;
  /** Why the size was denied. */
  readonly denied?: string;
  /** What there is now, for a person. */
  readonly text: string;
}

/** `1 broker`, `4 brokers`. */
export function brokers(count: number): string {
  return count === 1 ? '1 broker' : `${count} brokers`;
}

export function brokerState(object: KubernetesObject, size: number): BrokerState {
  const spec = (object['spec'] ?? {}) as { size?: number };
  const status = (object['status'] ?? {}) as { size?: number; ranks?: { up?: number }; conditions?: Condition[] };
  const condition = (type: string) => status.conditions?.find((each) => each.type === type && each.status === 'True');
  const denial = condition('ResizeDenied');
  if (denial && spec.size !== size) return { reached: false, denied: denial.message ?? 'denied', text: 'denied' };
  const up = status.ranks?.up;
  const reason = condition('Resizing')?.message ?? condition('Progressing')?.message;
  const finished = condition('Finished');
  if (finished) return { reached: true, ended: true, text: finished.message || 'finished' };
  const suspended = condition('Suspended');
  if (suspended) return { reached: true, ended: true, text: suspended.message || 'suspended' };
  return {
    reached: up === size && status.size === size,
    text: `${up ?? 0} of ${brokers(size)} up${reason ? `: ${reason}` : ''}`,
  };
}
