// The module `job-list`: lists jobs by state, user, time and more (RFC 43; `flux jobs`). Rank 0.
import { FluxError, type Request, Role, textPayload } from '@ebb/flux-client';
import { printFluid, toFluid } from '@ebb/flux-formats';
import type { Timer } from '../clock.ts';
import { type BrokerModule, type ConfigObject, LogLevel, type ModuleContext } from '../module.ts';
import { Watchers } from '../services/watchers.ts';
import { attributeNames, jobPrinter } from './attributes.ts';
import { type ConstraintContext, ConstraintError, type JobConstraint, parseJobConstraint } from './constraint.ts';
import type { ListedJob } from './job.ts';
import { JobIndex, type JournalMessage } from './job-index.ts';
import { isReady, JobWaits } from './job-waits.ts';

const everybody = { roles: Role.Owner | Role.User };
const statsDelayMs = 200;
/** So many jobs are printed before others get their turn. */
const jobsAtOnce = 500;
const validStates = 0x7e;

export function create(): BrokerModule {
  return new JobList();
}

class JobList implements BrokerModule {
  readonly name = 'job-list';
  #context!: ModuleContext;
  #index!: JobIndex;
  #isPrivate = false;
  #parents: ReadonlyMap<string, string> = new Map();
  #timer: Timer | undefined;
  #isStopping = false;
  readonly #waits = new JobWaits();
  readonly #watchers = new Watchers();
  #lookups = 0;

  async start(context: ModuleContext): Promise<void> {
    this.#context = context;
    const { flux } = context;
    this.#index = new JobIndex(
      (job) => this.#changed(job),
      (text) => context.log(LogLevel.err, text),
    );
    this.#configure(context.config());
    context.onConfig((config) => this.#configure(config));
    await flux.subscribe('job-purge-inactive', ({ payload }) => this.#purge(payload));
    // No list is right before the journal has told what there is: requests wait for that.
    await this.#follow();
    flux.handle('job-list.list', (request) => this.#list(request), everybody);
    flux.handle('job-list.list-id', (request) => this.#listId(request), everybody);
    flux.handle('job-list.list-attrs', (request) => request.respond({ attrs: [...attributeNames, 'all'] }), everybody);
    flux.handle('job-list.job-stats', (request) => this.#jobStats(request), everybody);
    flux.handle('job-list.stats-get', (request) => this.#stats(request), everybody);
    flux.handle(
      'job-list.disconnect',
      (request) => {
        this.#watchers.disconnect(request);
        this.#waits.disconnect(request);
      },
      everybody,
    );
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#timer?.cancel();
    this.#watchers.end('ENODATA');
  }

  // Resolves when all that is known already has been read; later events follow by themselves.
  #follow(): Promise<void> {
    return new Promise((resolve, reject) => {
      const read = async () => {
        const journal = this.#context.flux.stream<JournalMessage>('job-manager.events-journal', { full: true });
        for await (const message of journal) {
          if (message.id === -1 || message.id === 0xffff_ffff_ffff_ffffn) resolve();
          else this.#index.receive(message);
        }
      };
      read().catch((error: FluxError) => {
        if (!this.#isStopping) this.#context.log(LogLevel.err, `journal: ${error.message}`);
        reject(error);
      });
    });
  }

  #configure(config: ConfigObject): void {
    const { access, queues } = config as {
      access?: { 'private-mode'?: unknown };
      queues?: Record<string, { parent?: string }>;
    };
    const mode = access?.['private-mode'];
    if (mode !== undefined && typeof mode !== 'boolean') {
      throw new FluxError('EINVAL', 'error reading [access] config: private-mode must be true or false');
    }
    this.#isPrivate = mode ?? false;
    for (const name of Object.keys(queues ?? {})) this.#index.counts.addQueue(name);
    this.#parents = new Map(
      Object.entries(queues ?? {}).flatMap(([name, { parent }]) => (parent ? [[name, parent] as const] : [])),
    );
  }

  #changed(job: ListedJob): void {
    this.#waits.changed(job);
    this.#countsChanged();
  }

  #countsChanged(): void {
    if (this.#timer || this.#watchers.size === 0) return;
    this.#timer = this.#context.clock.after(statsDelayMs, () => {
      this.#timer = undefined;
      this.#watchers.respond(this.#index.counts.print());
    });
  }

  #purge(payload: unknown): void {
    const { jobs = [] } = (payload ?? {}) as { jobs?: (number | bigint)[] };
    const count = this.#index.purge(jobs.map(toFluid));
    this.#context.log(LogLevel.debug, `purged ${count} inactive jobs`);
    this.#countsChanged();
  }

  async #list(request: Request): Promise<void> {
    const { max_entries: limit, attrs, since = 0, constraint } = request.json();
    if (!Number.isInteger(limit)) throw invalid('max_entries must be an integer');
    if ((limit as number) < 0) throw invalid('max_entries < 0 not allowed');
    if (typeof since !== 'number') throw invalid('since must be a number');
    if (since < 0) throw invalid('since < 0.0 not allowed');
    if (!Array.isArray(attrs)) throw invalid('attrs must be an array');
    const query = { constraint: this.#constraint(request, constraint), limit: limit as number, since };
    const print = jobPrinter(attrs);
    const jobs = this.#index.select(query);
    if (!request.isStreaming) {
      request.respondRaw(textPayload(`{"jobs":[${jobs.map(print).join(',')}]}`));
      return;
    }
    for (const [index, job] of jobs.entries()) {
      if (index > 0 && index % jobsAtOnce === 0) await new Promise(setImmediate);
      request.respondRaw(textPayload(`{"jobs":[${print(job)}]${index === 0 ? ',"version":1' : ''}}`));
    }
    request.respondError('ENODATA');
  }

  async #listId(request: Request): Promise<void> {
    const { id: number, attrs, state = 0 } = request.json();
    const id = idOf(number);
    if (!Array.isArray(attrs)) throw invalid('attrs must be an array');
    if (typeof state !== 'number' || state & ~validStates) throw invalid('invalid state specified');
    const print = jobPrinter(attrs);
    const answer = (job: ListedJob) => {
      if (this.#mayShow(request, job)) request.respondRaw(textPayload(`{"job":${print(job)}}`));
      else request.respondError('ENOENT');
    };
    if (!this.#index.get(id)) await this.#expectJob(id);
    const job = this.#index.get(id);
    if (job && !this.#mayShow(request, job)) throw new FluxError('ENOENT');
    if (job && isReady(job, state)) answer(job);
    else this.#waits.add(id, { request, states: state, answer });
  }

  // A job that is not known here may have been submitted just now.
  async #expectJob(id: bigint): Promise<void> {
    this.#lookups++;
    try {
      const key = `${printFluid(id, 'kvs')}.eventlog`;
      await this.#context.flux.rpc('kvs.lookup', { key, flags: 0, namespace: 'primary' });
    } finally {
      this.#lookups--;
    }
  }

  #constraint(request: Request, value: unknown): JobConstraint {
    const context: ConstraintContext = { parentQueue: (queue) => this.#parents.get(queue) };
    const own = this.#isRestricted(request) ? { userid: [request.userid] } : undefined;
    const combined = own && value !== undefined ? { and: [value, own] } : (own ?? value);
    try {
      return parseJobConstraint(combined, context);
    } catch (error) {
      if (error instanceof ConstraintError) throw invalid(`constraint object invalid: ${error.message}`);
      throw error;
    }
  }

  #jobStats(request: Request): void {
    if (this.#isRestricted(request)) throw new FluxError('EPERM');
    if (request.isStreaming) this.#watchers.add(request, undefined);
    request.respond(this.#index.counts.print());
  }

  #stats(request: Request): void {
    if (this.#isRestricted(request)) throw new FluxError('EPERM');
    const { pending, running, inactive } = this.#index;
    request.respond({
      jobs: { pending: pending.size, running: running.size, inactive: inactive.size },
      idsync: { lookups: this.#lookups, waits: this.#waits.size },
      stats_watchers: this.#watchers.size,
    });
  }

  #mayShow(request: Request, job: ListedJob): boolean {
    return !this.#isRestricted(request) || job.userid === request.userid;
  }

  // In private mode guests see their own jobs only, and no counts.
  #isRestricted({ rolemask }: Request): boolean {
    return this.#isPrivate && (rolemask & (Role.Owner | Role.Admin)) === 0;
  }
}

function idOf(value: unknown): bigint {
  try {
    return toFluid(value);
  } catch (error) {
    throw invalid((error as Error).message);
  }
}

function invalid(text: string): FluxError {
  return new FluxError('EPROTO', `invalid payload: ${text}`);
}
