/** Which host each broker is on, and ranks by their hosts. */
import type { Flux } from '@ebb/flux-client';
import { Idset, parseHostlist, printHostlist } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';
import { tryIdset } from '../hostlist/try-idset.ts';

export class HostMap {
  readonly #hosts: readonly string[];

  constructor(hosts: readonly string[]) {
    this.#hosts = hosts;
  }

  static async of(flux: Flux): Promise<HostMap> {
    return new HostMap(parseHostlist(await flux.attr('hostlist')));
  }

  get size(): number {
    return this.#hosts.length;
  }

  host(rank: number): string {
    return this.#hosts[rank] ?? '(null)';
  }

  /** The first rank on a host. */
  rank(host: string): number | undefined {
    const rank = this.#hosts.indexOf(host);
    return rank < 0 ? undefined : rank;
  }

  /** A hostlist for an idset of ranks, an idset for a hostlist. @throws CommandError when one is not there */
  translate(targets: string): string {
    const ranks = tryIdset(targets);
    if (ranks) return printHostlist(this.hosts(ranks));
    return this.#ranks(targets).toString();
  }

  /** Ranks given by an idset or a hostlist. @throws CommandError when a host is not there */
  ranks(targets: string): Idset {
    return tryIdset(targets) ?? this.#ranks(targets);
  }

  /** @throws CommandError when a rank is not there */
  hosts(ranks: Iterable<number>): string[] {
    return [...ranks].map((rank) => {
      const host = this.#hosts[rank];
      if (host === undefined) throw new CommandError(`rank ${rank} is not in host map`);
      return host;
    });
  }

  #ranks(hostlist: string): Idset {
    let hosts: string[];
    try {
      hosts = parseHostlist(hostlist);
    } catch {
      throw new CommandError('target must be a valid idset or hostlist');
    }
    return Idset.of(
      hosts.map((host) => {
        const rank = this.rank(host);
        if (rank === undefined) throw new CommandError(`host ${host} not found in host map`);
        return rank;
      }),
    );
  }
}
