/** What a shell has to say to others: what comes within one turn goes in one message. */
import type { IoObject } from '@ebb/flux-formats';
import type { GuestEntry } from './shell-messages.ts';

export interface OutboxTargets {
  /** Takes entries of the job's guest eventlogs, for job-exec. */
  entries(entries: readonly GuestEntry[]): void;
  /** Takes output of tasks, for the job's first shell. */
  output(objects: readonly IoObject[]): void;
}

export class Outbox {
  readonly #targets: OutboxTargets;
  #entries: GuestEntry[] = [];
  #output: IoObject[] = [];
  #isSoon = false;

  constructor(targets: OutboxTargets) {
    this.#targets = targets;
  }

  addEntries(entries: readonly GuestEntry[]): void {
    this.#entries.push(...entries);
    this.#flushSoon();
  }

  addOutput(object: IoObject): void {
    this.#output.push(object);
    this.#flushSoon();
  }

  /** Says at once what is there. */
  flush(): void {
    const [output, entries] = [this.#output, this.#entries];
    this.#isSoon = false;
    this.#output = [];
    this.#entries = [];
    if (output.length > 0) this.#targets.output(output);
    if (entries.length > 0) this.#targets.entries(entries);
  }

  #flushSoon(): void {
    if (this.#isSoon) return;
    this.#isSoon = true;
    setImmediate(() => this.flush());
  }
}
