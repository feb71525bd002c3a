// Loads and removes the modules of one broker and answers what every module answers (`flux module`).
import { randomUUID } from 'node:crypto';
import { type Flux, FluxError, type Message } from '@ebb/flux-client';
import type { ConfigConsumer } from '../config/config-service.ts';
import type { BrokerModule, ConfigObject, ModuleContext, ModuleEntry } from '../module.ts';
import { LogLevel } from '../module.ts';
import type { DeliveryQueue } from '../routing/delivery-queue.ts';
import { openHandle } from '../routing/handle.ts';
import type { LocalPeer } from '../routing/local-peer.ts';
import type { Router } from '../routing/router.ts';
import { deriveResponse } from '../routing/wire.ts';
import { MessageCounters, pingResponse, resourceUsageResponse, wantsResponse } from './default-methods.ts';

/** As `module.list` numbers them. */
export const ModuleStatus = { init: 0, running: 1, finalizing: 2, exited: 3 } as const;

export interface ModuleRow {
  name: string;
  path: string;
  idle: number;
  status: number;
  services: string[];
  sendqueue: number;
  recvqueue: number;
}

/** What the host takes from the broker to make a {@link ModuleContext}. */
export type ModuleEnvironment = Omit<ModuleContext, 'flux' | 'args' | 'onConfig' | 'log'> & {
  log(app: string, level: number, text: string): void;
};

interface Loaded {
  module: BrokerModule;
  flux: Flux;
  peer: LocalPeer;
  status: number;
  configCallbacks: ((config: ConfigObject) => void | Promise<void>)[];
}

export class ModuleHost {
  readonly #router: Router;
  readonly #queue: DeliveryQueue;
  readonly #userid: number;
  readonly #environment: ModuleEnvironment;
  readonly #loaded = new Map<string, Loaded>();

  constructor(router: Router, queue: DeliveryQueue, userid: number, environment: ModuleEnvironment) {
    this.#router = router;
    this.#queue = queue;
    this.#userid = userid;
    this.#environment = environment;
  }

  /** Resolves when the module runs. @throws {FluxError} EEXIST when it is loaded, or what its start threw. */
  async load(entry: ModuleEntry, args: readonly string[] = entry.args ?? []): Promise<void> {
    if (this.#loaded.has(entry.name)) throw new FluxError('EEXIST', `${entry.name} is already loaded`);
    this.#environment.log('broker', LogLevel.debug, `insmod ${entry.name}`);
    const { create } = await entry.load();
    const loaded = this.#open(create(), args);
    try {
      await loaded.module.start(this.#context(loaded, args));
      loaded.status = ModuleStatus.running;
    } catch (error) {
      await this.#close(loaded);
      throw error;
    }
  }

  /** @throws {FluxError} ENOENT when it is not loaded. */
  async remove(name: string): Promise<void> {
    const loaded = this.#loaded.get(name);
    if (!loaded) throw new FluxError('ENOENT', `${name}: module is not loaded`);
    this.#environment.log('broker', LogLevel.debug, `rmmod ${name}`);
    loaded.status = ModuleStatus.finalizing;
    try {
      await loaded.module.stop?.();
    } catch (error) {
      this.#environment.log('broker', LogLevel.err, `${name}: ${(error as Error).message}`);
    }
    await this.#close(loaded);
  }

  /** Removes all, the last one loaded first. */
  async removeAll(): Promise<void> {
    for (const name of [...this.#loaded.keys()].reverse()) await this.remove(name);
  }

  /** Stops all without any order, when the broker is dead. */
  async abandonAll(): Promise<void> {
    const all = [...this.#loaded.values()];
    this.#loaded.clear();
    for (const { module, flux } of all) {
      await Promise.resolve(module.stop?.()).catch(() => {});
      await flux.close();
    }
  }

  has(name: string): boolean {
    return this.#loaded.has(name);
  }

  rows(): ModuleRow[] {
    const now = this.#router.now();
    return [...this.#loaded.values()].map(({ module, peer, status }) => ({
      name: module.name,
      path: module.name,
      idle: Math.floor((now - peer.lastSeen) / 1000),
      status,
      services: [...peer.services],
      sendqueue: 0,
      recvqueue: 0,
    }));
  }

  /** Those that take configuration changes, in load order. */
  *configConsumers(): Iterable<ConfigConsumer> {
    for (const { module, configCallbacks } of this.#loaded.values()) {
      yield {
        name: module.name,
        async update(config) {
          for (const callback of configCallbacks) await callback(config);
        },
      };
    }
  }

  #open(module: BrokerModule, args: readonly string[]): Loaded {
    const uuid = randomUUID();
    const counters = new MessageCounters();
    const defaults = new DefaultMethods(module, uuid, this.#environment.rank, args, counters);
    const { flux, peer } = openHandle(this.#router, this.#queue, {
      name: module.name,
      userid: this.#userid,
      uuid,
      intercept: (message, from) => defaults.answer(message, from, this.#router),
    });
    defaults.watch(flux);
    for (const service of [module.name, ...(module.services ?? [])]) {
      if (this.#router.addService(service, peer)) continue;
      void flux.close();
      throw new FluxError('EEXIST', `service ${service} is already registered`);
    }
    const loaded: Loaded = { module, flux, peer, status: ModuleStatus.init, configCallbacks: [] };
    this.#loaded.set(module.name, loaded);
    return loaded;
  }

  #context(loaded: Loaded, args: readonly string[]): ModuleContext {
    const { log, ...environment } = this.#environment;
    return {
      ...environment,
      flux: loaded.flux,
      args,
      onConfig: (callback) => void loaded.configCallbacks.push(callback),
      log: (level, text) => log(loaded.module.name, level, text),
    };
  }

  async #close(loaded: Loaded): Promise<void> {
    this.#loaded.delete(loaded.module.name);
    await loaded.flux.close();
    loaded.peer.close();
  }
}

/** Answers the methods that a module does not handle itself. */
class DefaultMethods {
  readonly #module: BrokerModule;
  readonly #uuid: string;
  readonly #rank: number;
  readonly #args: readonly string[];
  readonly #counters: MessageCounters;
  readonly #handled = new Set<string>();
  #debugFlags = 0;

  constructor(module: BrokerModule, uuid: string, rank: number, args: readonly string[], counters: MessageCounters) {
    this.#module = module;
    this.#uuid = uuid;
    this.#rank = rank;
    this.#args = args;
    this.#counters = counters;
  }

  /** Learns which topics the module serves. */
  watch(flux: Flux): void {
    const handle = flux.handle.bind(flux);
    flux.handle = (topic, handler, options) => {
      this.#handled.add(topic);
      return handle(topic, handler, options);
    };
  }

  /** True when the message was for these methods. */
  answer(message: Message, peer: LocalPeer, router: Router): boolean {
    this.#counters.received(message);
    if (message.type !== 'request' || message.topic === undefined) return false;
    const dot = message.topic.indexOf('.');
    const method = message.topic.slice(dot + 1);
    if (this.#handled.has(message.topic) || this.#handled.has(`${message.topic.slice(0, dot)}.*`)) return false;
    const response = this.#response(method, message, router);
    if (response === undefined) return false;
    if (response !== null && wantsResponse(message)) peer.receive(response);
    return true;
  }

  #response(method: string, message: Message, router: Router): Message | null | undefined {
    const json = (value: unknown) => deriveResponse(message, 0, JSON.stringify(value));
    switch (method) {
      case 'ping':
        return pingResponse(message, this.#uuid, this.#rank);
      case 'stats-get':
        return json(this.#counters.show());
      case 'stats-clear':
        this.#counters.clear();
        return deriveResponse(message, 0);
      case 'rusage':
        return resourceUsageResponse(message);
      case 'debug':
        return json({ flags: (this.#debugFlags = debugFlags(message, this.#debugFlags)) });
      case 'disconnect':
        return null;
      case 'shutdown':
        router.log(LogLevel.debug, `${this.#module.name}: shutdown request ignored; use module.remove`);
        return null;
      case 'args':
        return json({ args: this.#args });
      default:
        return undefined;
    }
  }
}

function debugFlags(message: Message, flags: number): number {
  const text = message.payload ? Buffer.from(message.payload).toString('utf8').replace(/\0$/, '') : '{}';
  const { op, flags: operand = 0 } = JSON.parse(text) as { op?: string; flags?: number };
  if (op === 'setbit') return flags | operand;
  if (op === 'clrbit') return flags & ~operand;
  if (op === 'set') return operand;
  return op === 'clr' ? 0 : flags;
}
