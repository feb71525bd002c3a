// The barrier of PMI over the shells of a job: each brings what its tasks have put, and all get the whole
// (flux-core: shell/pmi/pmi_exchange.c).

export type PmiValues = Readonly<Record<string, string>>;

/** The end of a shell. */
export class PmiExchange {
  readonly #bring: (values: PmiValues) => void;
  readonly #sent = new Set<string>();
  #release: ((values: ReadonlyMap<string, string>) => void) | undefined;

  /** `bring` takes the values to the gathering. */
  constructor(bring: (values: PmiValues) => void) {
    this.#bring = bring;
  }

  /** As `exchange` of a PMI server: all its clients have come to the barrier. */
  exchange(values: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
    const fresh = [...values].filter(([key]) => !this.#sent.has(key));
    for (const [key] of fresh) this.#sent.add(key);
    return new Promise((resolve) => {
      this.#release = resolve;
      this.#bring(Object.fromEntries(fresh));
    });
  }

  /** All shells have come. */
  complete(values: PmiValues): void {
    for (const key of Object.keys(values)) this.#sent.add(key);
    this.#release?.(new Map(Object.entries(values)));
    this.#release = undefined;
  }
}

/** The side of the leader, where the values come together. */
export class PmiGathering {
  readonly #size: number;
  readonly #publish: (values: PmiValues) => void;
  #values: Record<string, string> = {};
  readonly #come = new Set<number>();

  /** `publish` gives the values to all the `size` shells. */
  constructor(size: number, publish: (values: PmiValues) => void) {
    this.#size = size;
    this.#publish = publish;
  }

  bring(shell: number, values: PmiValues): void {
    Object.assign(this.#values, values);
    this.#come.add(shell);
    if (this.#come.size < this.#size) return;
    const all = this.#values;
    this.#values = {};
    this.#come.clear();
    this.#publish(all);
  }
}
