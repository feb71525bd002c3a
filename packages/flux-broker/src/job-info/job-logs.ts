// Where the eventlogs of jobs stand (RFC 16), and the tails by which they are followed.
import { type Flux, FluxError, kvsGet, primaryNamespace } from '@ebb/flux-client';
import { parseEvent, printFluid } from '@ebb/flux-formats';
import { EventTail, linesOf, type TailReader } from './event-tail.ts';

const knownOwners = 1000;

export class JobLogs {
  readonly #flux: Flux;
  readonly #tails = new Map<string, EventTail>();
  // Users of jobs asked for lately: a job never changes its user.
  readonly #owners = new Map<bigint, number>();

  constructor(flux: Flux) {
    this.#flux = flux;
  }

  /** The key of something of a job in the primary namespace. */
  static key(id: bigint, name: string): string {
    return `${printFluid(id, 'kvs')}.${name}`;
  }

  /** Follows a log of the primary namespace. Returns the way to stop. */
  follow(id: bigint, path: string, reader: TailReader): () => void {
    return this.#follow(primaryNamespace, JobLogs.key(id, path), reader);
  }

  /** Follows a log of the job's own namespace, which is there while the job runs. */
  followGuest(id: bigint, path: string, reader: TailReader): () => void {
    return this.#follow(`job-${id}`, path, reader);
  }

  /** A value of a job as text. @throws FluxError ENOENT */
  async read(id: bigint, name: string): Promise<string> {
    return (await kvsGet(this.#flux, JobLogs.key(id, name))).toString('utf8');
  }

  /** The lines of a log as they are now. @throws FluxError ENOENT */
  async lines(id: bigint, path: string): Promise<string[]> {
    return linesOf(await this.read(id, path));
  }

  /** The job's user if it is known without looking. */
  knownOwner(id: bigint): number | undefined {
    return this.#owners.get(id);
  }

  /** The user who submitted a job. @throws FluxError ENOENT, EPROTO */
  async owner(id: bigint): Promise<number> {
    return this.#owners.get(id) ?? this.ownerFrom(id, await this.read(id, 'eventlog'));
  }

  /** The user, from the text of the job's eventlog. @throws FluxError EPROTO when it does not begin as it must */
  ownerFrom(id: bigint, eventlog: string): number {
    const userid = submitter(eventlog);
    if (userid === undefined) throw new FluxError('EPROTO');
    if (this.#owners.size >= knownOwners) this.#owners.delete(this.#owners.keys().next().value!);
    this.#owners.set(id, userid);
    return userid;
  }

  #follow(namespace: string, key: string, reader: TailReader): () => void {
    // Eventlogs are short and have many readers. Output is long and has few: each follows it for itself.
    const isShared = key.endsWith('eventlog');
    const name = `${namespace} ${key}`;
    let tail = isShared ? this.#tails.get(name) : undefined;
    if (!tail) {
      const made = new EventTail(this.#flux, namespace, key, isShared, () => {
        if (this.#tails.get(name) === made) this.#tails.delete(name);
      });
      tail = made;
      if (isShared) this.#tails.set(name, made);
    }
    const joined = tail;
    joined.join(reader);
    return () => joined.leave(reader);
  }
}

function submitter(eventlog: string): number | undefined {
  try {
    const { name, context } = parseEvent(linesOf(eventlog)[0] ?? '');
    const userid = context?.['userid'];
    return name === 'submit' && typeof userid === 'number' ? userid : undefined;
  } catch {
    return undefined;
  }
}
