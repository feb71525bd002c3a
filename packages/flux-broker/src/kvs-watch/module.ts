// The module `kvs-watch` of rank 0: lookups that go on answering. It hears of changes from the module kvs at once.
import type { Request } from '@ebb/flux-client';
import type { Namespace } from '../kvs/namespace.ts';
import { type Namespaces, sharedNamespaces } from '../kvs/namespaces.ts';
import type { Attributes, BrokerModule, ModuleContext } from '../module.ts';
import { alsoGuests } from '../services/roles.ts';
import { checkWatch, Watcher } from './watcher.ts';

export function create(): BrokerModule {
  return new KvsWatch();
}

class KvsWatch implements BrokerModule {
  readonly name = 'kvs-watch';
  #attributes!: Attributes;
  #namespaces!: Namespaces;
  readonly #watchers = new Set<Watcher>();
  // Those that wait for a namespace to be made.
  readonly #waiting = new Map<string, Set<Watcher>>();
  #stopListening: () => void = () => {};

  async start({ flux, attributes }: ModuleContext): Promise<void> {
    this.#attributes = attributes;
    this.#listen();
    flux.handle('kvs-watch.lookup', (request) => this.#lookup(request), alsoGuests);
    flux.handle(
      'kvs-watch.cancel',
      (request) => {
        const { matchtag } = request.json<{ matchtag?: number }>();
        for (const watcher of this.#from(request)) if (watcher.request.matchtag === matchtag) watcher.fail('ENODATA');
      },
      alsoGuests,
    );
    flux.handle(
      'kvs-watch.disconnect',
      (request) => {
        for (const watcher of this.#from(request)) watcher.end();
      },
      alsoGuests,
    );
    flux.handle('kvs-watch.stats-get', (request) => request.respond(this.#stats()), alsoGuests);
  }

  async stop(): Promise<void> {
    this.#stopListening();
    for (const watcher of [...this.#watchers]) watcher.fail('ENOSYS');
  }

  /** The module kvs may have been loaded anew. */
  #listen(): void {
    const namespaces = sharedNamespaces(this.#attributes);
    if (namespaces === this.#namespaces) return;
    this.#stopListening();
    this.#namespaces = namespaces;
    this.#stopListening = namespaces.onCreate((namespace) => this.#created(namespace));
  }

  #lookup(request: Request): void {
    const asked = checkWatch(request);
    this.#listen();
    const context = this.#namespaces.context((each) => each.authorize(request));
    const watcher = new Watcher(request, asked, context, () => this.#forget(watcher));
    this.#watchers.add(watcher);
    const namespace = this.#namespaces.find(asked.namespace);
    if (namespace) watcher.follow(namespace);
    else if (!watcher.waitsForNamespace) watcher.fail('ENOTSUP');
    else this.#waiting.set(asked.namespace, (this.#waiting.get(asked.namespace) ?? new Set()).add(watcher));
  }

  #created(namespace: Namespace): void {
    const waiting = this.#waiting.get(namespace.name) ?? [];
    this.#waiting.delete(namespace.name);
    for (const watcher of waiting) watcher.follow(namespace);
  }

  #forget(watcher: Watcher): void {
    this.#watchers.delete(watcher);
    const waiting = this.#waiting.get(watcher.namespace);
    if (waiting?.delete(watcher) && waiting.size === 0) this.#waiting.delete(watcher.namespace);
  }

  #from({ sender }: Request): Watcher[] {
    return [...this.#watchers].filter((watcher) => watcher.request.sender === sender);
  }

  #stats(): object {
    const namespaces: Record<string, { owner: number; rootseq: number; rootref: string; watchers: number }> = {};
    for (const { namespace: name } of this.#watchers) {
      const found = this.#namespaces.find(name);
      namespaces[name] ??= {
        owner: found?.owner ?? -1,
        rootseq: found?.sequence ?? -1,
        rootref: found?.tree.settle() ?? '(null)',
        watchers: 0,
      };
      namespaces[name].watchers++;
    }
    const count = Object.keys(namespaces).length;
    return { watchers: this.#watchers.size, 'namespace-count': count, namespaces };
  }
}
