/**
 * The warnings of an answer: each once, and all of them short enough for a header. Past 4096 characters each is cut to 256,
 * and nothing more is said once that many are written anyway. Facts: k8s.io/apiserver pkg/endpoints/filters/warning.go.
 */
const mostCharacters = 4096;
const longestCut = 256;

export class Warnings {
  readonly #texts = new Set<string>();
  #written: string[] = [];
  #length = 0;
  #isCutting = false;

  add(text: string): void {
    if (text === '' || this.#texts.has(text) || (this.#isCutting && this.#length >= mostCharacters)) return;
    this.#texts.add(text);
    if (!this.#isCutting && this.#length + [...text].length > mostCharacters) {
      this.#isCutting = true;
      this.#length = 0;
      this.#written = [];
      for (const each of this.#texts) this.#write(each);
    } else this.#write(text);
  }

  /** Values of `Warning` headers (RFC 7234 5.5), code 299: miscellaneous persistent warnings. */
  headers(): string[] {
    return this.#written.map((text) => {
      const quoted = text.replace(/[\\"]/g, '\\$&');
      // Node writes a character of a header as a byte.
      return Buffer.from(`299 - "${quoted}"`).toString('latin1');
    });
  }

  /** Texts with control characters, which no header may have, are dropped as a real server drops them. */
  #write(text: string): void {
    if (/\p{Cc}/u.test(text)) return;
    const characters = [...text].slice(0, this.#isCutting ? longestCut : undefined);
    this.#length += characters.length;
    this.#written.push(characters.join(''));
  }
}
