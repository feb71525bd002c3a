/** Blobs of the content store (RFC 10), by their references. */
import type { Flux } from '@ebb/flux-client';
import {
  type BlobHash,
  isBlobHash,
  parseBlobref,
  parseTreeObject,
  printBlobref,
  type TreeObject,
} from '@ebb/flux-formats';

/** With it the store on disk is asked, not the broker's cache. */
const cacheBypass = 'content-backing';

export class Content {
  readonly #flux: Flux;
  readonly #service: string;
  #hash: BlobHash | undefined;

  constructor(flux: Flux, options: { readonly bypassesCache: boolean }) {
    this.#flux = flux;
    this.#service = options.bypassesCache ? cacheBypass : 'content';
  }

  /** @throws FluxError ENOENT */
  async load(blobref: string): Promise<Buffer> {
    const bytes = await this.#flux.rpcRaw(`${this.#service}.load`, parseBlobref(blobref).digest);
    return Buffer.from(bytes ?? new Uint8Array());
  }

  /** @throws FluxError ENOENT; FormatError when the blob is no object of RFC 11 */
  async loadTree(blobref: string): Promise<TreeObject> {
    return parseTreeObject(JSON.parse((await this.load(blobref)).toString('utf8')));
  }

  /** Resolves with the reference. */
  async store(blob: Uint8Array): Promise<string> {
    const digest = await this.#flux.rpcRaw(`${this.#service}.store`, blob);
    return printBlobref(digest ?? new Uint8Array(), await this.#hashName());
  }

  async #hashName(): Promise<BlobHash> {
    if (this.#hash) return this.#hash;
    const name = await this.#flux.attr('content.hash');
    if (!isBlobHash(name)) throw new Error(`content.hash: ${name} is not known`);
    this.#hash = name;
    return name;
  }
}
