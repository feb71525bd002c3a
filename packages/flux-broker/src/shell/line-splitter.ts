// Cuts the output of a task into lines, so that lines of several tasks do not run into one another.

/** A line longer than this is passed on in pieces. */
const longestLine = 4 * 1024 * 1024;

export class LineSplitter {
  readonly #isUnbuffered: boolean;
  #rest: Buffer[] = [];
  #restBytes = 0;

  /** Unbuffered: what is behind the last newline does not wait for the next one. */
  constructor(isUnbuffered = false) {
    this.#isUnbuffered = isUnbuffered;
  }

  /** Whole lines, each with its newline; what is behind the last newline waits for more. */
  push(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      lines.push(this.#take(chunk.subarray(start, end + 1)));
      start = end + 1;
    }
    if (start < chunk.length) {
      const tail = chunk.subarray(start);
      this.#rest.push(tail);
      this.#restBytes += tail.length;
      if (this.#isUnbuffered || this.#restBytes >= longestLine) lines.push(this.end());
    }
    return lines;
  }

  /** What no newline ended; empty when there is nothing. */
  end(): Buffer {
    return this.#take(Buffer.alloc(0));
  }

  #take(tail: Buffer): Buffer {
    if (this.#rest.length === 0) return tail;
    const line = Buffer.concat([...this.#rest, tail]);
    this.#rest = [];
    this.#restBytes = 0;
    return line;
  }
}
