/** The lines of `flux resource list`: as few as tell what the format shows. */
import { Idset, printHostlist, ResourceSet } from '@ebb/flux-formats';
import type { OutputFormat, Row } from '../../formats/output-format.ts';
import type { Listed, ViewState } from './scheduler-view.ts';
import { effectiveEntry, type QueueConfig } from './selection.ts';

export interface ListOptions {
  readonly format: OutputFormat;
  /** Of `--queue`; empty: all. */
  readonly queues: readonly string[];
  /** Only shown when asked for. */
  readonly hiddenQueues: ReadonlySet<string>;
}

interface Line {
  readonly state: ViewState;
  readonly set: ResourceSet;
  /** Of a line without nodes: the queue it stands for. */
  readonly queue: string | undefined;
}

/** Nodes with a difference in one of these stand in lines of their own. */
const telling = ['state', 'properties', 'propertiesx', 'queue'];

/** Lines by state in the order asked for, then by rank. */
export function listLines({ states, view, config }: Listed, options: ListOptions): { set: ResourceSet; row: Row }[] {
  const { fields } = options.format;
  const shown = fields.length > 1 || fields.includes('state') ? fields.filter((field) => telling.includes(field)) : [];
  const lines = new Map<string, Line>();
  for (const line of states.flatMap((state) => kinds(state, view[state], config, options))) {
    const row = rowOf(line, config, options);
    const key = shown.map((field) => `${row(field)}:`).join('');
    const before = lines.get(key);
    lines.set(key, before ? { ...before, set: before.set.union(line.set) } : line);
  }
  const first = ({ set }: Line) => set.ranks.first() ?? Number.POSITIVE_INFINITY;
  return [...lines.values()]
    .sort((a, b) => states.indexOf(a.state) - states.indexOf(b.state) || compare(first(a), first(b)))
    .map((line) => ({ set: line.set, row: rowOf(line, config, options) }));
}

const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);

/** One line for all nodes that have the same properties; for none, one for each queue. */
function kinds(state: ViewState, set: ResourceSet, { queues = {} }: QueueConfig, options: ListOptions): Line[] {
  if (set.nodeCount === 0) {
    const usual = Object.keys(queues).filter(
      (name) => !options.hiddenQueues.has(name) && queues[name]!.parent === undefined,
    );
    const names = options.queues.length > 0 ? options.queues : usual;
    return (names.length > 0 ? names : [undefined]).map((queue) => ({ state, set, queue }));
  }
  const groups = new Map<string, number[]>();
  for (const rank of set.ranks) {
    const key = JSON.stringify([...set.properties].flatMap(([name, ranks]) => (ranks.has(rank) ? [name] : [])));
    groups.set(key, [...(groups.get(key) ?? []), rank]);
  }
  return [...groups.values()].map((ranks) => ({ state, set: set.pick(Idset.of(ranks)), queue: undefined }));
}

function rowOf({ state, set, queue }: Line, config: QueueConfig, options: ListOptions): Row {
  const properties = () => [...set.properties].flatMap(([name, { size }]) => (size > 0 ? [name] : []));
  const fields: Record<string, () => unknown> = {
    state: () => state,
    queue: () => queue ?? queuesWith(set, config, options).join(','),
    properties: () => properties().join(','),
    // What only tells the queue is told by the queue.
    propertiesx: () =>
      properties()
        .filter((name) => !Object.hasOwn(config.queues ?? {}, name))
        .join(','),
    nnodes: () => set.nodeCount,
    ncores: () => set.coreCount,
    // Text, as flux-core has it: a 0 does not count as empty.
    ngpus: () => String(set.gpuCount),
    ranks: () => set.ranks.toString(),
    nodelist: () => printHostlist(set.hosts),
    rlist: () => shortForm(set),
  };
  return (field) => fields[field]!();
}

function queuesWith(set: ResourceSet, { queues = {} }: QueueConfig, { queues: asked, hiddenQueues }: ListOptions) {
  if (set.nodeCount === 0) return [];
  return Object.keys(queues).filter((name) => {
    if (asked.length > 0 ? !asked.includes(name) : hiddenQueues.has(name)) return false;
    // A virtual queue would stand beside its parent everywhere.
    if (queues[name]!.parent !== undefined && asked.length === 0) return false;
    const requires = effectiveEntry(queues, name).requires ?? [];
    return requires.every((property) => (set.properties.get(property)?.size ?? 0) > 0);
  });
}

/** `rank[0-3]/core[0-3]`. */
export function shortForm(set: ResourceSet): string {
  return set
    .toJSON()
    .execution.R_lite.map(({ rank, children }) => {
      const ids = (kind: string) => (children[kind] ? [`${kind}${Idset.parse(children[kind]).toBracketString()}`] : []);
      return `rank${Idset.parse(rank).toBracketString()}/${['core', 'gpu'].flatMap(ids).join(',')}`;
    })
    .join(' ');
}

/** All of some states. */
export function unionOf({ states, view }: Listed): ResourceSet {
  return states.reduce((whole, state) => whole.union(view[state]), ResourceSet.empty());
}
