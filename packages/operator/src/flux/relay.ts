/** The way to an instance: `flux relay` over pods/exec in the lead broker's container. */
import { connectStream, type Flux, FluxError } from '@ebb/flux-client';
import type { ExecOptions, KubernetesApi } from '../kubernetes/kubernetes-api.ts';

/**
 * From asking for the exec until the relay's first byte; a broker that starts has eight seconds of it. Each time that was
 * too short it doubles: on a busy machine a relay starts slowly, and more slowly yet beside others that were given up.
 */
const connectTimeoutMs = { first: 12_000, most: 60_000 };

export class Relay {
  readonly #api: KubernetesApi;
  readonly target: Omit<ExecOptions, 'signal'>;
  #connectWithinMs = connectTimeoutMs.first;

  constructor(api: KubernetesApi, target: Omit<ExecOptions, 'signal'>) {
    this.#api = api;
    this.target = target;
  }

  /** @throws FluxError ETIMEDOUT when it does not answer in time; what the API server says when it does not let us in */
  async connect(signal: AbortSignal): Promise<Flux> {
    // An upgrade that is never answered, or a relay that never says a byte, is given up and tried again.
    const given = new AbortController();
    const either = AbortSignal.any([signal, given.signal]);
    try {
      return await Promise.race([
        this.#api.exec({ ...this.target, signal: either }).then((stream) => {
          const failed = new Promise<never>((_resolve, reject) => stream.once('error', reject));
          failed.catch(() => {});
          return Promise.race([connectStream(stream), failed]);
        }),
        deadline(this.#connectWithinMs),
      ]);
    } catch (error) {
      given.abort();
      if (error instanceof FluxError && error.code === 'ETIMEDOUT')
        this.#connectWithinMs = Math.min(this.#connectWithinMs * 2, connectTimeoutMs.most);
      throw error;
    }
  }

  /** It has served: the next one need not be given longer. */
  reset(): void {
    this.#connectWithinMs = connectTimeoutMs.first;
  }
}

function deadline(ms: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new FluxError('ETIMEDOUT', 'the relay to the lead broker does not answer')), ms).unref();
  });
}

/** The command that speaks for the broker: its output is the connection, so nothing else may write to it. */
export function relayCommand(mountPath: string, disableSocket: boolean): string[] {
  const socket = `${mountPath}/config/run/flux/${disableSocket ? 'local-0' : 'local'}`;
  // Waiting here for a broker that is only just starting is sooner and cheaper than connecting again and again.
  const wait = `for turn in {1..80}; do [ ! -S ${socket} ] || break; sleep 0.1; done`;
  const environment = `[ ! -r ${mountPath}/flux-view.sh ] || . ${mountPath}/flux-view.sh > /dev/null 2>&1`;
  const script = `${wait}; ${environment}; exec flux relay ${socket}`;
  return ['/bin/bash', '-c', script];
}
