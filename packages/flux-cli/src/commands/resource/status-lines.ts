/** The lines of `flux resource status` and of `flux resource drain`. */
import { Idset, printHostlist, type ResourceSet } from '@ebb/flux-formats';
import type { OutputFormat, Row } from '../../formats/output-format.ts';
import { compareHosts } from '../../hostlist/host-order.ts';
import type { NodeStates } from './node-states.ts';

export const validStates = [
  'all',
  'online',
  'avail',
  'offline',
  'exclude',
  'drain',
  'draining',
  'drained',
  'torpid',
  'allocated',
  'housekeeping',
] as const;

export const usualStates = ['avail', 'exclude', 'draining', 'drained', 'torpid', 'housekeeping'];

interface Line {
  readonly state: string;
  readonly isOnline: boolean;
  ranks: Idset;
  hosts: string[];
  readonly reason: string;
  readonly timestamp: number | '';
}

export interface StatusLinesOptions {
  readonly format: OutputFormat;
  /** As asked for. */
  readonly states: readonly string[];
  readonly resources: ResourceSet;
  /** Without lines of no nodes. */
  readonly skipsEmpty: boolean;
}

export function statusLines(nodes: NodeStates, options: StatusLinesOptions): Row[] {
  const states = expanded(options.states);
  const shows = (state: string) => states.has(state) || states.has('all');
  const showsOnline = states.has('online') || !states.has('offline');
  const showsOffline = states.has('offline') || !states.has('online');
  const isShown = (isOnline: boolean) => (isOnline ? showsOnline : showsOffline);
  const hostsOf = (ranks: Idset) => [...ranks].map((rank) => options.resources.host(rank) ?? `rank${rank}`);
  const lines = new Merged(options.format.without(['nodelist', 'ranks', 'nnodes']));
  // What is told as drained is not told as torpid too.
  let { torpid } = nodes;
  for (const state of ['draining', 'drained'] as const) if (shows(state)) torpid = torpid.subtract(nodes[state]);
  for (const state of ['avail', 'exclude', 'allocated', 'torpid', 'housekeeping'] as const) {
    if (!shows(state)) continue;
    for (const isOnline of [true, false].filter(isShown)) {
      const ranks = (state === 'torpid' ? torpid : nodes[state]).intersect(isOnline ? nodes.online : nodes.offline);
      lines.add({ state, isOnline, ranks, hosts: hostsOf(ranks), reason: '', timestamp: '' });
    }
  }
  for (const state of ['draining', 'drained'] as const) {
    if (!shows(state)) continue;
    if (nodes[state].size === 0 && showsOnline) {
      lines.add({ state, isOnline: true, ranks: Idset.empty, hosts: [], reason: '', timestamp: '' });
    }
    for (const rank of nodes[state]) {
      const isOnline = nodes.online.has(rank);
      if (!isShown(isOnline)) continue;
      const ranks = Idset.of([rank]);
      const { reason, timestamp } = nodes.drainInfo.get(rank)!;
      lines.add({ state, isOnline, ranks, hosts: hostsOf(ranks), reason, timestamp });
    }
  }
  return lines.all
    .filter(({ hosts, isOnline }) => {
      const isLeftOut = options.skipsEmpty || (!isOnline && !states.has('offline'));
      return hosts.length > 0 || !isLeftOut;
    })
    .map(rowOf);
}

/** What is asked for in full: when or where alone means all usual states, `drain` means both. */
function expanded(states: readonly string[]): Set<string> {
  const isOfLine = (state: string) => state === 'online' || state === 'offline';
  const all = states.every(isOfLine) ? [...states, ...usualStates] : states;
  return new Set(all.flatMap((state) => (state === 'drain' ? ['draining', 'drained'] : [state])));
}

/** Lines that look the same but for their nodes are one. */
class Merged {
  readonly #format: OutputFormat;
  readonly #lines = new Map<string, Line>();

  constructor(format: OutputFormat) {
    this.#format = format;
  }

  get all(): Line[] {
    return [...this.#lines.values()];
  }

  add(line: Line): void {
    const key = this.#format.row(rowOf(line));
    const before = this.#lines.get(key);
    if (!before) {
      this.#lines.set(key, line);
      return;
    }
    before.ranks = before.ranks.union(line.ranks);
    before.hosts = [...before.hosts, ...line.hosts].sort(compareHosts);
  }
}

function rowOf({ state, isOnline, ranks, hosts, reason, timestamp }: Line): Row {
  const fields: Readonly<Record<string, unknown>> = {
    state: isOnline ? state : `${state}*`,
    statex: state,
    nnodes: hosts.length,
    ranks: ranks.toString(),
    nodelist: printHostlist(hosts),
    reason,
    timestamp,
    status: isOnline ? 'online' : 'offline',
    up: isOnline ? '✔' : '✗',
    'up.ascii': isOnline ? 'y' : 'n',
    color_up: isOnline ? '\x1b[01;32m' : '\x1b[01;31m',
    color_off: '\x1b[0;0m',
  };
  return (field) => fields[field];
}
