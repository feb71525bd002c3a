// What a service of the broker is. A module is a part of the broker that owns one service name, talks to everything
// else in messages through its own Flux handle, and can be loaded and removed while the broker runs
// (flux-core: broker modules, `flux module list`).
import type { Flux } from '@ebb/flux-client';
import type { Clock } from './clock.ts';

/** The instance's configuration: the merged TOML tables, as `config.get` answers them. */
export type ConfigObject = Record<string, unknown>;

/** The broker's attributes (`flux lsattr`). */
export interface Attributes {
  get(name: string): string | undefined;
  /** Sets without the checks made for clients. `immutable` values may be cached by clients for ever. */
  set(name: string, value: string, options?: { immutable?: boolean }): void;
  /** Removes; an absent name is no error. */
  remove(name: string): void;
  names(): string[];
  /** Calls back after each change, also by `flux setattr`; returns the way to stop it. */
  observe(name: string, callback: (value: string | undefined) => void): () => void;
}

/** Syslog severities, as in log lines and `log-level` attributes. */
export const LogLevel = {
  emerg: 0,
  alert: 1,
  crit: 2,
  err: 3,
  warning: 4,
  notice: 5,
  info: 6,
  debug: 7,
} as const;

/** What a module gets from the broker it runs in. */
export interface ModuleContext {
  /** The module's own handle, with owner role. `flux.handle('NAME.method', ...)` serves the methods of its services;
   * `NAME.ping`, `NAME.stats-get` and the other default methods are answered unless the module handles them itself. */
  readonly flux: Flux;
  readonly rank: number;
  readonly size: number;
  /** True on rank 0. */
  readonly isLeader: boolean;
  readonly attributes: Attributes;
  readonly clock: Clock;
  /** Directory that outlives the instance, if the user gave one (attribute `statedir`). */
  readonly statedir: string | undefined;
  /** Directory of this broker's run, removed at exit (attribute `rundir`). */
  readonly rundir: string;
  /** Arguments from `module.load` or the module table, such as `period=1s`. */
  readonly args: readonly string[];
  /** The configuration now in force. Treat as read-only. */
  config(): ConfigObject;
  /** Calls back after each reload. A callback that throws makes the reload fail with the error's text. */
  onConfig(callback: (config: ConfigObject) => void | Promise<void>): void;
  /** Writes to the broker's log under the module's name; `level` is a {@link LogLevel}. */
  log(level: number, text: string): void;
}

/** One service of the broker. Every module folder's `module.ts` exports `create(): BrokerModule`. */
export interface BrokerModule {
  /** The service name, which is also the first word of its topics. */
  readonly name: string;
  /** Further service names it answers, such as `content-backing` or `sched`. */
  readonly services?: readonly string[];
  /** Resolves when the module is ready to serve; a rejection fails the load. */
  start(context: ModuleContext): Promise<void>;
  /** Ends all work. The handle is closed by the broker afterwards. */
  stop?(): Promise<void>;
}

/** How the broker finds a module: `load` imports its code only when it is loaded. */
export interface ModuleEntry {
  readonly name: string;
  /** Where it is loaded at start: on every rank, on rank 0 alone, or only by `flux module load`. */
  readonly ranks: 'all' | 'leader' | 'none';
  /** Whether the configuration wants it there; without this function it does. */
  isWanted?(config: ConfigObject): boolean;
  /** Arguments given at start. */
  readonly args?: readonly string[];
  load(): Promise<{ create(): BrokerModule }>;
}
