/** Which ranks' processes ended how, as `flux exec` tells at its end: a line for each way that is not well. */
import { Idset, signalText } from '@ebb/flux-formats';

/** As a shell has it: 128 and the signal's number when one ended the process. */
export function exitCodeOf(waitStatus: number): number {
  const signal = waitStatus & 0x7f;
  return signal === 0 ? (waitStatus >> 8) & 0xff : 128 + signal;
}

export class ExitSets {
  readonly #ranks = new Map<string, Idset>();

  /** Notes a wait status as of `waitpid`. */
  add(rank: number, waitStatus: number): void {
    const exitCode = exitCodeOf(waitStatus);
    if (exitCode === 0) return;
    const signal = waitStatus & 0x7f;
    const text = signal === 0 ? `Exit ${exitCode}` : signalText(signal);
    this.#ranks.set(text, (this.#ranks.get(text) ?? Idset.empty).union(Idset.of([rank])));
  }

  lines(): string {
    return tableOrder([...this.#ranks.keys()])
      .map((text) => `${printRanks(this.#ranks.get(text)!)}: ${text}\n`)
      .join('');
  }
}

/** With brackets around more than one. */
export function printRanks(ranks: Idset): string {
  return ranks.size > 1 ? `[${ranks}]` : String(ranks);
}

/** Keys in the order of flux-core's hash table, which is that of its lines: of 3 places, and of 17 from a third key on. */
function tableOrder(keys: readonly string[]): string[] {
  const small = buckets(keys.slice(0, 2), 3);
  return keys.length <= 2 ? small : buckets([...small, ...keys.slice(2)], 17);
}

function buckets(keys: readonly string[], places: number): string[] {
  const table: string[][] = Array.from({ length: places }, () => []);
  for (const key of keys) table[hash(key) % places]!.unshift(key);
  return table.flat();
}

function hash(key: string): number {
  let value = 0n;
  for (const byte of Buffer.from(key)) value = BigInt.asUintN(64, 33n * value) ^ BigInt(byte);
  return Number(value % 51n);
}
