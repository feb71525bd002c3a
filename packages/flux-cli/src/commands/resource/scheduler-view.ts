/** The scheduler's view of the resources: all, free, allocated and down, of the instance or of a file. */
import { readFileSync } from 'node:fs';
import { type Flux, FluxError } from '@ebb/flux-client';
import { FormatError, Idset, ResourceSet } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { withFlux } from '../../jobs/job-ids.ts';
import { queuesOf } from './options.ts';
import { type QueueConfig, ranksOfQueues, ranksOfTargets, readConfigFile } from './selection.ts';

export const viewStates = ['up', 'down', 'allocated', 'free', 'all'] as const;
export type ViewState = (typeof viewStates)[number];
export type SchedulerView = Readonly<Record<ViewState, ResourceSet>>;

export interface Listed {
  readonly states: readonly ViewState[];
  readonly view: SchedulerView;
  readonly config: QueueConfig;
}

interface Reply {
  readonly all?: unknown;
  readonly down?: unknown;
  readonly allocated?: unknown;
}

/** What `--states`, `--queue` and `--include` choose. @throws CommandError naming what there is not */
export async function listed(values: Readonly<Record<string, unknown>>): Promise<Listed> {
  const states = (values['states'] as string).split(',').map((state) => {
    if (!isState(state)) throw new CommandError(`Invalid resource state ${state} specified`);
    return state;
  });
  const [reply, config] = await source(values);
  const whole = setOf(reply.all);
  const queues = queuesOf(values);
  const include = values['include'] as string | undefined;
  let chosen = whole.ranks;
  if (queues.length > 0) chosen = chosen.intersect(ranksOfQueues(whole, config, queues));
  if (include !== undefined) chosen = chosen.intersect(ranksOfTargets(whole.pick(chosen), include));
  const [all, down, allocated] = [whole, setOf(reply.down), setOf(reply.allocated)].map((set) => set.pick(chosen)) as [
    ResourceSet,
    ResourceSet,
    ResourceSet,
  ];
  const up = all.subtract(down);
  return { states, config, view: { all, down, allocated, up, free: up.subtract(allocated) } };
}

const isState = (text: string): text is ViewState => (viewStates as readonly string[]).includes(text);

/** @throws CommandError when the text is no R */
export function setOf(R: unknown): ResourceSet {
  try {
    return R ? ResourceSet.parse(R) : ResourceSet.empty();
  } catch (error) {
    if (error instanceof FormatError) throw new CommandError(error.message);
    throw error;
  }
}

/** Standard input as JSON, undefined when there is none. @throws CommandError when it is something else */
export function readInput<T>(): T | undefined {
  const text = readFileSync(0, 'utf8');
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}

async function source(values: Readonly<Record<string, unknown>>): Promise<[Reply, QueueConfig]> {
  if (values['from-stdin']) {
    const path = values['config-file'] as string | undefined;
    return [readInput<Reply>() ?? {}, path === undefined ? {} : readConfigFile(path)];
  }
  return withFlux((flux) => Promise.all([schedulerReply(flux), flux.rpc<QueueConfig>('config.get')]));
}

/** The ranks with jobs; none where nobody knows. */
export async function allocatedRanks(flux: Flux): Promise<Idset> {
  return schedulerReply(flux).then(
    ({ allocated }) => setOf(allocated).ranks,
    () => Idset.empty,
  );
}

async function schedulerReply(flux: Flux): Promise<Reply> {
  const topic = process.env['FLUX_RESOURCE_LIST_RPC'] || 'resource.sched-status';
  try {
    return await flux.rpc<Reply>(topic, undefined, { nodeid: 0 });
  } catch (error) {
    // Instances of before 0.61 have it in the scheduler.
    if (error instanceof FluxError && error.code === 'ENOSYS') {
      return flux.rpc<Reply>('sched.resource-status', undefined, { nodeid: 0 });
    }
    throw error;
  }
}
