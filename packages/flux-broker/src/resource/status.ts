// `resource.status` and `resource.sched-status`, what `flux resource list` and `status` show.
import { type Flux, FluxError, type Request } from '@ebb/flux-client';
import { Idset, ResourceSet, type RObject } from '@ebb/flux-formats';
import { type RankState, schedulable } from './availability.ts';
import type { DrainState } from './drain-state.ts';

export interface StatusOptions {
  flux: Flux;
  resources(): ResourceSet | undefined;
  drains: DrainState;
  state(): RankState;
  size: number;
}

export class ResourceStatus {
  readonly #options: StatusOptions;
  #known: { all: ResourceSet; allR: RObject; downR: RObject } | undefined;
  #pending: Promise<object> | undefined;

  constructor(options: StatusOptions) {
    this.#options = options;
  }

  /** Something changed: the next answer is made anew. */
  forget(): void {
    this.#known = undefined;
  }

  status(request: Request): void {
    const resources = this.#resources();
    const { online, torpid, exclude } = this.#options.state();
    const all = Idset.range(0, Math.max(this.#options.size, resources.nodeCount) - 1);
    request.respond({
      R: withoutScheduling(resources).toJSON(),
      drain: this.#options.drains.show(),
      online: online.toString(),
      offline: all.subtract(online).toString(),
      exclude: exclude.toString(),
      torpid: torpid.toString(),
    });
  }

  /** Requests that come while the job manager is being asked share its answer. */
  async schedStatus(request: Request): Promise<void> {
    this.#resources();
    this.#pending ??= this.#askJobManager().finally(() => {
      this.#pending = undefined;
    });
    request.respond(await this.#pending);
  }

  async #askJobManager(): Promise<object> {
    let allocated = ResourceSet.empty();
    try {
      const answer = await this.#options.flux.rpc<{ allocated: unknown }>('job-manager.resource-status', undefined, {
        nodeid: 0,
      });
      allocated = ResourceSet.parse(answer.allocated);
    } catch (error) {
      if (!(error instanceof FluxError && error.code === 'ENOSYS')) {
        throw new FluxError('EINVAL', `job-manager.resource-status request failed: ${(error as Error).message}`);
      }
    }
    const { all, allR, downR } = this.#sets();
    return { all: allR, down: downR, allocated: withProperties(allocated, all) };
  }

  #sets(): { all: ResourceSet; allR: RObject; downR: RObject } {
    if (this.#known) return this.#known;
    const state = this.#options.state();
    const all = schedulable(withoutScheduling(this.#resources()), state);
    const down = all.ranks.subtract(state.online).union(state.torpid).union(state.drained).intersect(all.ranks);
    this.#known = { all, allR: withHosts(all), downR: withHosts(all.pick(down)) };
    return this.#known;
  }

  #resources(): ResourceSet {
    const resources = this.#options.resources();
    if (!resources) throw new FluxError('ENOENT', 'error preparing response: No such file or directory');
    return resources;
  }
}

function withoutScheduling(resources: ResourceSet): ResourceSet {
  return resources.scheduling === undefined ? resources : resources.withDetails({ scheduling: undefined });
}

/** A set without nodes has one list of no hosts, as flux-core's has. */
function withHosts(set: ResourceSet): RObject {
  const object = set.toJSON();
  if (set.nodeCount === 0) object.execution.nodelist = [''];
  return object;
}

/** The allocated set carries the properties of its ranks, so that clients can sort it by queue. */
function withProperties(allocated: ResourceSet, all: ResourceSet): RObject {
  const object = withHosts(allocated);
  const properties = [...all.properties]
    .map(([name, ranks]) => [name, ranks.intersect(allocated.ranks)] as const)
    .filter(([, ranks]) => ranks.size > 0)
    .map(([name, ranks]) => [name, ranks.toString()]);
  if (properties.length > 0) object.execution.properties = Object.fromEntries(properties);
  return object;
}
