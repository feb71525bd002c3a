// Watches which brokers are online and which are torpid, and says so as resource events.
import { type Flux, FluxError, type Request } from '@ebb/flux-client';
import { Idset } from '@ebb/flux-formats';
import { Watchers } from '../services/watchers.ts';

export interface MonitorOptions {
  flux: Flux;
  size: number;
  post(name: string, ranks: Idset): void;
  onError(text: string): void;
  /** Takes all ranks for online (module argument monitor-force-up), for tests with made-up resources. */
  forceUp: boolean;
}

export class Monitor {
  online: Idset;
  torpid = Idset.of([]);
  /** Ranks that were online and left. */
  lost = Idset.of([]);
  readonly #options: MonitorOptions;
  readonly #waiting = new Watchers<number>();
  readonly #abort = new AbortController();

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.online = options.forceUp ? Idset.range(0, options.size - 1) : Idset.of([]);
  }

  /** Resolves when the first answers are in. */
  async start(): Promise<void> {
    if (this.#options.forceUp) return;
    await this.#follow('broker.online', (members) => this.#setOnline(members));
    await this.#follow('broker.torpid', (members) => {
      const before = this.torpid;
      this.torpid = members;
      this.#post('torpid', members.subtract(before));
      this.#post('lively', before.subtract(members));
    });
  }

  stop(): void {
    this.#abort.abort();
    this.#waiting.end('ECANCELED');
  }

  /** `resource.monitor-waitup`. */
  waitUp(request: Request): void {
    const { up } = request.json<{ up: number }>();
    if (!(up >= 0 && up <= this.#options.size)) throw new FluxError('EPROTO', 'up value is out of range');
    if (this.online.size === up) request.respond();
    else this.#waiting.add(request, up);
  }

  /** `resource.monitor-force-down`. */
  forceDown(request: Request): void {
    const { ranks } = request.json<{ ranks: string }>();
    this.#setOnline(this.online.subtract(Idset.parse(ranks)));
    request.respond();
  }

  async #follow(group: string, take: (members: Idset) => void): Promise<void> {
    const { flux, onError } = this.#options;
    const stream = flux.stream<{ members: string }>(
      'groups.get',
      { name: group },
      { nodeid: 0, signal: this.#abort.signal },
    );
    const first = await stream.next();
    if (first.done) throw new Error(`monitor: failed to get initial ${group} state`);
    take(Idset.parse(first.value.members));
    void (async () => {
      try {
        for await (const { members } of stream) take(Idset.parse(members));
      } catch (error) {
        if (!this.#abort.signal.aborted) onError(`monitor: ${group}: ${(error as Error).message}`);
      }
    })();
  }

  #setOnline(online: Idset): void {
    const joined = online.subtract(this.online);
    const left = this.online.subtract(online);
    this.online = online;
    this.lost = this.lost.union(left).subtract(joined);
    this.#post('online', joined);
    this.#post('offline', left);
    for (const [request, count] of this.#waiting) {
      if (count !== online.size) continue;
      this.#waiting.remove(request);
      request.respond();
    }
  }

  #post(name: string, ranks: Idset): void {
    if (ranks.size > 0) this.#options.post(name, ranks);
  }
}
