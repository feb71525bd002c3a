import type { LoggedChange, Medium, MediumContents } from './medium.ts';

/** A medium that forgets everything with its process: the store's own memory is all there is. */
export class MemoryMedium implements Medium {
  load(): MediumContents {
    return { revision: 0, compacted: 0, records: [], changes: [] };
  }

  commit(_changes: readonly LoggedChange[]): Promise<void> {
    return Promise.resolve();
  }

  compact(_revision: number): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
