// The scheduler, on rank 0: gives jobs their resources (RFC 27). As `sched-simple` first come, first served within a
// priority; as `sched-backfill` it lets shorter jobs pass where they delay nobody.
import { FluxError, type Request, Role } from '@ebb/flux-client';
import { Idset, type Jobspec, parseJobspec, printFluid, ResourceSet, toFluid } from '@ebb/flux-formats';
import { type BrokerModule, LogLevel, type ModuleContext } from '../module.ts';
import { allocatedR, allocationOf, printR } from './allocated-resources.ts';
import { demandOf } from './demand.ts';
import { type Plan, type Policy, planStarts } from './plan.ts';
import { type Allocation, type Demand, Pool } from './pool.ts';

const response = { success: 0, annotate: 1, deny: 2, cancel: 3 } as const;
/** As in flux-core: a job that is canceled or changes its place is mostly still with the job manager. */
const usualDepth = 8;
const everybody = { roles: Role.Owner | Role.User };

interface Waiting {
  readonly id: bigint;
  priority: number;
  readonly jobspec: Jobspec;
  readonly demand: Demand;
  readonly duration: number;
  readonly request: Request;
  /** What the job was told last of when it will start. */
  estimate: number | undefined;
}

interface AcquireMessage {
  resources?: unknown;
  up?: string;
  down?: string;
  shrink?: string;
  expiration?: number;
}

export function create(): BrokerModule {
  return new Scheduler('sched-simple', 'fcfs');
}

export class Scheduler implements BrokerModule {
  readonly name: string;
  readonly services = ['sched', 'feasibility'];
  #context!: ModuleContext;
  /** Undefined until the resources are known; nothing is asked to be allocated before. */
  #pool!: Pool;
  #resources = ResourceSet.empty();
  #expiration = 0;
  readonly #waiting = new Map<bigint, Waiting>();
  readonly #held = new Map<bigint, { allocation: Allocation; end: number }>();
  readonly #policy: Policy;
  #isPlanned = false;
  #isStopping = false;

  constructor(name: string, policy: Policy) {
    this.name = name;
    this.#policy = policy;
  }

  async start(context: ModuleContext): Promise<void> {
    this.#context = context;
    const { flux } = context;
    const mode = readyMode(context.args);
    flux.handle('sched.alloc', (request) => this.#alloc(request));
    flux.handle('sched.free', (request) => this.#free(request));
    flux.handle('sched.cancel', (request) => this.#cancel(request));
    flux.handle('sched.prioritize', (request) => this.#prioritize(request));
    flux.handle('sched.expiration', (request) => {
      const { id, expiration } = request.json<{ id: unknown; expiration: number }>();
      const held = this.#held.get(toFluid(id));
      if (held) held.end = expiration;
      request.respond();
    });
    flux.handle('feasibility.check', (request) => this.#feasible(request), everybody);
    // R may only be known when other ranks have joined, and they wait for this one: nobody waits here.
    this.#getReady(mode).catch((error: Error) => {
      if (!this.#isStopping) context.log(LogLevel.err, error.message);
    });
  }

  async #getReady(mode: ReturnType<typeof readyMode>): Promise<void> {
    await this.#acquire();
    await this.#hello();
    await this.#context.flux.rpc('job-manager.sched-ready', mode);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
  }

  /** Resolves with the first answer; what changes later changes the pool. */
  #acquire(): Promise<void> {
    const { flux, log } = this.#context;
    return new Promise((resolve, reject) => {
      const follow = async () => {
        for await (const { resources, up, down, shrink, expiration } of flux.stream<AcquireMessage>(
          'resource.acquire',
        )) {
          if (resources !== undefined) {
            this.#resources = ResourceSet.parse(resources);
            this.#expiration = this.#resources.expiration;
            this.#pool = new Pool(this.#resources);
          }
          if (up !== undefined) this.#pool.setUp(this.#ranks(up), true);
          if (down !== undefined) this.#pool.setUp(this.#ranks(down), false);
          if (shrink !== undefined) this.#pool.remove(Idset.parse(shrink));
          if (expiration !== undefined) this.#expiration = expiration;
          resolve();
          this.#plan();
        }
      };
      follow().catch((error: Error) => {
        if (!this.#isStopping) log(LogLevel.err, `resource.acquire: ${error.message}`);
        reject(error);
      });
    });
  }

  #ranks(text: string): Idset {
    return text === 'all' ? this.#resources.ranks : Idset.parse(text);
  }

  /** Jobs that hold resources already: the scheduler, or the whole instance, has started anew. */
  async #hello(): Promise<void> {
    const { flux, log } = this.#context;
    for await (const { id } of flux.stream<{ id: unknown }>('job-manager.sched-hello')) {
      const key = `${printFluid(toFluid(id), 'kvs')}.R`;
      try {
        const { val } = await flux.rpc<{ val: { data: string } }>('kvs.lookup', {
          key,
          namespace: 'primary',
          flags: 0,
        });
        const held = ResourceSet.parse(Buffer.from(val.data, 'base64').toString('utf8'));
        const allocation = allocationOf(held);
        this.#held.set(toFluid(id), { allocation, end: held.expiration });
        this.#pool.take(allocation);
      } catch (error) {
        log(LogLevel.err, `hello: ${printFluid(toFluid(id))}: ${(error as Error).message}`);
      }
    }
  }

  #alloc(request: Request): void {
    const { id, priority, jobspec } = request.json<{ id: unknown; priority: number; jobspec: Jobspec }>();
    const deny = (note: string): void => request.respond({ id, type: response.deny, note });
    let demand: Demand;
    try {
      demand = demandOf(parseJobspec(jobspec));
    } catch (error) {
      deny((error as Error).message);
      return;
    }
    const never = this.#pool.whyNever(demand);
    if (never !== undefined) {
      deny(never);
      return;
    }
    const duration = jobspec.attributes.system.duration ?? 0;
    const estimate = undefined;
    this.#waiting.set(toFluid(id), { id: toFluid(id), priority, jobspec, demand, duration, request, estimate });
    this.#plan();
  }

  #free(request: Request): void {
    const { id, R, final = true } = request.json<{ id: unknown; R?: unknown; final?: boolean }>();
    const jobid = toFluid(id);
    const held = this.#held.get(jobid);
    const freed = R === undefined ? held?.allocation : allocationOf(ResourceSet.parse(R));
    if (freed) this.#pool.release(freed);
    if (final) this.#held.delete(jobid);
    else if (held && freed) {
      const left = new Map([...held.allocation].filter(([rank]) => !freed.has(rank)));
      this.#held.set(jobid, { ...held, allocation: left });
    }
    this.#plan();
  }

  #cancel(request: Request): void {
    const id = toFluid(request.json<{ id: unknown }>().id);
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    waiting.request.respond({ id, type: response.cancel });
    this.#plan();
  }

  #prioritize(request: Request): void {
    for (const [id, priority] of request.json<{ jobs: [unknown, number][] }>().jobs) {
      const waiting = this.#waiting.get(toFluid(id));
      if (waiting) waiting.priority = priority;
    }
    this.#plan();
  }

  #feasible(request: Request): void {
    if (!this.#pool) throw new FluxError('EAGAIN', 'resources are not known yet');
    const { jobspec } = request.json<{ jobspec: unknown }>();
    const never = this.#pool.whyNever(demandOf(parseJobspec(jobspec)));
    if (never !== undefined) throw new FluxError('EINVAL', never);
    request.respond();
  }

  /** Plans once for all that came in this turn. */
  #plan(): void {
    if (this.#isPlanned || this.#waiting.size === 0) return;
    this.#isPlanned = true;
    setImmediate(() => {
      this.#isPlanned = false;
      void this.#allocateWaiting();
    });
  }

  async #allocateWaiting(): Promise<void> {
    const now = this.#context.clock.now() / 1000;
    const plan = planStarts(this.#waiting.values(), this.#held.values(), this.#pool, this.#policy, now);
    const given = plan.starts.map(({ job, allocation, backfills }) => {
      const R = allocatedR(allocation, this.#resources, job.jobspec, now, this.#expiration);
      this.#waiting.delete(job.id);
      this.#held.set(job.id, { allocation, end: R.execution.expiration });
      const sched = {
        resource_summary: summary(R),
        ...(backfills ? { backfill: printFluid(backfills.id) } : {}),
        ...(job.estimate === undefined ? {} : { t_estimate: null }),
      };
      return { job, R, annotations: { sched } };
    });
    this.#estimate(plan);
    if (given.length === 0) return;
    const ops = given.map(({ job: { id }, R }) => ({
      key: `${printFluid(id, 'kvs')}.R`,
      flags: 0,
      dirent: { ver: 1, type: 'val', data: Buffer.from(printR(R)).toString('base64') },
    }));
    try {
      await this.#context.flux.rpc('kvs.commit', { namespace: 'primary', flags: 0, ops, rootref: false });
    } catch (error) {
      for (const { job } of given) job.request.respondError('EIO', (error as Error).message);
      return;
    }
    for (const { job, R, annotations } of given) {
      job.request.respond({ id: job.id, type: response.success, R, annotations });
    }
  }

  /** Tells the jobs that wait when they will start, where that has changed. */
  #estimate({ estimates }: Plan<Waiting>): void {
    for (const job of this.#waiting.values()) {
      const estimate = estimates.get(job);
      if (job.estimate === estimate) continue;
      job.estimate = estimate;
      const annotations = { sched: { t_estimate: estimate ?? null } };
      job.request.respond({ id: job.id, type: response.annotate, annotations });
    }
  }
}

/**
 * How many requests the job manager sends at once: `queue-depth=N|unlimited`, or as of old `mode=limited=N|unlimited`.
 * @throws FluxError EINVAL for another argument
 */
function readyMode(args: readonly string[]): { mode: string; limit?: number } {
  let depth = String(usualDepth);
  for (const arg of args) {
    const match = /^(?:queue-depth=|mode=(?:limited=)?)(unlimited|[1-9]\d*)$/.exec(arg);
    if (!match) throw new FluxError('EINVAL', `${arg}: unknown argument; there is queue-depth=N|unlimited`);
    depth = match[1]!;
  }
  return depth === 'unlimited' ? { mode: 'unlimited' } : { mode: 'limited', limit: Number(depth) };
}

/** As flux-core's annotation shows it: `rank[0-1]/core0`. */
function summary({ execution: { R_lite } }: ReturnType<typeof allocatedR>): string {
  return R_lite.map(({ rank, children }) => {
    const parts = Object.entries(children).map(([name, ids]) => `${name}${bracketed(ids)}`);
    return `rank${bracketed(rank)}/${parts.join(',')}`;
  }).join(' ');
}

function bracketed(ids: string): string {
  return /^\d+$/.test(ids) ? ids : `[${ids}]`;
}
