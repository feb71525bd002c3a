/**
 * Leader election by a Lease (coordination.k8s.io/v1), and the fence that keeps a leader that was stopped for a while from
 * writing late: nothing is written unless the lease was renewed within its time, by a clock that does not jump.
 */
import { performance } from 'node:perf_hooks';
import type { KubernetesObject } from '@ebb/minicluster';
import { ApiError } from '../kubernetes/api-error.ts';
import { sleep } from '../kubernetes/informer.ts';
import type { KubernetesApi } from '../kubernetes/kubernetes-api.ts';
import { leases } from '../kubernetes/resources.ts';

export interface LeaseLockOptions {
  api: KubernetesApi;
  namespace: string;
  name: string;
  /** Who we are; must differ from every other process. */
  identity: string;
  /** How long a lease holds after a renewal. */
  durationMs?: number;
  onStarted: () => void;
  onStopped: () => void;
  onError: (error: Error) => void;
  /** Milliseconds of a clock that never goes back. */
  clock?: () => number;
}

interface LeaseSpec {
  holderIdentity?: string;
  leaseDurationSeconds?: number;
  acquireTime?: string;
  renewTime?: string;
  leaseTransitions?: number;
}

/** Refused because this process does not lead (any more). */
export class NotLeaderError extends Error {
  override readonly name = 'NotLeaderError';
}

export class LeaseLock {
  readonly #options: Required<LeaseLockOptions>;
  readonly #stop = new AbortController();
  /** Until when the lease surely holds, by the clock. */
  #heldUntil = Number.NEGATIVE_INFINITY;
  #isLeading = false;
  /** The lease as our last write left it: the next renewal needs no look at it. */
  #written: KubernetesObject | undefined;
  /** What another holder's lease looked like, and since when by our clock: clocks of machines are never compared. */
  #seen: { version: string; at: number } | undefined;
  #running: Promise<void> | undefined;

  constructor(options: LeaseLockOptions) {
    this.#options = { durationMs: 15_000, clock: () => performance.now(), ...options };
  }

  get isLeading(): boolean {
    return this.#isLeading && this.#options.clock() < this.#heldUntil;
  }

  /** @throws NotLeaderError unless the lease surely holds now */
  fence(): void {
    if (!this.isLeading) throw new NotLeaderError('this operator does not lead, or its lease has run out');
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Stops and gives the lease back, so that another one need not wait. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    if (this.isLeading) await this.#release().catch(this.#options.onError);
    this.#setLeading(false);
  }

  async #run(): Promise<void> {
    const { durationMs, onError } = this.#options;
    while (!this.#stop.signal.aborted) {
      try {
        await this.#tryOnce();
      } catch (error) {
        onError(error as Error);
      }
      if (!this.isLeading) this.#setLeading(false);
      // A candidate looks more often than a leader renews, so that it takes over soon after the lease has run out.
      await sleep(this.#isLeading ? durationMs / 5 : Math.min(2000, durationMs / 8), this.#stop.signal);
    }
  }

  async #tryOnce(): Promise<void> {
    const { api, namespace, name, identity, durationMs, clock } = this.#options;
    const began = clock();
    const written = this.#written;
    this.#written = undefined;
    const found = written ?? (await api.get(leases, namespace, name).catch(noneWhereNotFound));
    const spec = (found?.['spec'] ?? {}) as LeaseSpec;
    const isOurs = spec.holderIdentity === identity;
    if (found && !isOurs && spec.holderIdentity && !this.#hasRunOut(found, spec)) return;
    const now = `${new Date().toISOString().slice(0, -1)}000Z`;
    const wanted: KubernetesObject = {
      apiVersion: leases.apiVersion,
      kind: leases.kind,
      metadata: { ...(found?.metadata ?? { name, namespace }) },
      spec: {
        holderIdentity: identity,
        leaseDurationSeconds: Math.ceil(durationMs / 1000),
        acquireTime: isOurs ? spec.acquireTime : now,
        renewTime: now,
        leaseTransitions: isOurs ? (spec.leaseTransitions ?? 0) : (spec.leaseTransitions ?? 0) + (found ? 1 : 0),
      },
    };
    try {
      this.#written = await (found ? api.update(wanted) : api.create(wanted));
    } catch (error) {
      // Somebody else has written to it, or taken it away.
      if (written && error instanceof ApiError && (error.isConflict || error.isNotFound)) return this.#tryOnce();
      throw error;
    }
    // Counted from before the request: the server's time for it is not known.
    this.#heldUntil = began + durationMs * 0.8;
    this.#setLeading(true);
  }

  /** A lease that was not renewed for its duration, as long as we have been watching it. */
  #hasRunOut(found: KubernetesObject, spec: LeaseSpec): boolean {
    const version = found.metadata.resourceVersion ?? '';
    const now = this.#options.clock();
    if (this.#seen?.version !== version) {
      this.#seen = { version, at: now };
      return false;
    }
    return now - this.#seen.at > (spec.leaseDurationSeconds ?? 15) * 1000;
  }

  async #release(): Promise<void> {
    const { api, namespace, name, identity } = this.#options;
    const found = await api.get(leases, namespace, name);
    const spec = found['spec'] as LeaseSpec;
    if (spec.holderIdentity !== identity) return;
    await api.update({ ...found, spec: { ...spec, holderIdentity: '', leaseDurationSeconds: 1 } });
  }

  #setLeading(isLeading: boolean): void {
    if (isLeading === this.#isLeading) return;
    this.#isLeading = isLeading;
    if (isLeading) this.#options.onStarted();
    else this.#options.onStopped();
  }
}

function noneWhereNotFound(error: unknown): undefined {
  if (!(error instanceof ApiError) || !error.isNotFound) throw error;
}
