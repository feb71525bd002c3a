/** Waits until Flux itself says that as many brokers are up as were asked for. */
import type { Cluster, ClusterName } from '../cluster/cluster.ts';
import { brokerState } from './broker-state.ts';

const pollMs = 150;

/**
 * Resolves when `size` brokers are up and none more, or the operator has denied the size.
 * @throws the reason of `signal`
 * @throws Error when that has not come about within `timeoutMs`, with what was seen last
 */
export async function waitForBrokers(
  cluster: Cluster,
  target: ClusterName,
  size: number,
  waitingFor: (text: string) => void,
  { timeoutMs = 180_000, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<{ denied?: string }> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    const state = brokerState(await cluster.miniCluster(target), size);
    if (state.denied) return { denied: state.denied };
    if (state.reached) return {};
    if (Date.now() > deadline) {
      throw new Error(
        `${target.namespace}/${target.name}: not ${size} brokers up after ${timeoutMs / 1000} s: ${state.text}`,
      );
    }
    waitingFor(state.text);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
