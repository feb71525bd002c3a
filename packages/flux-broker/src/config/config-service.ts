// The service `config`: the configuration in force, replaced on rank 0 and streamed down the tree (reference 2.3).
// A change is offered to every module; when one refuses, those before it get the old one back.
import { type Flux, FluxError, type Request } from '@ebb/flux-client';
import { type ConfigObject, LogLevel } from '../module.ts';
import { alsoGuests, ownerOnly } from '../services/roles.ts';
import { Watchers } from '../services/watchers.ts';

export interface ConfigConsumer {
  name: string;
  /** Takes the new configuration, or throws with the reason against it. */
  update(config: ConfigObject): void | Promise<void>;
}

export interface ConfigServiceOptions {
  rank: number;
  initial: ConfigObject;
  /** Reads the configuration again; undefined without a path. */
  read: (() => ConfigObject) | undefined;
  consumers(): Iterable<ConfigConsumer>;
  log(level: number, text: string): void;
}

export class ConfigService {
  current: ConfigObject;
  readonly #flux: Flux;
  readonly #options: ConfigServiceOptions;
  readonly #getters = new Watchers();
  readonly #abort = new AbortController();

  constructor(flux: Flux, options: ConfigServiceOptions) {
    this.#flux = flux;
    this.#options = options;
    this.current = options.initial;
    flux.handle('config.get', (request) => this.#get(request), alsoGuests);
    flux.handle('config.load', (request) => this.#load(request), ownerOnly);
    flux.handle('config.reload', (request) => this.#reload(request), ownerOnly);
    flux.handle('config.disconnect', (request) => void this.#getters.disconnect(request), alsoGuests);
  }

  /** Follower: takes the parent's configuration and stays with it. Resolves when the first one is in force. */
  async followParent(): Promise<void> {
    const stream = this.#flux.stream<ConfigObject>('config.get', undefined, {
      upstream: true,
      signal: this.#abort.signal,
    });
    const first = await stream.next();
    if (first.done) throw new Error('the parent sent no configuration');
    await this.#replace(first.value);
    void this.#keepFollowing(stream);
  }

  stop(): void {
    this.#abort.abort();
  }

  async #keepFollowing(stream: AsyncIterableIterator<ConfigObject>): Promise<void> {
    try {
      for await (const config of stream) {
        await this.#replace(config);
        this.#options.log(LogLevel.debug, 'parent update applied');
      }
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.#options.log(LogLevel.err, `parent update: ${(error as Error).message}`);
    }
  }

  #get(request: Request): void {
    request.respond(this.current);
    if (request.isStreaming) this.#getters.add(request, undefined);
  }

  async #load(request: Request): Promise<void> {
    this.#requireLeader();
    const config = request.json<ConfigObject>();
    if (typeof config !== 'object' || config === null || Array.isArray(config)) {
      throw new FluxError('EPROTO', 'error decoding config.load request');
    }
    await this.#replace(config);
    request.respond();
  }

  async #reload(request: Request): Promise<void> {
    this.#requireLeader();
    const { read } = this.#options;
    if (read) {
      let config: ConfigObject;
      try {
        config = read();
      } catch (error) {
        throw new FluxError('EINVAL', `Config file error: ${(error as Error).message}`);
      }
      await this.#replace(config);
    }
    request.respond();
  }

  #requireLeader(): void {
    if (this.#options.rank > 0) throw new FluxError('EINVAL', 'configuration can only be changed on rank 0');
  }

  async #replace(config: ConfigObject): Promise<void> {
    const before = this.current;
    if (JSON.stringify(before) === JSON.stringify(config)) return;
    const updated: ConfigConsumer[] = [];
    for (const consumer of this.#options.consumers()) {
      try {
        await consumer.update(config);
        updated.push(consumer);
      } catch (error) {
        for (const { name, update } of updated) await this.#revert(name, () => update(before));
        throw new FluxError('EINVAL', `error updating ${consumer.name}: ${(error as Error).message}`);
      }
    }
    this.current = config;
    this.#getters.respond(config);
  }

  async #revert(name: string, update: () => void | Promise<void>): Promise<void> {
    try {
      await update();
    } catch (error) {
      this.#options.log(LogLevel.err, `error reverting ${name}: ${(error as Error).message}`);
    }
  }
}
