/**
 * The operator's one connection to a Flux instance, over a relay in the lead broker's container. It is driven by events
 * (resource.journal, the job manager's journal) and asks for numbers only after one; it comes back by itself, with
 * back-off, until it is closed.
 */
import { type Flux, FluxError } from '@ebb/flux-client';
import { Idset, printFluid, toFluid } from '@ebb/flux-formats';
import { sleep } from '../kubernetes/informer.ts';
import type { ExecOptions, KubernetesApi } from '../kubernetes/kubernetes-api.ts';
import { drainReason, type FluxView } from './flux-view.ts';
import { hideRanks, repairModules } from './hidden-ranks.ts';
import { askFlux, toLeader } from './questions.ts';
import { Refresher } from './refresher.ts';
import { Relay } from './relay.ts';

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

/** How long the first answer is waited for; then who asks goes by the pods alone. */
const patienceMs = 30_000;
/** Busy instances say much; numbers are asked for at most this often. */
const refreshPauseMs = 100;
/** The scheduler frees a node a moment after the journal has told so. */
const lastLooksMs = [500, 5000];
const backoffMs = { first: 100, most: 5_000 };
export class FluxLink {
  readonly #options: FluxLinkOptions;
  readonly #relay: Relay;
  readonly #stop = new AbortController();
  #flux: Flux | undefined;
  #view: FluxView | undefined;
  #firstJob: string | undefined;
  readonly #refresher: Refresher;
  /** What loads modules or relies on them, one after the other: else what one takes away the other puts back. */
  #moduleTask: Promise<unknown> = Promise.resolve();
  #isAwaited = true;
  readonly #patience: NodeJS.Timeout;

  constructor(options: FluxLinkOptions) {
    this.#options = options;
    this.#relay = new Relay(options.api, options.target);
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
    return this.#relay.target.pod;
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
    await this.#connected().rpc('resource.undrain', { targets: ranks.toString() }, toLeader);
  }

  /**
   * Changes which ranks are hidden, over a connection of its own, since the other one breaks off when the resource module
   * goes.
   * @param excluded ranks to hide; empty for none
   */
  setExcluded(excluded: string): Promise<void> {
    return this.#alone(async () => {
      const before = this.#flux;
      const flux = await this.#relay.connect(this.#stop.signal);
      try {
        await hideRanks(flux, excluded);
      } finally {
        void flux.close();
        // What was known is old; the link begins anew.
        this.#view = undefined;
        void before?.close();
      }
    });
  }

  #alone<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#moduleTask.then(task);
    this.#moduleTask = done.catch(() => {});
    return done;
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
          this.#relay.reset();
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
    const flux = await this.#relay.connect(this.#stop.signal);
    this.#flux = flux;
    this.#hold(await this.#firstView(flux));
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

  /**
   * What it says first. A broker that starts lets us in before its modules are there: it is asked again over the relay
   * that is open, since another would be one more request to the API server, and one more process in the pod.
   * @throws Error when the connection ends
   */
  async #firstView(flux: Flux): Promise<FluxView> {
    for (let pause = backoffMs.first; ; pause = Math.min(pause * 2, backoffMs.most)) {
      try {
        return await this.#alone(async () => {
          if (this.#options.repairs) await repairModules(flux);
          return this.#ask(flux);
        });
      } catch (error) {
        if (!isServiceMissing(error)) throw error;
        this.#options.onError(error);
      }
      await Promise.race([sleep(pause, this.#stop.signal), flux.closed]);
    }
  }

  /** Asks for the numbers after each thing that is said. A service that is not there says nothing, for ever. */
  async #follow(stream: AsyncIterable<unknown>, note?: (answer: unknown) => void): Promise<void> {
    try {
      for await (const answer of stream) {
        note?.(answer);
        this.#refresher.schedule();
      }
    } catch (error) {
      if (!isServiceMissing(error)) throw error;
      await new Promise(() => {});
    }
  }

  #noteJob(answer: unknown): void {
    const id = (answer as { id?: unknown }).id;
    if (this.#firstJob !== undefined || id === undefined || id === -1) return;
    this.#firstJob = printFluid(toFluid(id));
  }

  async #ask(flux: Flux): Promise<FluxView> {
    const view = await askFlux(flux, this.#options.watchesQueue);
    return { ...view, ...(this.#firstJob ? { firstJob: this.#firstJob } : {}) };
  }
}

function isServiceMissing(error: unknown): error is FluxError {
  return error instanceof FluxError && error.code === 'ENOSYS';
}
