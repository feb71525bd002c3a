/** Waits until Flux itself says that as many brokers are up as were asked for. */
import type { Cluster, ClusterName } from '../cluster/cluster.ts';
import { onlineBrokers } from './ask-flux.ts';
import { brokerState, brokers } from './broker-state.ts';

const pollMs = 150;

interface WaitOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Whether the status may be from before the operator started: then Flux in the lead pod has to say so as well. */
  readonly maybeOutdated?: boolean;
}

/** The brokers did not come up in time. */
export class NotUpError extends Error {}

/**
 * Resolves when `size` brokers are up and none more, the operator has denied the size, or no broker is to come.
 * @throws the reason of `signal`
 * @throws {NotUpError} when that has not come about within `timeoutMs`, with what was seen last
 */
export async function waitForBrokers(
  cluster: Cluster,
  target: ClusterName,
  size: number,
  waitingFor: (text: string) => void,
  { timeoutMs = 180_000, signal, maybeOutdated = false }: WaitOptions = {},
): Promise<{ denied?: string; ended?: string }> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    const state = brokerState(await cluster.miniCluster(target), size);
    if (state.denied) return { denied: state.denied };
    if (state.ended) return { ended: state.text };
    if (state.reached && (!maybeOutdated || (await onlineBrokers(cluster, target)) === size)) return {};
    if (Date.now() > deadline) {
      throw new NotUpError(
        `${target.namespace}/${target.name}: not ${brokers(size)} up after ${timeoutMs / 1000} s: ${state.text}`,
      );
    }
    waitingFor(state.text);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
