/** The resource service: which nodes there are, which are up, drained or allocated. RFC 28 and RFC 44. */
import { Idset, ResourceSet } from '@ebb/flux-formats';
import type { Flux, RpcOptions } from '../flux.ts';

/** What schedulers and `flux resource list` see. */
export interface ResourceList {
  readonly all: ResourceSet;
  readonly down: ResourceSet;
  readonly allocated: ResourceSet;
  /** Up and not allocated. */
  readonly free: ResourceSet;
}

/** The resources of the instance by state. */
export async function resourceList(flux: Flux, options: RpcOptions = {}): Promise<ResourceList> {
  type Answer = Record<'all' | 'down' | 'allocated', unknown>;
  const answer = await flux.rpc<Answer>('resource.sched-status', undefined, { ...options, nodeid: 0 });
  const part = (value: unknown) => (value ? ResourceSet.parse(value) : ResourceSet.empty());
  const [all, down, allocated] = [part(answer.all), part(answer.down), part(answer.allocated)];
  return { all, down, allocated, free: all.subtract(down).subtract(allocated) };
}

export interface DrainInfo {
  readonly ranks: Idset;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly reason: string;
}

export interface ResourceStatus {
  readonly resources: ResourceSet;
  readonly online: Idset;
  readonly offline: Idset;
  readonly excluded: Idset;
  readonly torpid: Idset;
  readonly drained: readonly DrainInfo[];
}

/** What the administrator sees: online, drained and excluded ranks. */
export async function resourceStatus(flux: Flux, options: RpcOptions = {}): Promise<ResourceStatus> {
  interface Answer {
    R: unknown;
    drain: Record<string, { timestamp: number; reason: string }>;
    online: string;
    offline: string;
    exclude: string;
    torpid?: string;
  }
  const answer = await flux.rpc<Answer>('resource.status', undefined, { ...options, nodeid: 0 });
  return {
    resources: ResourceSet.parse(answer.R),
    online: Idset.parse(answer.online),
    offline: Idset.parse(answer.offline),
    excluded: Idset.parse(answer.exclude),
    torpid: Idset.parse(answer.torpid ?? ''),
    drained: Object.entries(answer.drain).map(([ranks, info]) => ({ ranks: Idset.parse(ranks), ...info })),
  };
}

/** `update` replaces reasons, `overwrite` times as well, `force-overwrite` also where it is drained with a reason. */
export type DrainMode = 'update' | 'overwrite' | 'force-overwrite';

/**
 * Keeps ranks (an idset or hostlist) from new jobs.
 * @throws FluxError EEXIST when one is drained already and no mode is given
 */
export async function drain(
  flux: Flux,
  targets: Idset | string,
  reason?: string,
  options: RpcOptions & { readonly mode?: DrainMode } = {},
): Promise<void> {
  const { mode, ...rpc } = options;
  const payload = { targets: String(targets), ...(reason === undefined ? {} : { reason }), ...(mode ? { mode } : {}) };
  await flux.rpc('resource.drain', payload, { ...rpc, nodeid: 0 });
}

/** Lets jobs on ranks again. @throws FluxError EINVAL when one is not drained */
export async function undrain(flux: Flux, targets: Idset | string, options: RpcOptions = {}): Promise<void> {
  await flux.rpc('resource.undrain', { targets: String(targets) }, { ...options, nodeid: 0 });
}
