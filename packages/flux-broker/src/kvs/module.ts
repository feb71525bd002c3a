// The module `kvs` of rank 0: the key-value store (RFC 11 and 16). Followers load none; what they ask travels up here.
import { FluxError, type Request, Role } from '@ebb/flux-client';
import { isBlobHash, parseBlobref, parseDuration, type TreeObject } from '@ebb/flux-formats';
import type { Timer } from '../clock.ts';
import { acquireStore, releaseStore } from '../content/shared-store.ts';
import { type BrokerModule, type ConfigObject, LogLevel, type ModuleContext } from '../module.ts';
import { alsoGuests, ownerOnly } from '../services/roles.ts';
import { authorizeOperations } from './authorize.ts';
import { Directory } from './entries.ts';
import { GarbageCollector } from './garbage-collector.ts';
import { lookup } from './lookup.ts';
import { Namespace, primary } from './namespace.ts';
import { Namespaces, shareNamespaces } from './namespaces.ts';
import { SavedState } from './saved-state.ts';
import { cacheStatistics, RunningStatistics } from './statistics.ts';
import { keysOf, type Operation } from './tree.ts';

/** Garbage is collected after so many bytes of new blobs. */
const garbageOnDisk = 256 << 20;
const garbageInMemory = 32 << 20;

export function create(): BrokerModule {
  return new Kvs();
}

/** The payload of `kvs.commit`. */
interface CommitRequest {
  namespace?: string;
  flags?: number;
  ops?: Operation[];
  /** False: the answer need not name the root, which spares hashing and storing what changed. An extension. */
  rootref?: false;
}

/** What a commit may ask for. Each one stands alone here, so that no-merge (1) and txn-compact (2) change nothing. */
const CommitFlag = { sync: 4 } as const;

interface LookupRequest {
  key?: string;
  flags?: number;
  namespace?: string;
  rootdir?: TreeObject;
}

class Kvs implements BrokerModule {
  readonly name = 'kvs';
  #context!: ModuleContext;
  #namespaces!: Namespaces;
  #saved!: SavedState;
  #collector!: GarbageCollector;
  readonly #operationCounts = new RunningStatistics();
  #period: Timer | undefined;

  async start(context: ModuleContext): Promise<void> {
    this.#context = context;
    const { flux, attributes } = context;
    const store = await acquireStore(context);
    this.#saved = new SavedState({
      store,
      folder: store.isPersistent ? context.statedir : undefined,
      clock: context.clock,
      onError: (error) => context.log(LogLevel.err, `checkpoint: ${error.message}`),
    });
    this.#namespaces = new Namespaces(store, await this.#restore());
    store.beforeSweep = () => this.#saved.checkpoint();
    this.#collector = new GarbageCollector({
      store,
      roots: () => this.#roots(),
      checkpoint: () => this.#saved.checkpoint(),
      everyBytes: store.isPersistent ? garbageOnDisk : garbageInMemory,
    });
    shareNamespaces(attributes, this.#namespaces);
    this.#configure(context.config());
    context.onConfig((config) => this.#configure(config));
    flux.handle('kvs.lookup', (request) => this.#lookup(request), alsoGuests);
    flux.handle('kvs.lookup-plus', (request) => this.#lookupPlus(request), alsoGuests);
    flux.handle('kvs.commit', (request) => this.#commit(request), alsoGuests);
    flux.handle('kvs.getroot', (request) => this.#getroot(request), alsoGuests);
    flux.handle('kvs.wait-version', (request) => this.#namespaceOf(request).waitVersion(request), alsoGuests);
    flux.handle('kvs.namespace-create', (request) => this.#create(request), ownerOnly);
    flux.handle('kvs.namespace-remove', (request) => this.#remove(request), ownerOnly);
    flux.handle('kvs.namespace-list', (request) => this.#list(request), ownerOnly);
    flux.handle('kvs.stats-get', (request) => request.respond(this.#stats()), alsoGuests);
    flux.handle('kvs.dropcache', (request) => this.#dropCache(request), ownerOnly);
    flux.handle(
      'kvs.disconnect',
      ({ sender }) => {
        for (const namespace of this.#namespaces.list()) namespace.forget(sender);
      },
      alsoGuests,
    );
  }

  async stop(): Promise<void> {
    shareNamespaces(this.#context.attributes, undefined);
    this.#period?.cancel();
    this.#saved.store.beforeSweep = undefined;
    await this.#collector.stop();
    await this.#saved.close();
    this.#namespaces.close();
    await releaseStore(this.#context);
  }

  /** The primary namespace as the broker before left it. */
  async #restore(): Promise<Namespace> {
    const { attributes, log } = this.#context;
    const owner = Number(attributes.get('security.owner') ?? process.getuid?.() ?? 0);
    const { root, sequence, timestamp } = this.#saved.lastRoot();
    if (timestamp !== undefined) {
      const date = new Date(timestamp * 1000).toISOString().replace(/\.\d+/, '');
      log(LogLevel.info, `restored KVS from checkpoint on ${date}`);
    }
    const namespace = new Namespace(primary, owner, 0, this.#saved.store, root, sequence);
    const count = await this.#saved.resume(namespace);
    if (count > 0) log(LogLevel.info, `repeated ${count} commits made since`);
    return namespace;
  }

  *#roots(): Iterable<string> {
    for (const { tree } of this.#namespaces.list()) yield tree.settle();
    for (const { rootref } of this.#namespaces.store.checkpoints()) yield rootref;
  }

  #collectGarbage(): void {
    const { log } = this.#context;
    this.#collector.collect().then(
      (count) => log(LogLevel.debug, `removed ${count} blobs that no root leads to`),
      (error: Error) => log(LogLevel.err, `garbage collection: ${error.message}`),
    );
  }

  #configure(config: ConfigObject): void {
    const { 'checkpoint-period': period } = (config['kvs'] ?? {}) as Record<string, unknown>;
    let seconds = 0;
    try {
      if (period !== undefined) seconds = parseDuration(String(period));
    } catch {
      throw new Error(`invalid checkpoint-period config: ${period}`);
    }
    this.#period?.cancel();
    this.#period = undefined;
    if (seconds === 0 || seconds === Number.POSITIVE_INFINITY) return;
    const { clock, log } = this.#context;
    this.#period = clock.every(seconds * 1000, () => {
      this.#saved.checkpoint().catch((error: Error) => log(LogLevel.err, `checkpoint: ${error.message}`));
    });
  }

  #lookup(request: Request): void {
    const val = this.#find(request);
    if (val === undefined) throw new FluxError('ENOENT');
    request.respond({ val });
  }

  /** With the root that was looked at, and without failing when there is nothing. */
  #lookupPlus(request: Request): void {
    const { sequence, tree } = this.#namespaceOf(request);
    const val = this.#find(request);
    const root = { rootseq: sequence, rootref: tree.settle() };
    request.respond(val === undefined ? { errno: new FluxError('ENOENT').errno, ...root } : { val, ...root });
  }

  #find(request: Request): TreeObject | undefined {
    const { key, flags, namespace, rootdir } = request.json<LookupRequest>();
    if (typeof key !== 'string' || typeof flags !== 'number') {
      throw new FluxError('EPROTO', 'kvs.lookup: key must be a string and flags a number');
    }
    const context = this.#namespaces.context((each) => each.authorize(request));
    if (rootdir) return lookup(context, snapshot(rootdir), key, flags);
    if (typeof namespace !== 'string') throw new FluxError('EPROTO', 'kvs.lookup: namespace must be a string');
    return lookup(context, context.rootOf(namespace), key, flags);
  }

  #commit(request: Request): void | Promise<void> {
    const { ops, flags, rootref } = request.json<CommitRequest>();
    if (!Array.isArray(ops) || typeof flags !== 'number') {
      throw new FluxError('EPROTO', 'kvs.commit: ops must be an array and flags a number');
    }
    if (!(request.rolemask & Role.Owner)) authorizeOperations(ops);
    const namespace = this.#namespaceOf(request);
    if (flags & CommitFlag.sync && namespace.name !== primary) throw new FluxError('EINVAL');
    const undo = namespace.tree.apply(ops);
    const rootseq = namespace.sequence + 1;
    try {
      if (namespace.name === primary) this.#saved.record(rootseq, request.raw!, ops);
    } catch (error) {
      undo();
      throw error;
    }
    namespace.sequence = rootseq;
    const answer = rootref === false ? { rootseq } : { rootref: namespace.tree.settle(), rootseq };
    this.#operationCounts.add(ops.length);
    if (this.#collector.isDue) this.#collectGarbage();
    namespace.changed(keysOf(ops));
    if (flags & CommitFlag.sync) return this.#saved.checkpoint().then(() => request.respond(answer));
    request.respond(answer);
  }

  #getroot(request: Request): void {
    const { name, owner, flags, sequence, tree } = this.#namespaceOf(request);
    request.respond({ owner, rootseq: sequence, rootref: tree.settle(), flags, namespace: name });
  }

  #create(request: Request): void {
    const { namespace, rootref, owner, flags } = request.json();
    if (typeof namespace !== 'string' || typeof rootref !== 'string' || typeof owner !== 'number') {
      throw new FluxError('EPROTO', 'kvs.namespace-create: namespace, rootref and owner must be given');
    }
    // What an unknown user id says is: the instance owner.
    const user = owner === -1 || owner === 0xffffffff ? this.#namespaces.get(primary).owner : owner;
    const isEmpty = rootref === Directory.emptyRef(this.#namespaces.store.hash);
    this.#namespaces.create(namespace, user, Number(flags ?? 0), isEmpty ? undefined : rootref);
    request.respond();
  }

  #remove(request: Request): void {
    const { namespace } = request.json();
    if (typeof namespace !== 'string') throw new FluxError('EPROTO', 'namespace must be a string');
    this.#namespaces.remove(namespace);
    request.respond();
  }

  #list(request: Request): void {
    const namespaces = this.#namespaces.list().map(({ name, owner, flags }) => ({ namespace: name, owner, flags }));
    request.respond({ namespaces });
  }

  #dropCache(request: Request): void {
    for (const { tree } of this.#namespaces.list()) tree.root.unload();
    request.respond();
  }

  #stats(): object {
    const namespaces = this.#namespaces.list();
    const { store } = this.#namespaces;
    // A commit is made while its request is handled, so that none is ever waiting.
    const rows = namespaces.map(({ name, sequence, versionWaiters }) => [
      name,
      {
        '#versionwaiters': versionWaiters,
        '#no-op stores': store.stats().known,
        '#transactions': 0,
        '#readytransactions': 0,
        'store revision': sequence,
      },
    ]);
    return {
      cache: cacheStatistics(namespaces, store),
      namespace: Object.fromEntries(rows),
      'transaction-opcount': { commit: this.#operationCounts.summary() },
      pending_requests: namespaces.reduce((sum, { versionWaiters }) => sum + versionWaiters, 0),
    };
  }

  /** The namespace of the request, once its sender may use it. */
  #namespaceOf(request: Request): Namespace {
    const { namespace } = request.json<{ namespace?: string }>();
    if (typeof namespace !== 'string') throw new FluxError('EPROTO', 'namespace must be a string');
    const found = this.#namespaces.get(namespace);
    found.authorize(request);
    return found;
  }
}

/** @throws FluxError EINVAL when it is no reference to a directory */
function snapshot(rootdir: TreeObject): Directory {
  const [ref] = rootdir.type === 'dirref' && Array.isArray(rootdir.data) ? rootdir.data : [];
  if (typeof ref !== 'string' || !isBlobHash(ref.split('-')[0]!)) throw new FluxError('EINVAL');
  parseBlobref(ref);
  return new Directory(undefined, ref);
}
