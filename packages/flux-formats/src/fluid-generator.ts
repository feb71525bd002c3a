/** Makes job ids, RFC 19: milliseconds in 40 bits, the generator (a broker's rank) in 14, a sequence in 10. */
const largestGenerator = (1 << 14) - 1;
/** Ids within one millisecond; the last of the 1024 sequence numbers is not used, as in flux-core. */
const idsPerMs = 1023;

export class FluidGenerator {
  readonly #generator: bigint;
  readonly #clock: () => number;
  #lastMs = -1;
  #sequence = 0;

  /** `clock` gives milliseconds since the instance's epoch. @throws RangeError above generator id 16383 */
  constructor(generatorId: number, clock: () => number) {
    if (!Number.isInteger(generatorId) || generatorId < 0 || generatorId > largestGenerator) {
      throw new RangeError(`generator id ${generatorId}: must be from 0 to ${largestGenerator}`);
    }
    this.#generator = BigInt(generatorId) << 10n;
    this.#clock = clock;
  }

  /** The next id, always larger than the one before. */
  next(): bigint {
    // A clock that stands still or goes back must not give an id twice: the id's time moves on instead.
    const now = Math.max(Math.floor(this.#clock()), this.#lastMs);
    this.#sequence = now === this.#lastMs ? this.#sequence + 1 : 0;
    this.#lastMs = now;
    if (this.#sequence >= idsPerMs) {
      this.#lastMs = now + 1;
      this.#sequence = 0;
    }
    return (BigInt(this.#lastMs) << 24n) | this.#generator | BigInt(this.#sequence);
  }
}

/** Milliseconds since the instance's epoch at which an id was made. */
export function fluidTimeMs(id: bigint): number {
  return Number(id >> 24n);
}
