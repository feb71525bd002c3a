// `job-info.update-watch`: the jobspec or R of a job, now and after each event that changes it, until the job is over.
import { FluxError, type Request } from '@ebb/flux-client';
import { type EventlogEntry, parseEvent, parseJson } from '@ebb/flux-formats';
import type { TailReader } from './event-tail.ts';
import type { JobLogs } from './job-logs.ts';
import { applyUpdate, updateIn } from './updates.ts';

export class UpdateWatch {
  readonly request: Request;
  readonly #logs: JobLogs;
  readonly #id: bigint;
  readonly #key: string;
  readonly #onEnd: () => void;
  readonly #updates: EventlogEntry[] = [];
  #value: object | undefined;
  #jobIsOver = false;
  #isOver = false;
  #leave: () => void = () => {};

  constructor(request: Request, logs: JobLogs, { id, key }: { id: bigint; key: string }, onEnd: () => void) {
    this.request = request;
    this.#logs = logs;
    this.#id = id;
    this.#key = key;
    this.#onEnd = onEnd;
  }

  start(): void {
    const reader: TailReader = {
      line: (line) => this.#line(line),
      caughtUp: (exists) => {
        if (exists) void this.#begin();
        else this.fail(new FluxError('ENOENT'));
      },
      end: (error) => this.fail(error),
    };
    this.#leave = this.#logs.follow(this.#id, 'eventlog', reader);
    if (this.#isOver) this.#leave();
  }

  fail(error: FluxError): void {
    if (this.#isOver) return;
    this.end();
    this.request.respondError(error.errno, error.hasText ? error.message : undefined);
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#leave();
    this.#onEnd();
  }

  #line(line: string): void {
    const update = updateIn(this.#key, line);
    if (update) {
      this.#updates.push(update);
      // Before the value is there, its updates wait for it.
      if (this.#value) this.#answer();
    } else if (line.includes('"clean"') && parseEvent(line).name === 'clean') {
      this.#jobIsOver = true;
      if (this.#value) this.fail(new FluxError('ENODATA'));
    }
  }

  async #begin(): Promise<void> {
    try {
      this.#value = parseJson(await this.#logs.read(this.#id, this.#key)) as object;
      this.#answer();
      if (this.#jobIsOver) this.fail(new FluxError('ENODATA'));
    } catch (error) {
      this.fail(error instanceof FluxError ? error : new FluxError('EINVAL', 'lookup value cannot be parsed'));
    }
  }

  #answer(): void {
    for (const update of this.#updates.splice(0)) applyUpdate(this.#key, this.#value!, update);
    if (!this.#isOver) this.request.respond({ [this.#key]: this.#value });
  }
}
