/** Queues with their state, limits and resources, as `flux queue list` shows them. RFC 33. */
import { type Flux, resourceList } from '@ebb/flux-client';
import {
  type ConstraintObject,
  matchConstraint,
  parseConstraint,
  parseDuration,
  type ResourceSet,
} from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';
import type { Row } from '../formats/output-format.ts';

interface QueueStatus {
  readonly enable: boolean;
  readonly start: boolean;
  readonly parent?: string;
  readonly blocked?: string;
}

interface QueueConfig {
  readonly requires?: readonly string[];
  readonly policy?: Policy;
}

interface Policy {
  readonly limits?: {
    readonly duration?: string | number;
    readonly 'job-size'?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };
  readonly jobspec?: {
    readonly defaults?: { readonly system?: { readonly duration?: string | number; queue?: string } };
  };
}

interface Config {
  readonly queues?: Readonly<Record<string, QueueConfig>>;
  readonly policy?: Policy;
}

/** A row for each queue; of the one without a name when there are none. @throws CommandError for a queue there is not */
export async function queueRows(flux: Flux, wanted: readonly string[]): Promise<Row[]> {
  const [resources, config] = await Promise.all([resourceList(flux), flux.rpc<Config>('config.get')]);
  const queues = config.queues ?? {};
  const unknown = wanted.find((name) => !Object.hasOwn(queues, name));
  if (unknown !== undefined) throw new CommandError(`No such queue: ${unknown}`);
  const names = wanted.length > 0 ? wanted : Object.keys(queues);
  const status = (name?: string) =>
    flux.rpc<QueueStatus>('job-manager.queue-status', name === undefined ? {} : { name });
  const standard = config.policy?.jobspec?.defaults?.system?.queue;
  const rows = names.length === 0 ? [undefined] : names;
  return Promise.all(
    rows.map(async (name) => queueRow(name ?? '', await status(name), config, resources, name === standard)),
  );
}

type Resources = Readonly<Record<'all' | 'down' | 'allocated' | 'free', ResourceSet>>;

function queueRow(name: string, status: QueueStatus, config: Config, whole: Resources, isDefault: boolean): Row {
  const parent = status.parent ?? '';
  const queues = config.queues ?? {};
  const layers = [queues[name], parent === '' ? undefined : queues[parent], config].filter(
    (layer) => layer !== undefined,
  );
  const requires = queues[name]?.requires ?? queues[parent]?.requires;
  const part = (set: ResourceSet) => (requires ? withProperties(set, requires) : set);
  const resources: Readonly<Record<string, ResourceSet>> = {
    all: part(whole.all),
    down: part(whole.down),
    allocated: part(whole.allocated),
    free: part(whole.free),
    up: part(whole.all.subtract(whole.down)),
  };
  const limit = (which: 'min' | 'max', item: string): number => {
    const values = layers.map(({ policy }) => policy?.limits?.['job-size']?.[which]?.[item]);
    const value = values.find((found) => found !== undefined);
    if (value === undefined) return which === 'max' ? Number.POSITIVE_INFINITY : 0;
    return value < 0 ? Number.POSITIVE_INFINITY : value;
  };
  const isPaused = !status.start && status.blocked === 'parent';
  const fields: Readonly<Record<string, unknown>> = {
    queue: name,
    queuem: name !== '' && isDefault ? `${name}*` : name,
    parent,
    submission: status.enable ? 'enabled' : 'disabled',
    scheduling: status.start ? 'started' : isPaused ? 'stopped (parent)' : 'stopped',
    enabled: status.enable ? '✔' : '✗',
    'enabled.ascii': status.enable ? 'y' : 'n',
    started: status.start ? '✔' : isPaused ? '⏸' : '✗',
    'started.ascii': status.start ? 'y' : isPaused ? 'p' : 'n',
    color_enabled: color(status.enable ? 32 : 31),
    color_started: color(status.start ? 32 : isPaused ? 33 : 31),
    color_off: '\x1b[0;0m',
    'defaults.timelimit': duration(
      layers.map(({ policy }) => policy?.jobspec?.defaults?.system?.duration).find((found) => found !== undefined),
    ),
    'limits.timelimit': duration(
      layers.map(({ policy }) => policy?.limits?.duration).find((found) => found !== undefined),
    ),
  };
  return (field) => {
    if (Object.hasOwn(fields, field)) return fields[field];
    const [, first, second, third] = /^(?:limits|resources)\.(range|min|max|\w+)\.(\w+)(?:\.(\w+))?$/.exec(field) ?? [];
    if (field.startsWith('resources.')) return counted(resources[first!], second!);
    if (first === 'min' || first === 'max') return shown(limit(first, second!));
    const item = third ?? second!;
    const most =
      second === 'effective' ? Math.min(limit('max', item), counted(resources['all'], item)) : limit('max', item);
    return `${shown(limit('min', item))}-${shown(most)}`;
  };
}

function withProperties(set: ResourceSet, requires: readonly string[]): ResourceSet {
  const constraint = parseConstraint({ properties: [...requires] } as ConstraintObject);
  const ranks = [...set.ranks].filter((rank) => {
    const properties = [...set.properties].filter(([, with_]) => with_.has(rank)).map(([name]) => name);
    return matchConstraint(constraint, { rank, hostname: set.host(rank) ?? '', properties: new Set(properties) });
  });
  return set.remove(ranks.reduce((rest, rank) => rest.without(rank), set.ranks));
}

function counted(set: ResourceSet | undefined, item: string): number {
  if (item === 'nnodes') return set?.nodeCount ?? 0;
  return (item === 'ncores' ? set?.coreCount : set?.gpuCount) ?? 0;
}

function shown(value: number): string | number {
  return value === Number.POSITIVE_INFINITY ? 'inf' : value;
}

function duration(value: string | number | undefined): number {
  if (value === undefined) return Number.POSITIVE_INFINITY;
  return typeof value === 'number' ? value : parseDuration(value);
}

function color(code: number): string {
  return `\x1b[01;${code}m`;
}
