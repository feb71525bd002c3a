// Forgetting jobs that are over: by age, by number, one by one (`flux job purge`; [job-manager] inactive-age-limit and
// inactive-num-limit).
import { FluxError, type Request } from '@ebb/flux-client';
import { parseDuration, printFluid, toFluid } from '@ebb/flux-formats';
import { type ConfigObject, LogLevel } from '../module.ts';
import type { Job } from './job.ts';
import type { JobManager } from './manager.ts';

const unlimited = -1;
const largestBatch = 1000;
const periodMs = 2000;

interface Limits {
  /** Seconds since the job's end. */
  readonly age: number;
  /** So many inactive jobs stay. */
  readonly count: number;
}

export class Purge {
  readonly #manager: JobManager;
  readonly #checkpoint: () => object;
  #limits: Limits = { age: unlimited, count: unlimited };

  /** @param checkpoint the operation that keeps the largest id, which may be one that is forgotten */
  constructor(manager: JobManager, checkpoint: () => object) {
    this.#manager = manager;
    this.#checkpoint = checkpoint;
  }

  /** @throws FluxError EINVAL for limits in the configuration that are none */
  serve(): void {
    const { context } = this.#manager;
    const { flux, clock } = context;
    this.#limits = configuredLimits(context.config());
    context.onConfig((changed) => {
      this.#limits = configuredLimits(changed);
    });
    flux.handle('job-manager.purge', (request) => this.#purgeMany(request));
    flux.handle('job-manager.purge-id', (request) => this.#purgeOne(request));
    clock.every(periodMs, () => {
      this.#forget(this.#eligible(this.#limits).slice(0, largestBatch)).catch((error: Error) => {
        this.#manager.context.log(LogLevel.err, `purge of inactive jobs: ${error.message}`);
      });
    });
  }

  async #purgeMany(request: Request): Promise<void> {
    const { age_limit: age, num_limit: count, batch, force } = request.json();
    if (typeof age !== 'number' || typeof count !== 'number' || typeof batch !== 'number')
      throw new FluxError('EPROTO');
    if (age !== unlimited && age < 0) throw new FluxError('EINVAL', 'if set, age limit must be >= 0');
    if (count !== unlimited && count < 0) throw new FluxError('EINVAL', 'if set, num limit must be >= 0');
    if (batch < 1 || batch > largestBatch) {
      throw new FluxError('EINVAL', `batch must be >= 1 and <= ${largestBatch}`);
    }
    const eligible = this.#eligible({ age, count });
    if (force !== true) {
      request.respond({ count: eligible.length });
      return;
    }
    const purged = eligible.slice(0, batch);
    await this.#forget(purged);
    request.respond({ count: purged.length });
  }

  async #purgeOne(request: Request): Promise<void> {
    const { id, force } = request.json();
    const job = this.#manager.jobs.get(toFluid(id));
    if (!job) throw new FluxError('ENOENT', 'unknown job id');
    if (job.isActive) throw new FluxError('EINVAL', 'cannot purge active job');
    if (force) await this.#forget([job]);
    request.respond({ count: 1 });
  }

  /** Those beyond a limit, the first to end first. */
  #eligible({ age, count }: Limits): Job[] {
    if (age === unlimited && count === unlimited) return [];
    const now = this.#manager.now();
    const inactive = [...this.#manager.jobs.values()].filter(({ isActive }) => !isActive);
    inactive.sort((a, b) => endOf(a) - endOf(b));
    return inactive.filter((job, index) => {
      const isOld = age !== unlimited && now - endOf(job) > age;
      return isOld || (count !== unlimited && inactive.length - index > count);
    });
  }

  async #forget(jobs: readonly Job[]): Promise<void> {
    if (jobs.length === 0) return;
    const { flux } = this.#manager.context;
    await this.#manager.writer.written();
    const gone = jobs.map(({ id }) => ({ key: printFluid(id, 'kvs'), flags: 0, dirent: null }));
    const ops = [...gone, this.#checkpoint()];
    await flux.rpc('kvs.commit', { namespace: 'primary', flags: 0, ops, rootref: false });
    for (const job of jobs) this.#manager.forget(job);
    await flux.publish('job-purge-inactive', { jobs: jobs.map(({ id }) => id) });
  }
}

function endOf({ events }: Job): number {
  return events.at(-1)?.timestamp ?? 0;
}

function configuredLimits(config: ConfigObject): Limits {
  const table = (config['job-manager'] ?? {}) as Record<string, unknown>;
  const { 'inactive-age-limit': age, 'inactive-num-limit': count } = table;
  if (age !== undefined && typeof age !== 'string') {
    throw new FluxError('EINVAL', 'job-manager.inactive-age-limit must be a duration');
  }
  if (count !== undefined && (!Number.isInteger(count) || (count as number) < 0)) {
    throw new FluxError('EINVAL', 'job-manager.inactive-num-limit must be an integer >= 0');
  }
  return { age: age === undefined ? unlimited : parseDuration(age), count: (count as number) ?? unlimited };
}
