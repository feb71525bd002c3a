/** The scaling decision: what to do about a size that is asked for. */

export interface ScaleInput {
  /** spec.size. */
  requested: number;
  /** What the Job is set to. */
  current: number;
  /** The largest size that is accepted. */
  maximum: number;
  /** Hosts that are registered with Flux. */
  capacity: number;
}

export type ScaleDecision =
  | { kind: 'none' }
  | { kind: 'grow'; from: number; to: number }
  | { kind: 'shrink'; from: number; to: number; leaving: { first: number; last: number } }
  | { kind: 'denied'; from: number; to: number; reason: 'AboveMaximum' | 'BelowOne'; message: string };

/**
 * Accepts every size from 1 to the maximum, also below the first size. An elastic Indexed Job removes its highest
 * indexes, so these are the ranks that leave.
 */
export function decideScale({ requested, current, maximum, capacity }: ScaleInput): ScaleDecision {
  if (requested === current) return { kind: 'none' };
  if (!Number.isInteger(requested) || requested < 1) {
    return {
      kind: 'denied',
      from: current,
      to: requested,
      reason: 'BelowOne',
      message: `size ${requested} is below 1; still ${current}`,
    };
  }
  if (requested > maximum) {
    const remedy =
      maximum < capacity
        ? `raise spec.maxSize (up to ${capacity}) first`
        : `only ${maximum} brokers are registered with Flux; set spec.maxSize or spec.scaling.capacity when you make a MiniCluster that is to grow further`;
    return {
      kind: 'denied',
      from: current,
      to: requested,
      reason: 'AboveMaximum',
      message: `size ${requested} is above the maximum of ${maximum}; still ${current}: ${remedy}`,
    };
  }
  if (requested > current) return { kind: 'grow', from: current, to: requested };
  return { kind: 'shrink', from: current, to: requested, leaving: { first: requested, last: current - 1 } };
}
