// One Flux broker: puts router, overlay, state machine and services together. What happens in which state stands in
// lifecycle/; what the broker gets from outside in broker-options.ts.
import { randomUUID } from 'node:crypto';
import { Flag, type Flux, type Message, Role, textPayload, unknownUser } from '@ebb/flux-client';
import { parseDuration, printDuration } from '@ebb/flux-formats';
import { serveAttributes } from './attributes/attr-service.ts';
import { brokerAttributes } from './attributes/broker-attributes.ts';
import type { BrokerOptions } from './broker-options.ts';
import type { BrokerParts } from './broker-parts.ts';
import { serveBroker } from './broker-service.ts';
import { ConfigService } from './config/config-service.ts';
import { serveEvents } from './events/event-service.ts';
import { GroupsService } from './groups/groups-service.ts';
import { Lifecycle } from './lifecycle/lifecycle.ts';
import { LogBuffer } from './log/log-buffer.ts';
import { serveLog } from './log/log-service.ts';
import { ModuleHost } from './modules/module-host.ts';
import { serveModules } from './modules/module-service.ts';
import { versionNumber } from './overlay/hello.ts';
import { Overlay } from './overlay/overlay.ts';
import { OverlayService } from './overlay/overlay-service.ts';
import { DeliveryQueue } from './routing/delivery-queue.ts';
import { type Handle, openHandle } from './routing/handle.ts';
import { LocalPeer } from './routing/local-peer.ts';
import { Router } from './routing/router.ts';

import { CoreServices } from './services/core-services.ts';
import { StateMachine } from './state-machine/state-machine.ts';
import { StateService } from './state-machine/state-service.ts';
import { BrokerState, type BrokerStateName } from './state-machine/states.ts';

/** Services of the broker itself, beside those that `flux module list` shows as built-in modules. */
const coreServices = ['attr', 'broker', 'event', 'log', 'module', 'service', 'shutdown', 'state-machine'] as const;
const builtinModules = ['config', 'connector-local', 'groups', 'overlay'] as const;

/** How often the overlay looks after silent neighbours. */
const overlaySyncMs = 1_000;

export class Broker implements BrokerParts {
  readonly rank: number;
  readonly uuid: string;
  readonly options: BrokerOptions;
  readonly router: Router;
  readonly overlay: Overlay;
  readonly machine: StateMachine;
  readonly config: ConfigService;
  readonly groups: GroupsService;
  readonly log: LogBuffer;
  readonly modules: ModuleHost;
  /** The broker's own handle. */
  readonly flux: Flux;
  readonly lifecycle: Lifecycle;
  readonly #queue = new DeliveryQueue();
  readonly #core: Handle;
  readonly #services: CoreServices;
  readonly #overlayService: OverlayService;

  constructor(options: BrokerOptions) {
    this.options = options;
    this.rank = options.rank;
    this.uuid = options.uuid ?? randomUUID();
    const { clock, attributes, rank, size } = options;
    const now = () => clock.now();
    brokerAttributes(options, this.uuid);
    this.log = new LogBuffer({
      rank,
      attributes,
      now,
      stderr: options.stderr,
      file: options.logFile,
      forward: (line) => this.#forwardLog(line),
    });
    const log = (app: string) => (level: number, text: string) => this.log.log(app, level, text);
    this.machine = new StateMachine({ clock, log: log('broker'), showDuration: printDuration });
    this.overlay = new Overlay(
      {
        rank,
        uuid: this.uuid,
        version: versionNumber(attributes.get('version')!),
        hostname: options.hostname,
        topology: options.topology,
        hostnameOf: (of) => options.hostnames[of] ?? `rank ${of}`,
        clock,
        router: () => this.router,
        log: log('overlay'),
        torpidMinMs: () => parseDuration(attributes.get('tbon.torpid_min')!) * 1000,
        torpidMaxMs: () => parseDuration(attributes.get('tbon.torpid_max')!) * 1000,
      },
      {
        childChanged: (child) => {
          // In the order of messages: what the child said before it went must not be heard after it.
          const { rank: childRank, isOnline, torpid } = child;
          this.#queue.push(() => this.groups.childChanged({ rank: childRank, isOnline, torpid }));
          this.#overlayService.childChanged(child);
          this.lifecycle.childChanged();
        },
        healthChanged: () => this.#overlayService.healthChanged(),
        parentReady: () => {},
        parentLost: (reason) => this.lifecycle.parentLost(reason),
        goodbyeAcknowledged: () => this.machine.post('goodbye'),
      },
    );
    this.router = new Router({
      rank,
      now,
      isUp: () => BrokerState[this.machine.state] >= BrokerState.init,
      uplink: this.overlay,
      log: log('broker'),
    });
    this.#services = new CoreServices(rank, this.uuid, [...coreServices, ...builtinModules], now);
    this.#core = openHandle(this.router, this.#queue, {
      name: 'broker',
      userid: options.userid,
      intercept: (message, peer) => this.#services.intercept(message, peer),
    });
    this.flux = this.#core.flux;
    for (const name of [...coreServices, ...builtinModules]) this.router.addService(name, this.#core.peer);
    serveAttributes(this.flux, attributes);
    serveEvents(this.flux, this.router);
    serveLog(this.flux, this.log);
    this.config = new ConfigService(this.flux, {
      rank,
      initial: options.config,
      read: options.readConfig,
      consumers: () => this.modules.configConsumers(),
      log: log('config'),
    });
    this.groups = new GroupsService(this.flux, { rank, topology: options.topology, clock });
    this.#overlayService = new OverlayService(this.flux, this.overlay, { rank, now });
    new StateService(this.flux, this.machine);
    this.modules = new ModuleHost(this.router, this.#queue, options.userid, {
      rank,
      size,
      isLeader: rank === 0,
      attributes,
      clock,
      statedir: options.statedir,
      rundir: options.rundir,
      config: () => this.config.current,
      log: (app, level, text) => this.log.log(app, level, text),
    });
    serveModules(this.flux, {
      host: this.modules,
      known: options.modules,
      builtins: () => this.#services.rows(builtinModules),
    });
    this.lifecycle = new Lifecycle(this);
    serveBroker(this.flux, this);
    const sync = clock.every(overlaySyncMs, () => this.overlay.sync());
    this.machine.observe((state) => {
      if (state === 'exit') sync.cancel();
    });
  }

  get state(): BrokerStateName {
    return this.machine.state;
  }

  /** Sets the broker going; it is up when {@link Lifecycle.reached} `run` resolves. */
  start(): void {
    this.machine.kickOff();
  }

  /** A new in-process handle with the instance owner's rights. */
  connect(name = 'client'): Flux {
    return openHandle(this.router, this.#queue, { name, userid: this.options.userid }).flux;
  }

  /** Takes a client of the local connector in. */
  admit(uuid: string, userid: number, rolemask: number, deliver: (message: Message) => void): LocalPeer {
    return new LocalPeer(this.router, {
      uuid,
      name: `client ${uuid.slice(0, 8)}`,
      userid,
      rolemask,
      deliver,
      isClient: true,
    });
  }

  /** Ends all work at once without a word to anybody, as if the process were killed. */
  die(): void {
    this.lifecycle.die();
    for (const peer of [...this.router.peers]) peer.abandon();
    void this.modules.abandonAll();
  }

  /** A text line to every subscriber of the log and, when severe, to rank 0. */
  report(level: number, text: string): void {
    this.log.log('broker', level, text);
  }

  #forwardLog(line: string): boolean {
    if (!this.overlay?.parent.isReady) return false;
    this.overlay.forwardRequest({
      type: 'request',
      flags: Flag.Topic | Flag.Payload | Flag.Route | Flag.NoResponse,
      userid: this.options.userid === unknownUser ? 0 : this.options.userid,
      rolemask: Role.Owner,
      aux1: 0,
      aux2: 0,
      topic: 'log.append',
      payload: textPayload(line),
      routes: [this.uuid],
    });
    return true;
  }
}
