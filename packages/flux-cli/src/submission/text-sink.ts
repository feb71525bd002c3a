/** Where a submitting command writes: a stream of this process, or the file of `--log` and `--log-stderr`. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { CommandError } from '../command-module.ts';
import { fileError } from './submission.ts';

export interface TextSink {
  write(data: string | Uint8Array): unknown;
}

export class LogFiles {
  readonly #open = new Map<string, number>();

  /** The file as a sink; emptied when it is first named. @throws CommandError when it cannot be opened */
  sink(path: string): TextSink {
    let file = this.#open.get(path);
    if (file === undefined) {
      try {
        file = openSync(path, 'w');
      } catch (error) {
        throw new CommandError(fileError(error as NodeJS.ErrnoException, path));
      }
      this.#open.set(path, file);
    }
    const descriptor = file;
    return {
      write: (data) =>
        typeof data === 'string' ? writeSync(descriptor, data) : writeSync(descriptor, data, 0, data.length),
    };
  }

  close(): void {
    for (const file of this.#open.values()) closeSync(file);
    this.#open.clear();
  }
}
