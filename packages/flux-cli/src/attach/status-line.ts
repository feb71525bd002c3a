/** The line that tells how far a job is that has not started yet. */
import type { Flux } from '@ebb/flux-client';
import type { EventlogEntry } from '@ebb/flux-formats';

const secondsBetweenQueueChecks = 10;

export class StatusLine {
  readonly #flux: Flux;
  readonly #id: bigint;
  readonly #jobid: string;
  #text = '';
  #start = 0;
  #prologs = 0;
  #isShown: boolean;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;
  #queue: string | undefined;
  #queueIsStopped = false;
  #lastCheck = 0;

  /** `asked`: shown from the start; else after two seconds. */
  constructor(flux: Flux, id: bigint, jobid: string, asked: boolean) {
    this.#flux = flux;
    this.#id = id;
    this.#jobid = jobid;
    this.#isShown = asked;
    const show = () => {
      this.#isShown = true;
      this.#print();
      this.#timer = setTimeout(show, 1000);
    };
    this.#timer = setTimeout(show, asked ? 0 : 2000);
  }

  /** Takes an event of the job's eventlog into account. */
  event(event: EventlogEntry): void {
    this.#start ||= event.timestamp;
    const text = this.#textAfter(event);
    if (text !== undefined) this.#text = text;
    if (this.#isOver) return;
    this.#print();
    if (event.name === 'start' || event.name === 'clean') this.end();
  }

  /** Removes the line, for another to be printed in its place. */
  clear(): void {
    if (this.#isShown && !this.#isOver) process.stderr.write('\r\x1b[K');
  }

  /** A fatal exception: nothing more is told. */
  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  end(): void {
    if (this.#isShown && !this.#isOver) process.stderr.write('\n');
    this.stop();
  }

  #textAfter({ name }: EventlogEntry): string | undefined {
    switch (name) {
      case 'submit':
        return 'submitted';
      case 'validate':
        return 'resolving dependencies';
      case 'depend':
        return 'waiting for priority assignment';
      case 'priority':
        return 'waiting for resources';
      case 'alloc':
        return 'starting';
      case 'prolog-start':
        this.#prologs++;
        return 'waiting for prolog';
      case 'prolog-finish':
        return --this.#prologs > 0 ? 'waiting for prolog' : 'starting';
      case 'start':
        return 'started';
      case 'jobspec-update':
        this.#queue = undefined;
        this.#queueIsStopped = false;
        return undefined;
      default:
        return undefined;
    }
  }

  #print(): void {
    if (!this.#isShown || this.#isOver || this.#text === '') return;
    const seconds = Math.max(0, Math.floor(Date.now() / 1000 - this.#start));
    if (this.#text === 'waiting for resources') this.#checkQueue(seconds);
    const stopped = this.#queueIsStopped && this.#text === 'waiting for resources';
    const text = stopped ? `${this.#text} (${this.#queue} queue stopped)` : this.#text;
    const width = (process.stderr.columns ?? 80) - 20 - Buffer.byteLength(this.#jobid);
    const two = (value: number) => String(value).padStart(2, '0');
    const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    process.stderr.write(`\rflux-job: ${this.#jobid} ${text.padEnd(width)} ${clock}\r`);
  }

  #checkQueue(seconds: number): void {
    const forgive = () => {};
    if (this.#queue === undefined) {
      this.#queue = '';
      this.#flux
        .rpc<{ job: { queue?: string } }>('job-list.list-id', { id: this.#id, attrs: ['queue'] })
        .then(({ job }) => {
          this.#queue = job.queue ?? 'default';
        })
        .catch(forgive);
    } else if (this.#queue !== '' && (this.#lastCheck <= 0 || seconds - this.#lastCheck >= secondsBetweenQueueChecks)) {
      this.#lastCheck = seconds || 1;
      const name = this.#queue === 'default' ? {} : { name: this.#queue };
      this.#flux
        .rpc<{ start: boolean }>('job-manager.queue-status', name, { nodeid: 0 })
        .then(({ start }) => {
          this.#queueIsStopped = !start;
        })
        .catch(forgive);
    }
  }
}
