// What job-exec and the job manager say to one another about one job (flux-core: job-manager/start.c).
import type { Request } from '@ebb/flux-client';
import { type Jobspec, type RObject, toFluid } from '@ebb/flux-formats';

export interface StartRequest {
  readonly id: bigint;
  readonly userid: number;
  readonly jobspec: Jobspec;
  readonly R: RObject;
  /** The job ran when the instance ended, and is to be found again. */
  readonly reattach: boolean;
}

export function startRequest(request: Request): StartRequest {
  const { id, ...rest } = request.json<Omit<StartRequest, 'id'> & { id: unknown }>();
  return { ...rest, id: toFluid(id) };
}

/** Answers to the job manager. After `release` there is nothing more to say. */
export class ManagerAnswers {
  readonly #request: Request;
  readonly #id: bigint;

  constructor(request: Request, id: bigint) {
    this.#request = request;
    this.#id = id;
  }

  start(): void {
    this.#respond('start', {});
  }

  /** It runs as it did before. */
  reattached(): void {
    this.#respond('reattached', {});
  }

  /** Status: the job's wait status. */
  finish(status: number): void {
    this.#respond('finish', { status });
  }

  /** A severity of 0 is the end of the job. */
  exception(type: string, severity: number, note: string): void {
    this.#respond('exception', { severity, type, note });
  }

  /** All resources are free again. */
  release(): void {
    this.#respond('release', { ranks: 'all', final: true });
  }

  #respond(type: string, data: Record<string, unknown>): void {
    this.#request.respond({ id: this.#id, type, data });
  }
}
