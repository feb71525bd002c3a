/** Job ids: FLUIDs of RFC 19, 64 bits held as bigint. */
import { FormatError } from './format-error.ts';

export type FluidForm = 'f58' | 'f58plain' | 'dec' | 'hex' | 'dothex' | 'kvs';

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const largest = 0xffff_ffff_ffff_ffffn;

/** @throws FormatError when the text is no FLUID in any form */
export function parseFluid(text: string): bigint {
  const fail = (problem: string) => new FormatError('FLUID', text, problem);
  let value: bigint;
  const f58 = /^(?:ƒ|f)([1-9A-HJ-NP-Za-km-z]{1,12})$/.exec(text);
  if (f58) {
    value = 0n;
    for (const digit of f58[1]!) value = value * 58n + BigInt(alphabet.indexOf(digit));
  } else if (/^\d+$/.test(text)) value = BigInt(text);
  else if (/^0x[0-9a-f]{1,16}$/i.test(text)) value = BigInt(text);
  else {
    const dothex = /^(?:job\.)?([0-9a-f]{4})\.([0-9a-f]{4})\.([0-9a-f]{4})\.([0-9a-f]{4})$/i.exec(text);
    if (!dothex) throw fail('is in none of the forms f58, dec, hex, dothex, kvs, words');
    value = BigInt(`0x${dothex.slice(1).join('')}`);
  }
  if (value > largest) throw fail('is larger than 64 bits');
  return value;
}

export function printFluid(id: bigint, form: FluidForm = 'f58'): string {
  switch (form) {
    case 'f58':
      return `ƒ${base58(id)}`;
    case 'f58plain':
      return `f${base58(id)}`;
    case 'dec':
      return id.toString();
    case 'hex':
      return `0x${id.toString(16)}`;
    case 'dothex':
      return id.toString(16).padStart(16, '0').match(/.{4}/g)!.join('.');
    case 'kvs':
      return `job.${printFluid(id, 'dothex')}`;
  }
}

function base58(id: bigint): string {
  let text = '';
  for (let rest = id; rest > 0n; rest /= 58n) text = alphabet[Number(rest % 58n)] + text;
  return text || '1';
}

/** Makes ids: milliseconds in 40 bits, the generator (a broker's rank) in 14, a sequence within the millisecond in 10. */
export class FluidGenerator {
  readonly #generator: bigint;
  readonly #clock: () => number;
  #lastMs = -1;
  #sequence = 0;

  /** `clock` gives milliseconds since the instance's epoch. @throws RangeError above generator id 16383 */
  constructor(generatorId: number, clock: () => number) {
    if (!Number.isInteger(generatorId) || generatorId < 0 || generatorId >= 1 << 14) {
      throw new RangeError(`generator id ${generatorId}: must be from 0 to 16383`);
    }
    this.#generator = BigInt(generatorId);
    this.#clock = clock;
  }

  next(): bigint {
    // A clock that stands still or goes back must not give an id twice: the id's time moves on instead.
    const now = Math.max(Math.floor(this.#clock()), this.#lastMs);
    this.#sequence = now === this.#lastMs ? this.#sequence + 1 : 0;
    this.#lastMs = now;
    if (this.#sequence > 1023) {
      this.#lastMs = now + 1;
      this.#sequence = 0;
    }
    return (BigInt(this.#lastMs) << 24n) | (this.#generator << 10n) | BigInt(this.#sequence);
  }
}
