/** Which events of the resource eventlog are about the hosts or ranks asked for. */
import type { Flux } from '@ebb/flux-client';
import { type EventlogEntry, Idset, parseHostlist } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { hostsOf, idsetOf } from './selection.ts';

export type EventFilter = (event: EventlogEntry) => boolean;

/** @throws CommandError when the targets are neither ranks nor hosts of the instance */
export async function eventTargets(flux: Flux, targets: string | undefined): Promise<EventFilter> {
  if (targets === undefined) return () => true;
  const all = parseHostlist(await flux.attr('hostlist'));
  const given = idsetOf(targets);
  // Hosts can be the same for several ranks: ranks that were given are looked for as ranks only.
  if (given) {
    if ((given.last() ?? -1) >= all.length) throw new CommandError('Hostlist index out of range');
    return (event) => namesRank(event, given);
  }
  const hosts = hostsOf(targets);
  if (!hosts) throw new CommandError(`invalid targets ${targets}`);
  const absent = hosts.filter((host) => !all.includes(host));
  if (absent.length > 0) {
    throw new CommandError(`host${absent.length > 1 ? 's' : ''} '${absent.join(',')}' not found`);
  }
  const ranks = Idset.of(hosts.map((host) => all.indexOf(host)));
  return (event) => namesHost(event, hosts) || namesRank(event, ranks);
}

function namesRank({ context = {} }: EventlogEntry, ranks: Idset): boolean {
  const named = (context as Record<string, unknown>)['ranks'] ?? (context as Record<string, unknown>)['idset'];
  return typeof named === 'string' && Idset.parse(named).intersect(ranks).size > 0;
}

function namesHost({ context = {} }: EventlogEntry, hosts: readonly string[]): boolean {
  const named = (context as Record<string, unknown>)['nodelist'];
  return typeof named === 'string' && parseHostlist(named).some((host) => hosts.includes(host));
}

/** What `--match-context KEY=VAL` asks of an event's context; all of it must be there. */
export function contextMatch(texts: readonly string[]): EventFilter {
  const wanted = texts.map((text) => {
    const equals = text.indexOf('=');
    const fail = (problem: string) => new CommandError(`invalid KEY=VAL argument: '${text}' (${problem})`);
    if (equals < 0) throw fail("missing '='");
    if (equals === 0) throw fail('empty key');
    return [text.slice(0, equals), valueFrom(text.slice(equals + 1))] as const;
  });
  return ({ context = {} }) =>
    wanted.every(([key, value]) => {
      const found = (context as Record<string, unknown>)[key] ?? null;
      if (typeof found === 'number' && !Number.isInteger(found)) return Math.abs(Number(value) - found) <= 1e-5;
      return JSON.stringify(found) === JSON.stringify(value);
    });
}

function valueFrom(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is text.
    return text;
  }
}
