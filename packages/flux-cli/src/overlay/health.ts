/** What brokers say of the state of their subtrees. */
import { type Flux, FluxError } from '@ebb/flux-client';

export interface ChildHealth {
  readonly rank: number;
  readonly status: string;
  /** Seconds since it is so. */
  readonly duration: number;
  readonly error?: string;
}

export interface Health extends ChildHealth {
  readonly children: readonly ChildHealth[];
}

/**
 * @param timeoutMs undefined: no limit
 * @param wait answers only when the status is this one
 * @throws FluxError also when the time is up
 */
export async function fetchHealth(
  flux: Flux,
  rank: number,
  timeoutMs: number | undefined,
  wait?: string,
): Promise<Health> {
  const options = { nodeid: rank, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  if (wait === undefined) return flux.rpc<Health>('overlay.health', undefined, options);
  for await (const health of flux.stream<Health>('overlay.health', undefined, options)) {
    if (health.status === wait) return health;
  }
  throw new FluxError('ENODATA');
}
