// Which ranks are drained, since when and why (flux-resource(1); flux-core: resource/drain.c). Pure: the module posts
// the events.
import { Idset } from '@ebb/flux-formats';

export interface DrainInfo {
  /** Seconds since the epoch. */
  timestamp: number;
  reason: string | undefined;
}

/** `update` keeps what is there, `overwrite` replaces reasons, `force-overwrite` also the time. */
export type DrainMode = 'update' | 'overwrite' | 'force-overwrite';

export class DrainRefusal extends Error {
  override readonly name = 'DrainRefusal';
  readonly code: 'EEXIST' | 'EINVAL';

  constructor(code: DrainRefusal['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export class DrainState {
  readonly #drained = new Map<number, DrainInfo>();

  get ranks(): Idset {
    return Idset.of(this.#drained.keys());
  }

  get(rank: number): DrainInfo | undefined {
    return this.#drained.get(rank);
  }

  /** @throws {DrainRefusal} when, without a mode, a rank is drained already or excluded. */
  check(ranks: Idset, exclude: Idset): void {
    const excluded = ranks.intersect(exclude);
    const drained = Idset.of([...ranks].filter((rank) => this.#drained.get(rank)?.reason !== undefined));
    const wrong = excluded.union(drained);
    if (wrong.size === 0) return;
    const why = [drained.size > 0 ? 'already drained' : '', excluded.size > 0 ? 'excluded' : ''].filter(Boolean);
    const text = `rank${wrong.size > 1 ? 's' : ''} ${wrong} ${why.join(' or ')}`;
    throw new DrainRefusal(drained.size > 0 ? 'EEXIST' : 'EINVAL', text);
  }

  /** `overwrite`: 0 keeps a reason that is there, 1 replaces it, 2 replaces the time too. */
  drain(ranks: Idset, timestamp: number, reason: string | undefined, overwrite: number): void {
    for (const rank of ranks) {
      const before = this.#drained.get(rank);
      if (overwrite === 0 && before?.reason !== undefined) continue;
      const keepsTime = before !== undefined && overwrite !== 2;
      this.#drained.set(rank, { timestamp: keepsTime ? before.timestamp : timestamp, reason });
    }
  }

  /** @throws {DrainRefusal} when, without a mode, a rank is not drained. */
  checkUndrain(ranks: Idset): void {
    const wrong = Idset.of([...ranks].filter((rank) => !this.#drained.has(rank)));
    if (wrong.size > 0) throw new DrainRefusal('EEXIST', `rank${wrong.size > 1 ? 's' : ''} ${wrong} not drained`);
  }

  undrain(ranks: Idset): void {
    for (const rank of ranks) this.#drained.delete(rank);
  }

  /** Ranks with the same time and reason together, as `resource.status` shows them. */
  show(): Record<string, { timestamp: number; reason: string }> {
    const groups = new Map<string, { ranks: number[]; timestamp: number; reason: string }>();
    for (const [rank, { timestamp, reason = '' }] of this.#drained) {
      const rounded = Math.round(timestamp);
      const key = `${rounded} ${reason}`;
      const group = groups.get(key);
      if (group) group.ranks.push(rank);
      else groups.set(key, { ranks: [rank], timestamp: rounded, reason });
    }
    return Object.fromEntries(
      [...groups.values()].map(({ ranks, timestamp, reason }) => [Idset.of(ranks).toString(), { timestamp, reason }]),
    );
  }
}
