// One `job-info.eventlog-watch`: the lines of a log of one job, each once and in order, to the log's end.
import { FluxError, type Request } from '@ebb/flux-client';
import { errnoNumber, parseEvent } from '@ebb/flux-formats';
import type { TailReader } from './event-tail.ts';
import type { JobLogs } from './job-logs.ts';

/** Flags of `eventlog-watch`: wait for the log to be made; an empty answer after what stood in it at first. */
export const WatchFlag = { waitCreate: 1, initialSentinel: 2 } as const;

export interface WatchRequest {
  readonly id: bigint;
  readonly path: string;
  readonly flags: number;
}

const guestPrefix = 'guest.';
const namespaceIsGone = errnoNumber('ENOTSUP');

/** Follows a log until it ends or is cancelled. */
export class EventlogWatch {
  readonly request: Request;
  readonly #logs: JobLogs;
  readonly #id: bigint;
  readonly #path: string;
  readonly #flags: number;
  readonly #onEnd: () => void;
  readonly #leave: (() => void)[] = [];
  #isOver = false;
  #sentinelIsDue: boolean;
  // Lines of the guest log that were sent: where the copy goes on.
  #sent = 0;
  #stage: 'before' | 'active' | 'released' = 'before';
  #isFollowingGuest = false;
  #isReadingCopy = false;
  // What stood in the guest's log at first has been sent; whether there is a log matters once the job has started.
  #guestIsCaughtUp = false;

  constructor(request: Request, logs: JobLogs, { id, path, flags }: WatchRequest, onEnd: () => void) {
    this.request = request;
    this.#logs = logs;
    this.#id = id;
    this.#path = path;
    this.#flags = flags;
    this.#onEnd = onEnd;
    this.#sentinelIsDue = (flags & WatchFlag.initialSentinel) !== 0;
  }

  get isGuest(): boolean {
    return this.#path.startsWith(guestPrefix);
  }

  start(): void {
    const follow = (reader: TailReader) => this.#follow((id, path) => this.#logs.follow(id, path, reader));
    if (!this.isGuest) follow(this.#logReader(this.#path === 'eventlog'));
    else follow(this.#stageReader());
  }

  /** Ends it with an answer; ENODATA is the regular one. */
  fail(error: FluxError): void {
    if (this.#isOver) return;
    this.end();
    this.request.respondError(error.errno, error.hasText ? error.message : undefined);
  }

  /** Ends it without a word: its sender is gone. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const leave of this.#leave.splice(0)) leave();
    this.#onEnd();
  }

  #follow(join: (id: bigint, path: string) => () => void, path = this.isGuest ? 'eventlog' : this.#path): void {
    const leave = join(this.#id, path);
    // The watch may have ended with the lines that were there already.
    if (this.#isOver) leave();
    else this.#leave.push(leave);
  }

  /** Sends the lines of a log; the job's own eventlog is over with `clean`. */
  #logReader(endsWithClean: boolean): TailReader {
    return {
      line: (line) => {
        this.#send(line);
        if (!endsWithClean || nameOf(line) !== 'clean') return;
        this.#sendSentinel();
        this.fail(new FluxError('ENODATA'));
      },
      caughtUp: (exists) => this.#caughtUp(exists),
      end: (error) => this.fail(error),
    };
  }

  // The job's eventlog tells where a log of the guest is: in the guest's namespace, which is made shortly before `start`,
  // and in a copy once all is released. A job that never starts ends without one.
  #stageReader(): TailReader {
    let isCaughtUp = false;
    // What is over already need not be followed: the first lines are read to their end before anything is done.
    const act = () => {
      if (this.#stage === 'released') void this.#readCopy();
      else this.#followGuest();
      if (this.#stage === 'active' && this.#guestIsCaughtUp) this.#caughtUp(this.#sent > 0);
    };
    return {
      line: (line) => {
        const name = nameOf(line);
        if (name === 'start' && this.#stage === 'before') this.#stage = 'active';
        else if (name === 'release' && parseEvent(line).context?.['final'] === true) this.#stage = 'released';
        else if (name !== 'clean') return;
        if (name === 'clean' && this.#stage === 'before') {
          this.fail(new FluxError('ENODATA'));
          return;
        }
        // After `clean` there is no namespace left, whatever became of the release.
        if (name === 'clean') this.#stage = 'released';
        if (isCaughtUp || name === 'clean') act();
      },
      caughtUp: (exists) => {
        isCaughtUp = true;
        if (!exists) this.fail(new FluxError('ENOENT'));
        else act();
      },
      end: (error) => {
        if (!this.#isReadingCopy) this.fail(error);
      },
    };
  }

  #followGuest(): void {
    if (this.#isFollowingGuest || this.#isReadingCopy || this.#isOver) return;
    this.#isFollowingGuest = true;
    const reader: TailReader = {
      line: (line) => {
        if (this.#isReadingCopy) return;
        this.#sent++;
        this.#send(line);
      },
      caughtUp: (exists) => {
        this.#guestIsCaughtUp = true;
        if (!this.#isReadingCopy && (exists || this.#stage !== 'before')) this.#caughtUp(exists);
      },
      // The namespace is gone: its log has been copied before.
      end: (error) => {
        if (error.errno === namespaceIsGone) void this.#readCopy();
        else this.fail(error);
      },
    };
    this.#follow((id, path) => this.#logs.followGuest(id, path, reader), this.#path.slice(guestPrefix.length));
  }

  async #readCopy(): Promise<void> {
    if (this.#isReadingCopy || this.#isOver) return;
    this.#isReadingCopy = true;
    try {
      const lines = await this.#logs.lines(this.#id, this.#path);
      for (const line of lines.slice(this.#sent)) this.#send(line);
      this.#sendSentinel();
      this.fail(new FluxError('ENODATA'));
    } catch (error) {
      this.fail(error instanceof FluxError ? error : new FluxError('EIO', String(error)));
    }
  }

  #caughtUp(exists: boolean): void {
    if (!exists && !(this.#flags & WatchFlag.waitCreate)) this.fail(new FluxError('ENOENT'));
    else this.#sendSentinel();
  }

  #send(event: string): void {
    if (!this.#isOver) this.request.respond({ event });
  }

  #sendSentinel(): void {
    if (!this.#sentinelIsDue || this.#isOver) return;
    this.#sentinelIsDue = false;
    this.request.respond();
  }
}

// Lines of output are many and long, and none of them is an event that matters here.
function nameOf(line: string): string | undefined {
  if (!/"name": ?"(start|release|clean)"/.test(line)) return undefined;
  try {
    return parseEvent(line).name;
  } catch {
    return undefined;
  }
}
