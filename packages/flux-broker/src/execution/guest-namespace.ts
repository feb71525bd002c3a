// The KVS namespace of one job: its eventlogs while the job runs, and their way into the primary namespace when it is
// over (RFC 16).
import { type Flux, FluxError, type KvsRoot, KvsTransaction } from '@ebb/flux-client';
import { blobrefOf, canonicalTreeText, directoryObject, isBlobHash, printFluid } from '@ebb/flux-formats';
import type { GuestEntry } from '../shell/shell-messages.ts';

export class GuestNamespace {
  readonly name: string;
  readonly #flux: Flux;
  readonly #link: string;
  /** Text by log, in the order in which the logs came up. */
  #pending = new Map<string, string[]>();
  #commit: Promise<void> | undefined;
  /** After the last commit. */
  #root: string | undefined;

  constructor(flux: Flux, id: bigint) {
    this.#flux = flux;
    this.name = `job-${id}`;
    this.#link = `${printFluid(id, 'kvs')}.guest`;
  }

  /** Makes the namespace and the link to it. @throws FluxError */
  async create(owner: number, hash: string): Promise<void> {
    const rootref = blobrefOf(canonicalTreeText(directoryObject()), isBlobHash(hash) ? hash : 'sha1');
    const request = { namespace: this.name, rootref, owner, flags: 0 };
    await this.#flux.rpc('kvs.namespace-create', request, { nodeid: 0 });
    await new KvsTransaction().link(this.#link, '.', this.name).commit(this.#flux);
  }

  /** Appends events. What comes while a commit is under way goes together in the next one. */
  append(entries: readonly GuestEntry[]): void {
    for (const [log, text] of entries) {
      const texts = this.#pending.get(log);
      if (texts) texts.push(text);
      else this.#pending.set(log, [text]);
    }
    this.#commit ??= this.#commitAll().finally(() => {
      this.#commit = undefined;
    });
  }

  /** Resolves when all that was appended is committed. @throws FluxError when it could not be */
  async written(): Promise<void> {
    await this.#commit;
  }

  /** Puts the namespace's tree where the link was, and removes the namespace. @throws FluxError */
  async graft(): Promise<void> {
    await this.written();
    const root = this.#root ?? (await this.#readRoot());
    await new KvsTransaction().putTreeObject(this.#link, { ver: 1, type: 'dirref', data: [root] }).commit(this.#flux);
    await this.#flux.rpc('kvs.namespace-remove', { namespace: this.name }, { nodeid: 0 });
  }

  async #readRoot(): Promise<string> {
    return (await this.#flux.rpc<KvsRoot>('kvs.getroot', { namespace: this.name, flags: 0 })).rootref;
  }

  async #commitAll(): Promise<void> {
    while (this.#pending.size > 0) {
      const pending = this.#pending;
      this.#pending = new Map();
      const transaction = new KvsTransaction();
      for (const [log, texts] of pending) transaction.append(log, texts.join(''));
      try {
        this.#root = (await transaction.commit(this.#flux, { namespace: this.name })).rootref;
      } catch (error) {
        throw new FluxError((error as FluxError).errno, `${this.name}: ${(error as Error).message}`, { cause: error });
      }
    }
  }
}
