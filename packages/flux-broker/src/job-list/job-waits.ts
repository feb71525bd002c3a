// Requests for a job that wait: for the job to be known here, or to reach a state (`job-list.list-id`).
import { JobState, type Request } from '@ebb/flux-client';
import type { ListedJob } from './job.ts';

interface Wait {
  readonly request: Request;
  /** Bits of the states that are waited for; 0: any state but NEW. */
  readonly states: number;
  answer(job: ListedJob): void;
}

/** Whether a job is as a request wants it. An inactive one always is: it will not change any more. */
export function isReady(job: ListedJob, states: number): boolean {
  if (job.state === JobState.Inactive) return true;
  return job.state !== JobState.New && (states === 0 || (job.statesSeen & states) !== 0);
}

export class JobWaits {
  readonly #waits = new Map<bigint, Wait[]>();

  get size(): number {
    return this.#waits.size;
  }

  add(id: bigint, wait: Wait): void {
    this.#waits.set(id, [...(this.#waits.get(id) ?? []), wait]);
  }

  /** Answers the requests that waited for this. */
  changed(job: ListedJob): void {
    const waits = this.#waits.get(job.id);
    if (waits)
      this.#keep(
        job.id,
        waits.filter((wait) => !isReady(job, wait.states)),
        () => {
          for (const wait of waits) if (isReady(job, wait.states)) wait.answer(job);
        },
      );
  }

  /** Forgets the requests of a sender that has gone. */
  disconnect({ sender }: Request): void {
    for (const [id, waits] of this.#waits)
      this.#keep(
        id,
        waits.filter(({ request }) => request.sender !== sender),
      );
  }

  #keep(id: bigint, waits: Wait[], then: () => void = () => {}): void {
    if (waits.length > 0) this.#waits.set(id, waits);
    else this.#waits.delete(id);
    then();
  }
}
