// The health of a broker and everything below it, one number that travels up the tree (reference: flux-overlay(1)).

export const SubtreeStatus = { unknown: 0, full: 1, partial: 2, degraded: 3, lost: 4, offline: 5 } as const;
export type SubtreeStatus = (typeof SubtreeStatus)[keyof typeof SubtreeStatus];

const names = ['unknown', 'full', 'partial', 'degraded', 'lost', 'offline'] as const;
export type SubtreeStatusName = (typeof names)[number];

export function subtreeStatusName(status: number): SubtreeStatusName {
  return names[status] ?? 'unknown';
}

/** True for a child that takes part: full, partial or degraded. */
export function isOnline(status: number): boolean {
  return status === SubtreeStatus.full || status === SubtreeStatus.partial || status === SubtreeStatus.degraded;
}

/** A broker's own status from how many children have each: degraded when one is degraded or lost, else partial when one
 * is partial or not there, else full. */
export function combineStatus(census: readonly number[]): SubtreeStatus {
  const count = (status: SubtreeStatus) => census[status] ?? 0;
  if (count(SubtreeStatus.degraded) + count(SubtreeStatus.lost) > 0) return SubtreeStatus.degraded;
  const short = count(SubtreeStatus.partial) + count(SubtreeStatus.offline) + count(SubtreeStatus.unknown);
  return short > 0 ? SubtreeStatus.partial : SubtreeStatus.full;
}
