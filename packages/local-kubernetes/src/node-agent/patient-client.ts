// A client that waits out an API server which is away: pods run on meanwhile, and what was to be written is written
// when it is back.

import type { KubernetesClient } from '../client/kubernetes-client.ts';
import { StatusError } from '../client/status-error.ts';

const firstDelayMs = 100;
const longestDelayMs = 5000;

export interface PatientClient extends KubernetesClient {
  /** From now on a call that fails has failed. */
  loseHeart(): void;
}

/** @param log hears once that the server is away, and once that it is back */
export function patientClient(client: KubernetesClient, log: (text: string) => void): PatientClient {
  const losing = new AbortController();
  let isAway = false;
  async function insist<T>(call: () => Promise<T>): Promise<T> {
    for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 2, longestDelayMs)) {
      try {
        const answer = await call();
        if (isAway) log('the API server answers again');
        isAway = false;
        return answer;
      } catch (error) {
        if (losing.signal.aborted || !isPassing(error)) throw error;
        if (!isAway) log(`the API server is away, pods run on: ${(error as Error).message}`);
        isAway = true;
        await pause(delayMs, losing.signal);
      }
    }
  }
  return {
    get: (ref) => insist(() => client.get(ref)),
    list: (collection, options) => insist(() => client.list(collection, options)),
    create: (ref, object, options) => insist(() => client.create(ref, object, options)),
    update: (ref, object, options) => insist(() => client.update(ref, object, options)),
    patch: (ref, patch, type, options) => insist(() => client.patch(ref, patch, type, options)),
    delete: (ref, options) => insist(() => client.delete(ref, options)),
    watch: (collection, options) => client.watch(collection, options),
    loseHeart: () => losing.abort(),
  };
}

/** No answer at all, or one that says that a later question may be answered. */
function isPassing(error: unknown): boolean {
  return !(error instanceof StatusError) || error.code === 429 || error.code >= 500;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
