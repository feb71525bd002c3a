// How much output of a job the KVS takes: what is beyond is dropped, with a warning (flux-shell(1), output.limit).
import { decodeIo, type IoObject } from '@ebb/flux-formats';
import { printSize, type Stream, streams } from './output-config.ts';

/** From so much on, the user is told of a better place. */
const highVolume = 100 * 2 ** 20;

export class OutputLimit {
  readonly #limit: number;
  readonly #limitText: string;
  readonly #warn: (message: string) => void;
  readonly #bytes: Record<Stream, number> = { stdout: 0, stderr: 0 };

  /** `limitText` is the limit as people wrote it. */
  constructor(limit: number, limitText: string, warn: (message: string) => void) {
    this.#limit = limit;
    this.#limitText = limitText;
    this.#warn = warn;
  }

  /** Counts a piece; false when it is to be dropped. */
  admits(object: IoObject): boolean {
    const stream = object.stream === 'stderr' ? 'stderr' : 'stdout';
    const before = this.#bytes[stream];
    const after = before + bytesOf(object);
    this.#bytes[stream] = after;
    if (after <= this.#limit) return true;
    if (before <= this.#limit) this.#warn(`${stream} will be truncated, ${this.#limitText} limit exceeded`);
    return object.eof === true;
  }

  /** The job is over. */
  summarize(): void {
    for (const stream of [...streams].reverse()) {
      const bytes = this.#bytes[stream];
      if (bytes > this.#limit) this.#warn(`${stream}: ${bytes - this.#limit} of ${bytes} bytes truncated`);
      if (bytes > highVolume) {
        const advice = 'consider redirecting to a file next time (e.g. use --output=FILE)';
        this.#warn(`high ${stream} volume (${printSize(bytes)}), ${advice}`);
      }
    }
  }
}

function bytesOf(object: IoObject): number {
  return object.data === undefined ? 0 : decodeIo(object).data.length;
}
