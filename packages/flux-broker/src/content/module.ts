// The module `content`: blobs by their digests (RFC 10), and the checkpoints that point into them. It answers for the
// backing store too, which is this process's own. Payloads are raw bytes.
import { FluxError, type Request } from '@ebb/flux-client';
import { printBlobref } from '@ebb/flux-formats';
import type { BrokerModule, ModuleContext } from '../module.ts';
import { ownerOnly } from '../services/roles.ts';
import type { BlobStore, Checkpoint } from './blob-store.ts';
import { acquireStore, releaseStore } from './shared-store.ts';

/** Limits of one request of `flux gc`, each about a tenth of a second. */
const mostMarked = 16_384;
const mostDeleted = 8192;
const mostSeen = 1 << 19;

export function create(): BrokerModule {
  return new Content();
}

class Content implements BrokerModule {
  readonly name = 'content';
  readonly services = ['content-backing'];
  #context!: ModuleContext;
  #store!: BlobStore;

  async start(context: ModuleContext): Promise<void> {
    this.#context = context;
    this.#store = await acquireStore(context);
    const { flux } = context;
    const methods: Record<string, (request: Request) => void | Promise<void>> = {
      load: (request) => this.#load(request),
      store: (request) => this.#storeBlob(request),
      validate: (request) => this.#load(request, true),
      'checkpoint-get': (request) => request.respond({ value: this.#checkpoints() }),
      'checkpoint-put': (request) => this.#putCheckpoint(request),
      flush: (request) => this.#flush(request),
      dropcache: (request) => request.respond(),
      'stats-get': (request) => request.respond(this.#stats()),
    };
    flux.handle('content-backing.gc-info', (request) => this.#gcInfo(request), ownerOnly);
    flux.handle('content-backing.mark', (request) => this.#mark(request), ownerOnly);
    flux.handle('content-backing.sweep', (request) => this.#sweep(request), ownerOnly);
    for (const service of [this.name, ...this.services]) {
      for (const [method, handle] of Object.entries(methods)) flux.handle(`${service}.${method}`, handle, ownerOnly);
    }
  }

  async stop(): Promise<void> {
    await releaseStore(this.#context);
  }

  #load(request: Request, onlyCheck = false): void {
    const blob = this.#store.load(printBlobref(digestOf(request), this.#store.hash));
    if (!blob) throw new FluxError('ENOENT');
    if (onlyCheck) request.respond();
    else request.respondRaw(blob.length > 0 ? blob : undefined);
  }

  async #storeBlob(request: Request): Promise<void> {
    const ref = this.#store.store(request.raw ?? new Uint8Array());
    await this.#store.committed();
    request.respondRaw(Buffer.from(ref.slice(this.#store.hash.length + 1), 'hex'));
  }

  #checkpoints(): Checkpoint[] {
    const checkpoints = this.#store.checkpoints();
    if (checkpoints.length === 0) throw new FluxError('ENOENT');
    return checkpoints;
  }

  async #putCheckpoint(request: Request): Promise<void> {
    const { value } = request.json<{ value?: Checkpoint }>();
    if (typeof value?.rootref !== 'string') throw new FluxError('EPROTO', 'value.rootref must be a blob reference');
    const { rootref, sequence = 0, timestamp = this.#context.clock.now() / 1000 } = value;
    this.#store.putCheckpoint({ version: 1, rootref, sequence, timestamp });
    await this.#store.committed();
    request.respond();
  }

  async #flush(request: Request): Promise<void> {
    await this.#store.committed();
    request.respond();
  }

  #gcInfo(request: Request): void {
    request.respond({ current_epoch: this.#store.epoch, high_water: this.#store.lastCursor });
  }

  #mark(request: Request): void {
    const { epoch, hashes } = request.json<{ epoch?: number; hashes?: string[] }>();
    if (typeof epoch !== 'number' || !Array.isArray(hashes)) throw new FluxError('EPROTO');
    if (hashes.length > mostMarked) {
      throw new FluxError('EINVAL', `mark request of ${hashes.length} hashes exceeds limit of ${mostMarked}`);
    }
    request.respond({ marked: hashes.filter((ref) => this.#store.mark(ref, epoch)).length });
  }

  async #sweep(request: Request): Promise<void> {
    const asked = request.json<Record<'epoch' | 'cursor' | 'delete_cap' | 'window', number>>();
    const { epoch, cursor, delete_cap: deletions, window } = asked;
    if (![epoch, cursor, deletions, window].every((each) => typeof each === 'number')) throw new FluxError('EPROTO');
    if (cursor === 0) await this.#store.beforeSweep?.();
    const limits = { deletions: Math.min(deletions, mostDeleted), window: Math.min(window, mostSeen) };
    request.respond(this.#store.sweep(epoch, cursor, limits));
  }

  #stats(): object {
    const { count, bytes } = this.#store.stats();
    return { count, valid: count, dirty: 0, size: bytes, 'flush-batch-count': 0, mmap: { tags: {}, blobs: 0 } };
  }
}

function digestOf(request: Request): Uint8Array {
  if (!request.raw) throw new FluxError('EPROTO', 'the payload must be the digest of a blob');
  return request.raw;
}
