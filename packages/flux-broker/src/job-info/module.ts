// The module `job-info`: what the KVS holds of jobs, for their users (`flux job info`, `flux job eventlog`). Rank 0.
import { FluxError, type Request, textPayload } from '@ebb/flux-client';
import { toFluid } from '@ebb/flux-formats';
import type { BrokerModule, ModuleContext } from '../module.ts';
import { alsoGuests } from '../services/roles.ts';
import { JobLogs } from './job-logs.ts';
import { isOwner, LookupFlag, lookUp } from './lookup.ts';
import { UpdateWatch } from './update-watch.ts';
import { isUpdatable } from './updates.ts';
import { EventlogWatch, WatchFlag } from './watch.ts';

type Watch = EventlogWatch | UpdateWatch;

export function create(): BrokerModule {
  return new JobInfo();
}

class JobInfo implements BrokerModule {
  readonly name = 'job-info';
  #logs!: JobLogs;
  #lookups = 0;
  readonly #watches = new Map<string, Set<Watch>>();

  async start({ flux }: ModuleContext): Promise<void> {
    this.#logs = new JobLogs(flux);
    flux.handle('job-info.lookup', (request) => this.#lookup(request), alsoGuests);
    flux.handle('job-info.update-lookup', (request) => this.#updateLookup(request), alsoGuests);
    flux.handle('job-info.eventlog-watch', (request) => this.#watch(request), alsoGuests);
    flux.handle('job-info.update-watch', (request) => this.#updateWatch(request), alsoGuests);
    flux.handle('job-info.eventlog-watch-cancel', (request) => this.#cancel(request), alsoGuests);
    flux.handle('job-info.update-watch-cancel', (request) => this.#cancel(request), alsoGuests);
    flux.handle(
      'job-info.disconnect',
      (request) => {
        for (const watch of this.#of(request)) watch.end();
      },
      alsoGuests,
    );
    flux.handle('job-info.stats-get', (request) => request.respond(this.#stats()));
  }

  async stop(): Promise<void> {
    for (const watch of [...this.#watches.values()].flatMap((each) => [...each])) watch.fail(new FluxError('ENOSYS'));
  }

  async #lookup(request: Request): Promise<void> {
    const { id, keys, flags } = request.json();
    const checked = { id: idOf(id), keys: textsOf(keys), flags: flagsOf(flags, 3, 'lookup') };
    await this.#answer(request, checked);
  }

  // As clients before flux-core 0.62 ask for R.
  async #updateLookup(request: Request): Promise<void> {
    const { id, key, flags } = request.json();
    flagsOf(flags, 0, 'update-lookup');
    if (key !== 'R') throw new FluxError('EINVAL', 'update-lookup unsupported key specified');
    await this.#answer(request, { id: idOf(id), keys: [key], flags: LookupFlag.decode | LookupFlag.current });
  }

  async #answer(request: Request, asked: { id: bigint; keys: string[]; flags: number }): Promise<void> {
    this.#lookups++;
    try {
      request.respondRaw(textPayload(await lookUp(this.#logs, request, asked)));
    } finally {
      this.#lookups--;
    }
  }

  async #watch(request: Request): Promise<void> {
    const { id: number, path, flags: bits } = request.json();
    if (typeof path !== 'string') throw new FluxError('EPROTO');
    const id = idOf(number);
    const flags = flagsOf(bits, WatchFlag.waitCreate | WatchFlag.initialSentinel, 'eventlog-watch');
    streaming(request, 'eventlog-watch');
    await this.#begin(request, id, (onEnd) => new EventlogWatch(request, this.#logs, { id, path, flags }, onEnd));
  }

  async #updateWatch(request: Request): Promise<void> {
    const { id: number, key, flags } = request.json();
    const id = idOf(number);
    flagsOf(flags, 0, 'update-watch');
    streaming(request, 'update-watch');
    if (typeof key !== 'string') throw new FluxError('EPROTO');
    if (!isUpdatable(key)) throw new FluxError('EINVAL', 'update-watch unsupported key specified');
    await this.#begin(request, id, (onEnd) => new UpdateWatch(request, this.#logs, { id, key }, onEnd));
  }

  // It counts as a watch before it is known to be allowed, so that a cancellation finds it.
  async #begin(request: Request, id: bigint, make: (onEnd: () => void) => Watch): Promise<void> {
    const { sender } = request;
    const all = this.#watches.get(sender) ?? new Set();
    let isOver = false;
    const watch = make(() => {
      isOver = true;
      all.delete(watch);
      if (all.size === 0 && this.#watches.get(sender) === all) this.#watches.delete(sender);
    });
    all.add(watch);
    this.#watches.set(sender, all);
    try {
      if (!isOwner(request.rolemask)) request.authorize(await this.#logs.owner(id));
      if (!isOver) watch.start();
    } catch (error) {
      watch.fail(error instanceof FluxError ? error : new FluxError('EIO', String(error)));
    }
  }

  #cancel(request: Request): void {
    const { matchtag } = request.json();
    for (const watch of this.#of(request)) {
      if (watch.request.matchtag === matchtag) watch.fail(new FluxError('ENODATA'));
    }
  }

  #of({ sender, userid, rolemask }: Request): Watch[] {
    const all = [...(this.#watches.get(sender) ?? [])];
    return all.filter((watch) => isOwner(rolemask) || watch.request.userid === userid);
  }

  #stats(): object {
    const all = [...this.#watches.values()].flatMap((each) => [...each]);
    const eventlogs = all.filter((watch) => watch instanceof EventlogWatch);
    const guests = eventlogs.filter((watch) => watch.isGuest);
    return {
      lookups: this.#lookups,
      watchers: eventlogs.length - guests.length,
      guest_watchers: guests.length,
      update_lookups: 0,
      update_watchers: all.length - eventlogs.length,
    };
  }
}

function idOf(value: unknown): bigint {
  try {
    return toFluid(value);
  } catch (error) {
    throw new FluxError('EPROTO', undefined, { cause: error });
  }
}

function textsOf(value: unknown): string[] {
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) throw new FluxError('EPROTO');
  return value;
}

function flagsOf(value: unknown, valid: number, method: string): number {
  if (typeof value !== 'number') throw new FluxError('EPROTO');
  if (value & ~valid) throw new FluxError('EPROTO', `${method} request rejected with invalid flag`);
  return value;
}

function streaming({ isStreaming }: Request, method: string): void {
  if (!isStreaming) throw new FluxError('EPROTO', `${method} request rejected without streaming RPC flag`);
}
