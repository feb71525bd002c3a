// Files that tasks write their output to. One path is one file, however many tasks share it.
import { createWriteStream, openSync, type WriteStream } from 'node:fs';
import { FluxError } from '@ebb/flux-client';

export class OutputFiles {
  readonly #files = new Map<string, WriteStream>();
  readonly #flags: string;
  readonly #onError: (text: string) => void;

  /** `onError` hears of writes that fail, such as on a full disk. */
  constructor(mode: 'truncate' | 'append', onError: (text: string) => void) {
    this.#flags = mode === 'append' ? 'a' : 'w';
    this.#onError = onError;
  }

  /** The file at a path. @throws FluxError when it cannot be opened */
  open(path: string): WriteStream {
    const known = this.#files.get(path);
    if (known) return known;
    let fd: number;
    try {
      fd = openSync(path, this.#flags, 0o644);
    } catch (error) {
      const { errno, message } = FluxError.of(error as NodeJS.ErrnoException);
      throw new FluxError(errno, `error opening output file '${path}': ${message}`, { cause: error });
    }
    const file = createWriteStream(path, { fd });
    file.on('error', (error) => this.#onError(`${path}: ${error.message}`));
    this.#files.set(path, file);
    return file;
  }

  /** Resolves when all that was written is in the files. */
  async close(): Promise<void> {
    await Promise.all(
      [...this.#files.values()].map(
        (file) => new Promise<void>((resolve) => file.end(resolve).once('error', () => resolve())),
      ),
    );
    this.#files.clear();
  }
}
