// The KVS namespace of one job: its eventlogs while the job runs, and their way into the primary namespace when it is
// over (RFC 16).
import { type Flux, FluxError, KvsTransaction, kvsTreeObject } from '@ebb/flux-client';
import { blobrefOf, canonicalTreeText, directoryObject, isBlobHash, printFluid, valueObject } from '@ebb/flux-formats';
import type { GuestEntry } from '../shell/shell-messages.ts';

const append = 32;

export class GuestNamespace {
  readonly name: string;
  readonly #flux: Flux;
  readonly #link: string;
  /** Text by log, in the order in which the logs came up. */
  #pending = new Map<string, string[]>();
  #commit: Promise<void> | undefined;
  /** The last commit is to name the root, which all others need not compute. */
  #isLast = false;
  #root: string | undefined;

  constructor(flux: Flux, id: bigint) {
    this.#flux = flux;
    this.name = `job-${id}`;
    this.#link = `${printFluid(id, 'kvs')}.guest`;
  }

  /** Makes the namespace and the link to it. @throws FluxError */
  async create(owner: number, hash: string): Promise<void> {
    await this.#create(owner, blobrefOf(canonicalTreeText(directoryObject()), isBlobHash(hash) ? hash : 'sha1'));
  }

  /**
   * Makes it again out of the tree that {@link preserve} left behind.
   * @throws FluxError where there is no such tree
   */
  async recreate(owner: number): Promise<void> {
    const tree = await kvsTreeObject(this.#flux, this.#link);
    if (tree.type !== 'dirref') throw new FluxError('EINVAL');
    await this.#create(owner, tree.data[0]!);
  }

  async #create(owner: number, rootref: string): Promise<void> {
    const request = { namespace: this.name, rootref, owner, flags: 0 };
    await this.#flux.rpc('kvs.namespace-create', request, { nodeid: 0 });
    await new KvsTransaction().link(this.#link, '.', this.name).commitWithoutRoot(this.#flux);
  }

  /** Appends events. What comes while a commit is under way goes together in the next one. */
  append(entries: readonly GuestEntry[]): void {
    for (const [log, text] of entries) {
      const texts = this.#pending.get(log);
      if (texts) texts.push(text);
      else this.#pending.set(log, [text]);
    }
    this.#commit ??= this.#commitAll();
    // Whoever needs to know asks for it.
    this.#commit.catch(() => {});
  }

  /** Resolves when all that was appended is committed. @throws FluxError when it could not be */
  async written(): Promise<void> {
    await this.#commit;
  }

  /**
   * Appends the last events, puts the namespace's tree where the link was, and removes the namespace.
   * @throws FluxError
   */
  async graft(last: readonly GuestEntry[]): Promise<void> {
    this.#isLast = true;
    this.append(last);
    await this.preserve();
    await this.#flux.rpc('kvs.namespace-remove', { namespace: this.name }, { nodeid: 0 });
  }

  /** Puts the namespace's tree where the link was, for a job that goes on without this instance. @throws FluxError */
  async preserve(): Promise<void> {
    await this.written();
    const root = this.#root ?? (await this.#readRoot());
    await new KvsTransaction()
      .putTreeObject(this.#link, { ver: 1, type: 'dirref', data: [root] })
      .commitWithoutRoot(this.#flux);
  }

  async #readRoot(): Promise<string> {
    return (await this.#flux.rpc<{ rootref: string }>('kvs.getroot', { namespace: this.name, flags: 0 })).rootref;
  }

  async #commitAll(): Promise<void> {
    // What else comes in this turn is for the same commit.
    await Promise.resolve();
    try {
      while (this.#pending.size > 0) await this.#commitPending();
    } finally {
      // In the turn in which nothing was left: what comes next begins anew.
      this.#commit = undefined;
    }
  }

  async #commitPending(): Promise<void> {
    const isLast = this.#isLast;
    const ops = [...this.#pending].map(([key, texts]) => ({ key, flags: append, dirent: valueObject(texts.join('')) }));
    this.#pending = new Map();
    const request = { namespace: this.name, flags: 0, ops, ...(isLast ? {} : { rootref: false }) };
    try {
      const answer = await this.#flux.rpc<{ rootref?: string }>('kvs.commit', request);
      this.#root = isLast ? answer.rootref : undefined;
    } catch (error) {
      throw new FluxError((error as FluxError).errno, `${this.name}: ${(error as Error).message}`, { cause: error });
    }
  }
}
