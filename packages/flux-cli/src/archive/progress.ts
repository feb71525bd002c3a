/** Counts keys on standard error while an archive is written or read. */
export class KeyProgress {
  readonly #text: (keys: number) => string;
  readonly #isShown: boolean;
  #keys = 0;

  constructor(isShown: boolean, text: (keys: number) => string) {
    this.#isShown = isShown;
    this.#text = text;
  }

  add(): void {
    this.#keys += 1;
    const isRound = this.#keys < 10 || this.#keys % 100 === 0;
    if (this.#isShown && isRound) process.stderr.write(`\r${this.#text(this.#keys)}`);
  }

  end(): void {
    if (this.#isShown) process.stderr.write(`\r${this.#text(this.#keys)}\n`);
  }
}
