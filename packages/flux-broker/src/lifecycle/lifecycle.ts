// What a broker does in each of its states (reference 3.9). The table of states decides what comes next; here is what
// happens meanwhile.
import { FluxError } from '@ebb/flux-client';
import { Idset, parseDuration } from '@ebb/flux-formats';
import type { BrokerParts } from '../broker-parts.ts';
import type { ConnectorLocal } from '../connector-local/connector-local.ts';
import { LogLevel } from '../module.ts';
import { cleanUp } from '../run/cleanup.ts';
import { dumpContent, restoreContent } from '../run/content-archive.ts';
import { logFinish, logStart } from '../startlog.ts';
import { eventFromParentError } from '../state-machine/parent-watch.ts';
import type { BrokerStateName } from '../state-machine/states.ts';
import { meetNeighbours } from './meet-neighbours.ts';
import { namedHosts } from './named-hosts.ts';
import { OnlineWatch, onlineGroup } from './online-watch.ts';
import { ParentMonitor } from './parent-monitor.ts';
import { StateTimers } from './state-timers.ts';

const goodbyeTimeoutMs = 60_000;

export class Lifecycle {
  /** What the process exits with. */
  exitCode = 0;
  readonly #broker: BrokerParts;
  readonly #abort = new AbortController();
  readonly #timers: StateTimers;
  readonly #parent: ParentMonitor;
  #connector: ConnectorLocal | undefined;
  #programRuns = false;
  #isDead = false;
  #hasStartlog = false;
  /** Told when the last child has gone, before rank 0 leaves. */
  readonly #onFarewell: (() => void)[] = [];

  constructor(broker: BrokerParts) {
    this.#broker = broker;
    this.#timers = new StateTimers(broker.machine, broker.options);
    this.#parent = new ParentMonitor(broker);
    broker.machine.observe((state) => this.#enter(state));
  }

  /** Resolves when the broker is in `state` or has passed it; rejects when it exits without having been there. */
  reached(state: BrokerStateName): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = (now: BrokerStateName) => {
        if (now === state) resolve();
        else if (now === 'exit') reject(new Error(`the broker exited before it reached state ${state}`));
      };
      this.#broker.machine.observe(check);
      check(this.#broker.machine.state);
    });
  }

  /** `flux shutdown`. @throws {FluxError} in any other state than run, or on another rank than 0. */
  shutdown(): void {
    const { machine, rank, options } = this.#broker;
    if (machine.state !== 'run')
      throw new FluxError('EINVAL', `shutdown cannot be initiated in state ${machine.state}`);
    if (rank !== 0) throw new FluxError('EINVAL', 'shutdown may only be initiated on rank 0');
    if (this.#programRuns) options.program?.abort();
    else machine.post('shutdown');
  }

  /** SIGTERM, SIGINT: leave in order from whatever state. */
  terminate(): void {
    const { machine, options } = this.#broker;
    const events: Partial<Record<BrokerStateName, string>> = {
      join: 'parent-fail',
      'config-sync': 'sync-fail',
      init: 'rc1-fail',
      quorum: 'quorum-fail',
    };
    const event = events[machine.state];
    if (event !== undefined) machine.post(event);
    else if (machine.state === 'run' && this.#programRuns) options.program?.abort();
    else if (machine.state === 'run') machine.post('shutdown');
    else this.#broker.report(LogLevel.info, `ignored signal in ${machine.state}`);
  }

  onFarewell(callback: () => void): void {
    this.#onFarewell.push(callback);
  }

  /** The overlay's news of the parent. */
  parentLost(reason: string): void {
    const { machine } = this.#broker;
    this.#parent.failed();
    this.exitCode = 1;
    this.#broker.report(LogLevel.debug, `parent lost: ${reason}`);
    if (machine.state === 'goodbye') machine.post('goodbye');
    else machine.post(eventFromParentError(machine.state) ?? 'parent-fail');
  }

  childChanged(): void {
    const { machine, overlay } = this.#broker;
    if (machine.state === 'shutdown' && overlay.onlineCount === 0) machine.post('children-complete');
  }

  #enter(state: BrokerStateName): void {
    if (this.#isDead) return;
    const actions: Record<BrokerStateName, () => void | Promise<void>> = {
      'load-builtins': () => this.#loadBuiltins(),
      join: () => this.#join(),
      'config-sync': () => this.#syncConfig(),
      init: () => this.#init(),
      quorum: () => this.#awaitQuorum(),
      run: () => this.#run(),
      cleanup: () => this.#cleanup(),
      shutdown: () => this.#awaitChildren(),
      finalize: () => this.#finalize(),
      goodbye: () => this.#goodbye(),
      'unload-builtins': () => this.#unloadBuiltins(),
      exit: () => {},
    };
    const failure: Partial<Record<BrokerStateName, string>> = {
      'load-builtins': 'builtins-fail',
      'config-sync': 'sync-fail',
      init: 'rc1-fail',
      quorum: 'quorum-fail',
      run: 'rc2-fail',
      cleanup: 'cleanup-fail',
      finalize: 'rc3-fail',
      'unload-builtins': 'builtins-unload-fail',
    };
    void (async () => {
      try {
        await actions[state]();
      } catch (error) {
        if (this.#isDead) return;
        this.exitCode ||= 1;
        this.#broker.report(LogLevel.err, `${state}: ${(error as Error).message}`);
        const event = failure[state];
        if (event !== undefined) this.#broker.machine.post(event);
      }
    })();
  }

  /** The end without any order: timers and streams go, nothing is sent. */
  die(): void {
    this.#isDead = true;
    this.#stopWatching();
  }

  async #loadBuiltins(): Promise<void> {
    const { options, machine } = this.#broker;
    if (options.localSocket !== undefined) {
      const { ConnectorLocal } = await import('../connector-local/connector-local.ts');
      this.#connector = await ConnectorLocal.listen(this.#broker, options.localSocket);
    }
    await meetNeighbours(this.#broker);
    machine.post('builtins-success');
  }

  async #join(): Promise<void> {
    const { rank, machine } = this.#broker;
    if (rank === 0) return machine.post('parent-none');
    void this.#parent.follow(this.#abort.signal);
  }

  async #syncConfig(): Promise<void> {
    const { rank, machine, config } = this.#broker;
    if (rank === 0) return machine.post('sync-none');
    await config.followParent();
    machine.post('sync-success');
  }

  async #init(): Promise<void> {
    const { rank, options, modules, machine, report, config } = this.#broker;
    const wanted = options.modules.filter(
      (entry) =>
        (entry.ranks === 'all' || (entry.ranks === 'leader' && rank === 0)) &&
        (entry.isWanted?.(config.current) ?? true),
    );
    const path = options.attributes.get('broker.rc1_path');
    if (path === undefined || path === '' || wanted.length === 0) return machine.post('rc1-none');
    const start = options.clock.now();
    for (const entry of wanted) {
      try {
        if (entry.name === 'kvs') await this.#restoreContent();
        await modules.load(entry);
      } catch (error) {
        throw new Error(`${entry.name}: ${(error as Error).message}`, { cause: error });
      }
      if (machine.state !== 'init') return;
    }
    if (rank === 0 && options.startlog && wanted.some(({ name }) => name === 'kvs')) {
      await logStart(this.#broker.flux, start / 1000, options.attributes.get('version')!);
      this.#hasStartlog = true;
    }
    const seconds = ((options.clock.now() - start) / 1000).toFixed(1);
    report.call(this.#broker, LogLevel.info, `rc1.0: ${path} Exited (rc=0) ${seconds}s`);
    machine.post('rc1-success');
  }

  async #awaitQuorum(): Promise<void> {
    const { rank, flux } = this.#broker;
    if (rank > 0) {
      await flux.rpc('groups.join', { name: onlineGroup });
      this.#parent.check();
      return;
    }
    const watch = new OnlineWatch(this.#broker, this.#timers);
    watch.warnOfDelay();
    await flux.rpc('groups.join', { name: onlineGroup });
    void watch.follow(this.#abort.signal);
  }

  async #run(): Promise<void> {
    const { rank, machine, options } = this.#broker;
    if (rank > 0) return this.#parent.check();
    if (!options.program) return machine.post('rc2-none');
    this.#programRuns = true;
    const start = options.clock.now();
    const code = await options.program.run({ FLUX_URI: options.attributes.get('local-uri') ?? '' });
    this.#programRuns = false;
    const { ended } = options.program;
    if (ended !== undefined) {
      const seconds = ((options.clock.now() - start) / 1000).toFixed(1);
      this.#broker.report(code === 0 ? LogLevel.info : LogLevel.err, `rc2.0: ${ended} (rc=${code}) ${seconds}s`);
    }
    this.exitCode ||= code;
    machine.post(code === 0 ? 'rc2-success' : 'rc2-fail');
  }

  async #cleanup(): Promise<void> {
    this.#broker.overlay.spurnsHello = true;
    const { rank, machine, flux } = this.#broker;
    if (rank > 0) return machine.post('cleanup-none');
    await cleanUp(flux, (level, text) => this.#broker.report(level, text), this.#abort.signal);
    machine.post('cleanup-success');
  }

  #awaitChildren(): void {
    const { overlay, machine } = this.#broker;
    overlay.spurnsHello = true;
    if (overlay.onlineCount === 0) {
      machine.post('children-none');
      return;
    }
    this.#timers.repeat('broker.shutdown-warn', 'shutdown', () => {
      const waiting = Idset.of(overlay.children.filter((child) => child.isOnline).map((child) => child.rank));
      const text = `${waiting.size} peers: ${namedHosts(waiting, this.#broker.options.hostnames)} (rank ${waiting})`;
      this.#broker.report(LogLevel.err, `shutdown delayed: waiting for ${text}`);
    });
    const timeout = this.#broker.options.attributes.get('broker.shutdown-timeout') ?? 'none';
    if (timeout === 'none' || this.#broker.rank > 0) return;
    this.#timers.after(parseDuration(timeout) * 1000, 'shutdown', () => {
      this.#broker.report(LogLevel.err, 'shutdown timeout');
      machine.post('children-complete');
    });
  }

  async #finalize(): Promise<void> {
    const { modules, machine, options } = this.#broker;
    const start = options.clock.now();
    if (this.#hasStartlog) {
      await logFinish(this.#broker.flux, start / 1000).catch((error: Error) =>
        this.#broker.report(LogLevel.err, `startlog: ${error.message}`),
      );
    }
    await this.#dumpContent();
    await modules.removeAll();
    const path = options.attributes.get('broker.rc3_path');
    if (path === undefined || path === '') return machine.post('rc3-none');
    const seconds = ((options.clock.now() - start) / 1000).toFixed(1);
    this.#broker.report(LogLevel.info, `rc3.0: ${path} Exited (rc=0) ${seconds}s`);
    machine.post('rc3-success');
  }

  async #restoreContent(): Promise<void> {
    const { rank, options } = this.#broker;
    if (rank > 0 || !options.runFlux) return;
    const told = await restoreContent(options.attributes, options.runFlux);
    if (told !== undefined) this.#broker.report(LogLevel.info, `rc1.0: ${told}`);
  }

  async #dumpContent(): Promise<void> {
    const { rank, options } = this.#broker;
    if (rank > 0 || !options.runFlux) return;
    try {
      const told = await dumpContent(options.attributes, options.runFlux, new Date(options.clock.now()));
      if (told !== undefined) this.#broker.report(LogLevel.info, `rc3.0: ${told}`);
    } catch (error) {
      this.#broker.report(LogLevel.err, `rc3.0: ${(error as Error).message}`);
    }
  }

  #goodbye(): void {
    const { overlay, machine } = this.#broker;
    for (const callback of this.#onFarewell) callback();
    if (!overlay.parent.sayGoodbye()) {
      machine.post('goodbye');
      return;
    }
    this.#timers.after(goodbyeTimeoutMs, 'goodbye', () => {
      this.#broker.report(LogLevel.err, `goodbye timeout after ${(goodbyeTimeoutMs / 1000).toFixed(1)}s`);
      machine.post('goodbye');
    });
  }

  async #unloadBuiltins(): Promise<void> {
    this.#stopWatching();
    await this.#connector?.close();
    await this.#broker.overlay.close();
    this.#broker.machine.post('builtins-done');
  }

  #stopWatching(): void {
    this.#abort.abort();
    this.#timers.cancelAll();
    this.#broker.config.stop();
    this.#broker.groups.stop();
  }
}
