// What a broker does in each of its states (reference 3.9). The table of states decides what comes next; here is what
// happens meanwhile.
import { FluxError } from '@ebb/flux-client';
import { Idset, parseDuration, printHostlist } from '@ebb/flux-formats';
import { hostlistAttribute } from './attributes/broker-attributes.ts';
import type { Broker } from './broker.ts';
import type { Timer } from './clock.ts';
import { LogLevel } from './module.ts';
import { cleanUp } from './run/cleanup.ts';
import { dumpContent, restoreContent } from './run/content-archive.ts';
import { logFinish, logStart } from './startlog.ts';
import { eventFromParent, eventFromParentError } from './state-machine/parent-watch.ts';
import { lostRanks, parseQuorum } from './state-machine/quorum.ts';
import { BrokerState, type BrokerStateName } from './state-machine/states.ts';

const goodbyeTimeoutMs = 60_000;
const onlineGroup = 'broker.online';

export class Lifecycle {
  /** What the process exits with. */
  exitCode = 0;
  readonly #broker: Broker;
  readonly #abort = new AbortController();
  readonly #timers = new Set<Timer>();
  #parentState: number | undefined;
  #parentFailed = false;
  #online = Idset.of([]);
  #programRuns = false;
  #isDead = false;
  #hasStartlog = false;
  /** Told when the last child has gone, before rank 0 leaves. */
  readonly #onFarewell: (() => void)[] = [];

  constructor(broker: Broker) {
    this.#broker = broker;
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
      check(this.#broker.state);
    });
  }

  /** `flux shutdown`. @throws {FluxError} in any other state than run, or on another rank than 0. */
  shutdown(): void {
    const { state, machine, rank, options } = this.#broker;
    if (state !== 'run') throw new FluxError('EINVAL', `shutdown cannot be initiated in state ${state}`);
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
    this.#parentFailed = true;
    this.exitCode = 1;
    this.#broker.report(LogLevel.debug, `parent lost: ${reason}`);
    if (this.#broker.state === 'goodbye') this.#broker.machine.post('goodbye');
    else this.#broker.machine.post(eventFromParentError(this.#broker.state) ?? 'parent-fail');
  }

  childChanged(): void {
    if (this.#broker.state === 'shutdown' && this.#broker.overlay.onlineCount === 0) {
      this.#broker.machine.post('children-complete');
    }
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
    this.#abort.abort();
    for (const timer of this.#timers) timer.cancel();
    this.#broker.config.stop();
    this.#broker.groups.stop();
  }

  async #loadBuiltins(): Promise<void> {
    const { options, overlay, uuid, machine } = this.#broker;
    const { transport, neighbours, attributes } = options;
    if (options.localSocket !== undefined) {
      const { ConnectorLocal } = await import('./connector-local/connector-local.ts');
      this.#broker.connector = await ConnectorLocal.listen(this.#broker, options.localSocket);
    }
    const tcpUserTimeoutMs = parseDuration(attributes.get('tbon.tcp_user_timeout')!) * 1000;
    const ipv6 = neighbours.ipv6 === true;
    let bound: string | undefined;
    if (transport && neighbours.bind !== undefined) {
      const receiveLimit = Number(attributes.get('tbon.child_rcvhwm'));
      const children = await transport.bind(
        { endpoint: neighbours.bind, uuid, ipv6, receiveLimit, tcpUserTimeoutMs },
        {
          onMessage: (peer, message) => overlay.fromChild(peer, message),
          onUnreachable: (peer) => overlay.childIsUnreachable(peer),
          onConnectionLost: () => overlay.connectionLost(),
          onHostile: (peer, reason) => overlay.childIsHostile(peer, reason),
        },
      );
      overlay.attachChildren(children);
      bound = children.endpoint;
      this.#broker.log.log('overlay', LogLevel.debug, `listening on ${bound}`);
    }
    const { advertise, parent, parentKey } = await neighbours.meet(bound);
    hostlistAttribute(options);
    if (bound !== undefined) attributes.set('tbon.endpoint', advertise ?? bound);
    if (transport && parent !== undefined) await this.#connectParent(parent, parentKey, ipv6, tcpUserTimeoutMs);
    machine.post('builtins-success');
  }

  async #connectParent(
    parent: string,
    parentKey: string | undefined,
    ipv6: boolean,
    tcpUserTimeoutMs: number,
  ): Promise<void> {
    const { options, overlay, uuid, log } = this.#broker;
    options.attributes.set('tbon.parent-endpoint', parent);
    const connectTimeoutMs = parseDuration(options.attributes.get('tbon.connect_timeout')!) * 1000;
    const socket = await options.transport!.connect(
      { endpoint: parent, uuid, parentKey, ipv6, connectTimeoutMs, tcpUserTimeoutMs },
      {
        onMessage: (message) => overlay.fromParent(message),
        onConnectionLost: () => {
          log.log('overlay', LogLevel.debug, 'lost the connection to the parent; trying again');
          overlay.parentConnectionLost();
        },
        onConnected: () => overlay.parentConnected(),
        onHostile: (reason) => log.log('overlay', LogLevel.err, `DROP upstream message: ${reason}`),
        onTrouble: (text) => log.log('overlay', LogLevel.err, text),
      },
    );
    overlay.attachParent(socket);
  }

  async #join(): Promise<void> {
    const { rank, machine } = this.#broker;
    if (rank === 0) return machine.post('parent-none');
    void this.#watchParent();
  }

  async #watchParent(): Promise<void> {
    const { flux, machine } = this.#broker;
    try {
      const states = flux.stream<{ state: number }>(
        'state-machine.monitor',
        { final: BrokerState.shutdown },
        { upstream: true, signal: this.#abort.signal },
      );
      for await (const { state } of states) {
        this.#parentState = state;
        this.#checkParent();
      }
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.#parentFailed = true;
      this.#broker.report(LogLevel.debug, `state-machine.monitor: ${(error as Error).message}`);
      const event = eventFromParentError(machine.state);
      if (event !== undefined) machine.post(event);
    }
  }

  /** Looks at the parent's state as it was last seen. */
  #checkParent(): void {
    const { machine } = this.#broker;
    const event = this.#parentFailed
      ? eventFromParentError(machine.state)
      : this.#parentState !== undefined
        ? eventFromParent(machine.state, this.#parentState)
        : undefined;
    if (event !== undefined) machine.post(event);
  }

  async #syncConfig(): Promise<void> {
    const { rank, machine, config } = this.#broker;
    if (rank === 0) return machine.post('sync-none');
    await config.followParent();
    machine.post('sync-success');
  }

  async #init(): Promise<void> {
    const { rank, options, modules, machine, report } = this.#broker;
    const wanted = options.modules.filter(({ ranks }) => ranks === 'all' || (ranks === 'leader' && rank === 0));
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
      if (this.#broker.state !== 'init') return;
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
      this.#checkParent();
      return;
    }
    const { options } = this.#broker;
    const { count, isOldForm } = parseQuorum(options.attributes.get('broker.quorum'), options.size);
    if (isOldForm) this.#broker.report(LogLevel.err, `warning: broker.quorum is now a size - assuming ${count}`);
    this.#warnOfSlowQuorum();
    await flux.rpc('groups.join', { name: onlineGroup });
    void this.#watchOnline(count);
  }

  async #watchOnline(quorum: number): Promise<void> {
    const { flux, machine } = this.#broker;
    let lastReport = 0;
    try {
      const groups = flux.stream<{ members: string }>(
        'groups.get',
        { name: onlineGroup },
        { nodeid: 0, signal: this.#abort.signal },
      );
      for await (const { members } of groups) {
        const before = this.#online;
        this.#online = Idset.parse(members);
        const isReached = this.#online.size >= quorum;
        const now = this.#broker.options.clock.now();
        if (machine.state === 'quorum' && members !== '' && (isReached || now - lastReport > 5_000)) {
          lastReport = now;
          this.#broker.report(LogLevel.info, `online: ${this.#hosts(this.#online)} (ranks ${members})`);
        }
        if (machine.state === 'quorum' && isReached) machine.post('quorum-full');
        if (machine.state === 'run' || machine.state === 'cleanup') this.#reportLoss(lostRanks(before, this.#online));
      }
    } catch (error) {
      if (!this.#abort.signal.aborted) throw error;
    }
  }

  #reportLoss(lost: Idset): void {
    if (lost.size > 0) this.#broker.report(LogLevel.err, `dead to Flux: ${this.#hosts(lost)} (rank ${lost})`);
  }

  #warnOfSlowQuorum(): void {
    this.#repeat('broker.quorum-warn', 'quorum', () => {
      const missing = Idset.range(0, this.#broker.options.size - 1).subtract(this.#online);
      const text = `quorum delayed: waiting for ${this.#hosts(missing)} (rank ${missing})`;
      this.#broker.report(LogLevel.err, text);
    });
  }

  async #run(): Promise<void> {
    const { rank, machine, options } = this.#broker;
    if (rank > 0) return this.#checkParent();
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
    this.#repeat('broker.shutdown-warn', 'shutdown', () => {
      const waiting = Idset.of(overlay.children.filter((child) => child.isOnline).map((child) => child.rank));
      const text = `${waiting.size} peers: ${this.#hosts(waiting)} (rank ${waiting})`;
      this.#broker.report(LogLevel.err, `shutdown delayed: waiting for ${text}`);
    });
    const timeout = this.#broker.options.attributes.get('broker.shutdown-timeout') ?? 'none';
    if (timeout === 'none' || this.#broker.rank > 0) return;
    this.#after(parseDuration(timeout) * 1000, 'shutdown', () => {
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
    if (!overlay.sayGoodbye()) {
      machine.post('goodbye');
      return;
    }
    this.#after(goodbyeTimeoutMs, 'goodbye', () => {
      this.#broker.report(LogLevel.err, `goodbye timeout after ${(goodbyeTimeoutMs / 1000).toFixed(1)}s`);
      machine.post('goodbye');
    });
  }

  async #unloadBuiltins(): Promise<void> {
    this.#abort.abort();
    for (const timer of this.#timers) timer.cancel();
    this.#broker.config.stop();
    this.#broker.groups.stop();
    await this.#broker.connector?.close();
    await this.#broker.overlay.close();
    this.#broker.machine.post('builtins-done');
  }

  #hosts(ranks: Idset): string {
    return printHostlist([...ranks].map((rank) => this.#broker.options.hostnames[rank] ?? `rank${rank}`));
  }

  #after(delayMs: number, state: BrokerStateName, action: () => void): void {
    this.#timers.add(
      this.#broker.options.clock.after(delayMs, () => {
        if (this.#broker.state === state) action();
      }),
    );
  }

  /** Again and again with the period in an attribute, as long as the state lasts. */
  #repeat(attribute: string, state: BrokerStateName, action: () => void): void {
    const period = this.#broker.options.attributes.get(attribute) ?? 'none';
    if (period === 'none') return;
    const again = () =>
      this.#after(parseDuration(period) * 1000, state, () => {
        action();
        again();
      });
    again();
  }
}
