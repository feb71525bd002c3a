// How long a container that ended waits for its next run: not at all, then 10 s, twice as long each time, 5 min at most.
// One that ran for ten minutes begins anew.

import type { Pod } from '../pod-types.ts';

const firstMs = 10_000;
const longestMs = 300_000;
const resetMs = 600_000;

export class RestartBackoff {
  #nextMs = 0;

  /** @returns milliseconds until the next run */
  next(): number {
    const waitMs = this.#nextMs;
    this.#nextMs = waitMs === 0 ? firstMs : Math.min(waitMs * 2, longestMs);
    return waitMs;
  }

  /** It ran for so long. */
  ran(forMs: number): void {
    if (forMs > resetMs) this.#nextMs = 0;
  }
}

/** What kubelet says of the wait: in its event, and in the container's state. */
export function backoffWords({ metadata }: Pod, container: string, waitMs: number): { event: string; waiting: string } {
  const pod = `${metadata.name}_${metadata.namespace}(${metadata.uid})`;
  return {
    event: `Back-off restarting failed container ${container} in pod ${pod}`,
    waiting: `back-off ${waitMs / 1000}s restarting failed container=${container} pod=${pod}`,
  };
}
