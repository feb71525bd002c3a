// A container's log on disk in the form container runtimes write (KEP-cri log format): `TIME STREAM F|P TEXT`. It is
// rotated at a size, the last one kept. What a full disk does not take is lost; the container runs on.

import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

const largestFile = 10 * 1024 * 1024;
const longestLine = 16 * 1024;

export type LogStream = 'stdout' | 'stderr';

export class ContainerLog {
  readonly path: string;
  readonly #now: () => Date;
  readonly #listeners = new Set<(line: string) => void>();
  readonly #rest: Record<LogStream, Buffer[]> = { stdout: [], stderr: [] };
  #file: number;
  #size = 0;
  #isClosed = false;
  #last = '';
  #serial = 0;
  #isLosing = false;
  readonly #lost: (why: string) => void;

  /** @param lost hears, once in a row, why lines cannot be written. @throws Error where no file can be made */
  constructor(path: string, now: () => Date, lost: (why: string) => void = () => {}) {
    this.path = path;
    this.#now = now;
    this.#lost = lost;
    mkdirSync(dirname(path), { recursive: true });
    this.#file = openSync(path, 'a', 0o640);
    this.#size = fstatSync(this.#file).size;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  write(stream: LogStream, chunk: Buffer): void {
    if (this.#isClosed) return;
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      this.#line(stream, 'F', Buffer.concat([...this.#rest[stream], chunk.subarray(start, end)]));
      this.#rest[stream] = [];
      start = end + 1;
    }
    if (start < chunk.length) this.#rest[stream].push(chunk.subarray(start));
    while (this.#rest[stream].reduce((sum, { length }) => sum + length, 0) > longestLine) {
      const whole = Buffer.concat(this.#rest[stream]);
      this.#line(stream, 'P', whole.subarray(0, longestLine));
      this.#rest[stream] = [whole.subarray(longestLine)];
    }
  }

  close(): void {
    if (this.#isClosed) return;
    for (const stream of ['stdout', 'stderr'] as const) {
      const rest = Buffer.concat(this.#rest[stream]);
      if (rest.length > 0) this.#line(stream, 'P', rest);
    }
    this.#isClosed = true;
    closeSync(this.#file);
    for (const listener of this.#listeners) listener('');
    this.#listeners.clear();
  }

  /** Hears each line that is written from now on, and an empty one at the end. Returns the way to stop. */
  follow(listener: (line: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The lines there are, those of the rotated file first. */
  lines(): string[] {
    return readLogLines(this.path);
  }

  #line(stream: LogStream, tag: 'F' | 'P', text: Buffer): void {
    const head = Buffer.from(`${this.#time()} ${stream} ${tag} `);
    const line = Buffer.concat([head, text, Buffer.from('\n')]);
    this.#append(line);
    for (const listener of this.#listeners) listener(line.toString('latin1').slice(0, -1));
  }

  #append(line: Buffer): void {
    try {
      if (this.#size + line.length > largestFile) this.#rotate();
      for (let done = 0; done < line.length; ) done += writeSync(this.#file, line, done);
      this.#size += line.length;
      this.#isLosing = false;
    } catch (error) {
      // Half a line would spoil the next one.
      ftruncateSync(this.#file, this.#size);
      if (!this.#isLosing) this.#lost((error as Error).message);
      this.#isLosing = true;
    }
  }

  /** Nanoseconds are made up, so that lines of one millisecond keep their order. */
  #time(): string {
    const time = this.#now().toISOString();
    this.#serial = time === this.#last ? this.#serial + 1 : 0;
    this.#last = time;
    return time.replace('Z', `${String(Math.min(this.#serial, 999_999)).padStart(6, '0')}Z`);
  }

  #rotate(): void {
    renameSync(this.path, `${this.path}.1`);
    const full = this.#file;
    this.#file = openSync(this.path, 'a', 0o640);
    this.#size = 0;
    closeSync(full);
  }
}

/** Lines as latin1 text, so that bytes which are no UTF-8 pass unharmed. */
export function readLogLines(path: string): string[] {
  return [`${path}.1`, path]
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'latin1').split('\n'))
    .filter((line) => line !== '');
}
