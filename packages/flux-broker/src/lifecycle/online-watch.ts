// Rank 0's eye on the group of brokers that are online: the quorum is reached, or delayed; ranks are lost.
import { Idset } from '@ebb/flux-formats';
import type { BrokerParts } from '../broker-parts.ts';
import { LogLevel } from '../module.ts';
import { lostRanks, parseQuorum } from '../state-machine/quorum.ts';
import { namedHosts } from './named-hosts.ts';
import type { StateTimers } from './state-timers.ts';

/** The group that a broker joins when it is ready to take work. */
export const onlineGroup = 'broker.online';

/** Who is online is told no oftener than this while the quorum is not reached. */
const reportEveryMs = 5_000;

export class OnlineWatch {
  readonly #broker: BrokerParts;
  readonly #timers: StateTimers;
  readonly #quorum: number;
  #online = Idset.of([]);

  /** @throws {RangeError} when the attribute `broker.quorum` makes no sense */
  constructor(broker: BrokerParts, timers: StateTimers) {
    this.#broker = broker;
    this.#timers = timers;
    const { attributes, size } = broker.options;
    const { count, isOldForm } = parseQuorum(attributes.get('broker.quorum'), size);
    if (isOldForm) broker.report(LogLevel.err, `warning: broker.quorum is now a size - assuming ${count}`);
    this.#quorum = count;
  }

  /** Says again and again who is missing, as long as the quorum is not reached. */
  warnOfDelay(): void {
    this.#timers.repeat('broker.quorum-warn', 'quorum', () => {
      const missing = Idset.range(0, this.#broker.options.size - 1).subtract(this.#online);
      this.#broker.report(LogLevel.err, `quorum delayed: waiting for ${this.#hosts(missing)} (rank ${missing})`);
    });
  }

  /** Follows the group until `signal`. @throws what the stream throws before that */
  async follow(signal: AbortSignal): Promise<void> {
    let lastReport = 0;
    try {
      const groups = this.#broker.flux.stream<{ members: string }>(
        'groups.get',
        { name: onlineGroup },
        { nodeid: 0, signal },
      );
      for await (const { members } of groups) lastReport = this.#changed(Idset.parse(members), lastReport);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Returns when it was last told who is online. */
  #changed(online: Idset, lastReport: number): number {
    const { machine, options } = this.#broker;
    const before = this.#online;
    this.#online = online;
    if (machine.state === 'run' || machine.state === 'cleanup') this.#reportLoss(lostRanks(before, online));
    if (machine.state !== 'quorum') return lastReport;
    const isReached = online.size >= this.#quorum;
    const now = options.clock.now();
    const isTold = online.size > 0 && (isReached || now - lastReport > reportEveryMs);
    if (isTold) this.#broker.report(LogLevel.info, `online: ${this.#hosts(online)} (ranks ${online})`);
    if (isReached) machine.post('quorum-full');
    return isTold ? now : lastReport;
  }

  #reportLoss(lost: Idset): void {
    if (lost.size > 0) this.#broker.report(LogLevel.err, `dead to Flux: ${this.#hosts(lost)} (rank ${lost})`);
  }

  #hosts(ranks: Idset): string {
    return namedHosts(ranks, this.#broker.options.hostnames);
  }
}
