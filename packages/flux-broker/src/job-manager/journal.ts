// `job-manager.events-journal`: every event of every job as it happens, with the past first where it is asked for.
// job-list lives on it.
import { FluxError, type Request } from '@ebb/flux-client';
import type { EventlogEntry } from '@ebb/flux-formats';
import { Watchers } from '../services/watchers.ts';
import type { Job } from './job.ts';

interface Filter {
  readonly allow?: Readonly<Record<string, unknown>>;
  readonly deny?: Readonly<Record<string, unknown>>;
}

export class Journal {
  readonly #listeners = new Watchers<Filter>();

  get size(): number {
    return this.#listeners.size;
  }

  /** @throws FluxError EPROTO, EINVAL for a request that is no stream or whose filters are no objects */
  listen(request: Request, jobs: Iterable<Job>): void {
    if (!request.isStreaming) throw new FluxError('EPROTO', 'job-manager.events requires streaming RPC flag');
    const { full = false, allow, deny } = request.raw ? request.json<Filter & { full?: boolean }>() : {};
    if ([allow, deny].some((filter) => filter !== undefined && !isObject(filter))) {
      throw new FluxError('EPROTO', 'job-manager.events allow and deny should be objects');
    }
    const filter = { ...(allow ? { allow } : {}), ...(deny ? { deny } : {}) };
    for (const job of jobs) {
      if (!full && !job.isActive) continue;
      const events = job.events.filter((entry) => passes(filter, entry));
      if (events.length === 0) continue;
      const more = { ...(job.jobspec ? { jobspec: job.jobspec } : {}), ...(job.R ? { R: job.R } : {}) };
      request.respond({ id: job.id, events, ...more });
    }
    request.respond({ id: -1, events: [] });
    this.#listeners.add(request, filter);
  }

  tell(job: Job, entry: EventlogEntry): void {
    for (const [request, filter] of this.#listeners) {
      if (!passes(filter, entry)) continue;
      const more =
        entry.name === 'submit' && job.jobspec
          ? { jobspec: job.jobspec }
          : entry.name === 'alloc' && job.R
            ? { R: job.R }
            : {};
      request.respond({ id: job.id, events: [entry], ...more });
    }
  }

  cancel(request: Request): void {
    this.#listeners.cancel(request, 'ENODATA');
  }

  disconnect(request: Request): void {
    this.#listeners.disconnect(request);
  }

  stop(): void {
    this.#listeners.end('ENODATA');
  }
}

function passes({ allow, deny }: Filter, { name }: EventlogEntry): boolean {
  return (!allow || name in allow) && !(deny && name in deny);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
