/** The scheduler's view of the resources: all, free, allocated and down. */
import { type Flux, FluxError } from '@ebb/flux-client';
import { ResourceSet } from '@ebb/flux-formats';

export interface SchedulerView {
  readonly all: ResourceSet;
  readonly free: ResourceSet;
  readonly allocated: ResourceSet;
  readonly down: ResourceSet;
}

interface Reply {
  readonly all: unknown;
  readonly down: unknown;
  readonly allocated: unknown;
}

export async function schedulerView(flux: Flux): Promise<SchedulerView> {
  const { all, down, allocated } = await statusReply(flux);
  const sets = { all: ResourceSet.parse(all), down: ResourceSet.parse(down), allocated: ResourceSet.parse(allocated) };
  return { ...sets, free: sets.all.subtract(sets.down).subtract(sets.allocated) };
}

/** The view in a state's words; `up` is all that is not down. @returns undefined for a state that there is not */
export function resourcesIn(view: SchedulerView, state: string): ResourceSet | undefined {
  switch (state) {
    case 'up':
      return view.all.subtract(view.down);
    case 'all':
    case 'free':
    case 'allocated':
    case 'down':
      return view[state];
    default:
      return undefined;
  }
}

async function statusReply(flux: Flux): Promise<Reply> {
  const topic = process.env['FLUX_RESOURCE_LIST_RPC'] ?? 'resource.sched-status';
  try {
    return await flux.rpc<Reply>(topic, undefined, { nodeid: 0 });
  } catch (error) {
    // Instances of before 0.61 have it in the scheduler.
    if (error instanceof FluxError && error.code === 'ENOSYS' && topic === 'resource.sched-status') {
      return flux.rpc<Reply>('sched.resource-status', undefined, { nodeid: 0 });
    }
    throw error;
  }
}
