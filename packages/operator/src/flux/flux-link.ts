/**
 * The operator's one connection to a Flux instance: `flux relay` over pods/exec in the lead broker's container. It is
 * driven by events (resource.journal, the job manager's journal) and asks for numbers only after one; it comes back by
 * itself, with back-off, until it is closed.
 */
import { brokerState, connectStream, type Flux, FluxError } from '@ebb/flux-client';
import { Idset, printFluid, ResourceSet, toFluid } from '@ebb/flux-formats';
import { sleep } from '../kubernetes/informer.ts';
import type { ExecOptions, KubernetesApi } from '../kubernetes/kubernetes-api.ts';
import { drainReason, type FluxView, fluxViewFrom, nodesWanted } from './flux-view.ts';
import { Refresher } from './refresher.ts';

export interface FluxLinkOptions {
  api: KubernetesApi;
  target: Omit<ExecOptions, 'signal'>;
  /** Called when the view changed, or was lost. */
  onChange: () => void;
  onError: (error: Error) => void;
  /** Whether to ask what waiting jobs need. */
  watchesQueue: boolean;
  /** Whether modules may have to be put back: only where ranks can be hidden. */
  repairs?: boolean;
}

/** How long Flux may take to answer. */
const rpcTimeoutMs = 5000;
/**
 * From asking for the exec until the relay's first byte; a broker that starts has eight seconds of it. Each time that was
 * too short it doubles: on a busy machine a relay starts slowly, and more slowly yet beside others that were given up.
 */
const connectTimeoutMs = { first: 12_000, most: 60_000 };
/** Questions to rank 0, wherever the relay ends. */
const toLeader = { nodeid: 0, timeoutMs: rpcTimeoutMs };
/** How long the first answer is waited for; then who asks goes by the pods alone. */
const patienceMs = 30_000;
/** Busy instances say much; numbers are asked for at most this often. */
const refreshPauseMs = 100;
/** The scheduler frees a node a moment after the journal has told so. */
const lastLooksMs = [500, 5000];
const backoffMs = { first: 100, most: 5_000 };
/** In these states the broker has loaded its modules; one that is missing does not come by itself. */
const statesAfterLoading = new Set(['quorum', 'run']);
/** State SCHED of a job: it waits for resources. */
const stateSched = 8;

export class FluxLink {
  readonly #options: FluxLinkOptions;
  readonly #stop = new AbortController();
  #flux: Flux | undefined;
  #connectWithinMs = connectTimeoutMs.first;
  #view: FluxView | undefined;
  #firstJob: string | undefined;
  readonly #refresher: Refresher;
  /** What loads modules or relies on them, one after the other: else what one takes away the other puts back. */
  #moduleTask: Promise<unknown> = Promise.resolve();
  #isAwaited = true;
  readonly #patience: NodeJS.Timeout;

  constructor(options: FluxLinkOptions) {
    this.#options = options;
    this.#refresher = new Refresher({
      ask: async () => {
        if (!this.#flux) return;
        await this.refresh();
        options.onChange();
      },
      pauseMs: refreshPauseMs,
      lastLooksMs,
      signal: this.#stop.signal,
      onError: (error) => {
        options.onError(error);
        void this.#flux?.close();
      },
    });
    this.#patience = setTimeout(() => {
      this.#isAwaited = false;
      options.onChange();
    }, patienceMs);
    this.#patience.unref();
    void this.#run();
  }

  /** The pod that it leads to. */
  get pod(): string {
    return this.#options.target.pod;
  }

  get watchesQueue(): boolean {
    return this.#options.watchesQueue;
  }

  /** What Flux said last; undefined while it cannot be asked. */
  get view(): FluxView | undefined {
    return this.#view;
  }

  /** Whether the first answer is still waited for. */
  get isAwaited(): boolean {
    return this.#isAwaited;
  }

  close(): void {
    clearTimeout(this.#patience);
    this.#stop.abort();
    void this.#flux?.close();
  }

  /** Asks anew. @throws Error when Flux cannot be asked */
  async refresh(): Promise<FluxView> {
    const view = await this.#ask(this.#connected());
    this.#hold(view);
    return view;
  }

  #hold(view: FluxView): void {
    this.#isAwaited = false;
    clearTimeout(this.#patience);
    this.#view = view;
  }

  /** Lets the ranks take no new jobs. Ranks that someone drained before stay theirs. */
  async drain(ranks: Idset, target: number): Promise<void> {
    const view = this.#view;
    const free = view ? ranks.subtract(Idset.of(view.drained.keys())) : ranks;
    if (free.size === 0) return;
    const payload = { targets: free.toString(), reason: `${drainReason} to ${target}` };
    await this.#connected().rpc('resource.drain', payload, toLeader);
  }

  /** Takes our own drains back. */
  async undrain(ranks: Idset): Promise<void> {
    if (ranks.size === 0) return;
    await this.#connected().rpc(
      'resource.undrain',
      { targets: ranks.toString() },
      { nodeid: 0, timeoutMs: rpcTimeoutMs },
    );
  }

  /**
   * Changes which ranks are hidden: gives the instance its new configuration and loads the resource module and the
   * scheduler anew, which read it when they start; jobs run on. It has a connection of its own, since the other one
   * breaks off when the resource module goes.
   * @param excluded ranks to hide; empty for none
   */
  setExcluded(excluded: string): Promise<void> {
    return this.#alone(() => this.#changeExcluded(excluded));
  }

  #alone<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#moduleTask.then(task);
    this.#moduleTask = done.catch(() => {});
    return done;
  }

  async #changeExcluded(excluded: string): Promise<void> {
    const before = this.#flux;
    const flux = await this.#connect();
    try {
      const config = await flux.rpc<Record<string, unknown>>('config.get', undefined, toLeader);
      const { exclude: _old, ...resource } = (config['resource'] ?? {}) as Record<string, unknown>;
      const wanted = { ...config, resource: excluded ? { ...resource, exclude: excluded } : resource };
      const schedulers = (await modulesOf(flux)).filter(isScheduler);
      await flux.rpc('config.load', wanted, toLeader);
      // The scheduler holds the resources, so it goes first and comes last.
      for (const each of schedulers) await flux.rpc('module.remove', { name: each.name }, toLeader);
      await flux.rpc('module.remove', { name: 'resource' }, toLeader);
      await loadModule(flux, 'resource');
      for (const each of schedulers.reverse()) await loadModule(flux, each.path ?? each.name);
    } finally {
      void flux.close();
      // What was known is old; the link begins anew.
      this.#view = undefined;
      void before?.close();
    }
  }

  /**
   * An operator that died while it loaded modules anew left an instance without them. A broker that starts loads them
   * itself, and gives up when one is there before its turn.
   */
  async #repair(flux: Flux): Promise<void> {
    if (!statesAfterLoading.has((await brokerState(flux, toLeader)).state)) return;
    const modules = await modulesOf(flux);
    if (!modules.some((each) => each.name === 'resource')) await loadModule(flux, 'resource');
    if (!modules.some(isScheduler)) await loadModule(flux, 'sched-simple');
  }

  async #connect(): Promise<Flux> {
    const { api, target } = this.#options;
    // An upgrade that is never answered, or a relay that never says a byte, is given up and tried again.
    const given = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, given.signal]);
    try {
      return await Promise.race([
        api.exec({ ...target, signal }).then((stream) => {
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

  #connected(): Flux {
    if (!this.#flux) throw new FluxError('EHOSTUNREACH', 'Flux cannot be asked: the relay to the lead broker is down');
    return this.#flux;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    let pause = backoffMs.first;
    while (!signal.aborted) {
      try {
        await this.#session(() => {
          this.#connectWithinMs = connectTimeoutMs.first;
          pause = backoffMs.first;
        });
      } catch (error) {
        if (!signal.aborted) this.#options.onError(error as Error);
      }
      this.#lost();
      await sleep(pause, signal);
      pause = Math.min(pause * 2, backoffMs.most);
    }
    this.#lost();
  }

  #lost(): void {
    const had = this.#view !== undefined;
    void this.#flux?.close();
    this.#flux = undefined;
    this.#view = undefined;
    if (had) this.#options.onChange();
  }

  /** From connecting until the connection ends. */
  async #session(alive: () => void): Promise<void> {
    const flux = await this.#connect();
    this.#flux = flux;
    this.#hold(
      await this.#alone(async () => {
        if (this.#options.repairs) await this.#repair(flux);
        return this.#ask(flux);
      }),
    );
    alive();
    this.#options.onChange();
    await Promise.race([
      flux.closed,
      this.#follow(flux.stream('resource.journal', undefined, { nodeid: 0, cancelTopic: 'resource.journal-cancel' })),
      this.#follow(
        flux.stream(
          'job-manager.events-journal',
          { full: true, allow: { submit: 1, alloc: 1, free: 1, clean: 1, exception: 1, urgency: 1 } },
          { nodeid: 0, cancelTopic: 'job-manager.events-journal-cancel' },
        ),
        (answer) => this.#noteJob(answer),
      ),
    ]);
  }

  /** Asks for the numbers after each thing that is said. A service that is not there says nothing, for ever. */
  async #follow(stream: AsyncIterable<unknown>, note?: (answer: unknown) => void): Promise<void> {
    try {
      for await (const answer of stream) {
        note?.(answer);
        this.#refresher.schedule();
      }
    } catch (error) {
      if (!(error instanceof FluxError) || error.code !== 'ENOSYS') throw error;
      await new Promise(() => {});
    }
  }

  #noteJob(answer: unknown): void {
    const id = (answer as { id?: unknown }).id;
    if (this.#firstJob !== undefined || id === undefined || id === -1) return;
    this.#firstJob = printFluid(toFluid(id));
  }

  async #ask(flux: Flux): Promise<FluxView> {
    const [status, sched] = await Promise.all([
      flux.rpc<Record<string, never>>('resource.status', undefined, toLeader),
      flux.rpc<{ all?: unknown; allocated?: unknown }>('resource.sched-status', undefined, toLeader),
    ]);
    const pending = this.#options.watchesQueue
      ? await this.#pendingNodes(flux, sched.all).catch(noneWithoutService)
      : 0;
    return { ...fluxViewFrom(status, sched, pending), ...(this.#firstJob ? { firstJob: this.#firstJob } : {}) };
  }

  async #pendingNodes(flux: Flux, all: unknown): Promise<number> {
    const resources = all ? ResourceSet.parse(all) : ResourceSet.empty();
    const cores = resources.nodeCount > 0 ? resources.coreCount / resources.nodeCount : 1;
    const { jobs } = await flux.rpc<{ jobs: { nnodes?: number; ntasks?: number; ncores?: number }[] }>(
      'job-list.list',
      { max_entries: 1000, attrs: ['nnodes', 'ntasks', 'ncores'], constraint: { states: [stateSched] } },
      { timeoutMs: rpcTimeoutMs },
    );
    return jobs.reduce((sum, job) => sum + nodesWanted(job, cores), 0);
  }
}

interface Module {
  name: string;
  path?: string;
  services?: string[];
}

async function modulesOf(flux: Flux): Promise<Module[]> {
  return (await flux.rpc<{ mods: Module[] }>('module.list', undefined, toLeader)).mods;
}

function isScheduler(module: Module): boolean {
  return module.name.startsWith('sched') || (module.services?.includes('sched') ?? false);
}

/** Another operator may have loaded it a moment ago. */
async function loadModule(flux: Flux, path: string): Promise<void> {
  try {
    await flux.rpc('module.load', { path, args: [] }, toLeader);
  } catch (error) {
    if (!(error instanceof FluxError) || error.code !== 'EEXIST') throw error;
  }
}

/** An instance without a list of jobs has a demand that nobody knows: the cluster stays as it is. */
function noneWithoutService(error: unknown): number {
  if (error instanceof FluxError && error.code === 'ENOSYS') return 0;
  throw error;
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
