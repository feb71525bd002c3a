// What the policy lets a job ask for: the limits of [policy] and, over them, of the job's queue (RFC 33; flux-core's
// plugins limit-duration and limit-job-size).
import { FluxError } from '@ebb/flux-client';
import { countJobspec, type Jobspec, parseDuration, printDuration } from '@ebb/flux-formats';
import type { ConfigObject } from '../module.ts';

const sizes = ['nnodes', 'ncores', 'ngpus'] as const;
const unlimited = -1;
const fsdDigits = 2;

type Sizes = Partial<Record<(typeof sizes)[number], number>>;

interface Limits {
  readonly duration?: string | number;
  readonly 'job-size'?: { readonly max?: Sizes; readonly min?: Sizes };
}

interface Policed {
  readonly parent?: string;
  readonly policy?: { readonly limits?: Limits };
}

/** @throws FluxError EINVAL with flux-core's text for the first limit that the job does not keep */
export function checkLimits(config: ConfigObject, jobspec: Jobspec): void {
  const { queue, duration = 0 } = jobspec.attributes.system;
  const layers = limitLayers(config, queue);
  checkDuration(layers, duration, queue);
  checkSize(layers, jobspec, queue);
}

/** From the general to the particular: instance, parent queue, queue. */
function limitLayers(config: ConfigObject, queue: string | undefined): Limits[] {
  const { policy, queues = {} } = config as Policed & { queues?: Record<string, Policed> };
  const own = queue === undefined ? undefined : queues[queue];
  const parent = own?.parent === undefined ? undefined : queues[own.parent];
  return [policy?.limits, parent?.policy?.limits, own?.policy?.limits].filter((limits) => limits !== undefined);
}

function checkDuration(layers: readonly Limits[], duration: number, queue: string | undefined): void {
  const asked = layers.findLast((layer) => layer.duration !== undefined)?.duration;
  const limit = typeof asked === 'string' ? parseDuration(asked) : (asked ?? 0);
  if (limit === 0 || !Number.isFinite(limit) || (duration !== 0 && duration <= limit)) return;
  const requested = duration === 0 ? 'unlimited' : printDuration(duration, fsdDigits);
  throw new FluxError(
    'EINVAL',
    `requested duration (${requested}) exceeds policy limit of ${printDuration(limit, fsdDigits)}${forQueue(queue)}`,
  );
}

function checkSize(layers: readonly Limits[], jobspec: Jobspec, queue: string | undefined): void {
  const all = layers.map((layer) => layer['job-size']).filter((size) => size !== undefined);
  if (all.length === 0) return;
  const { nnodes, nslots, slotSize, gpusPerSlot } = countJobspec(jobspec);
  const asked = { nnodes, ncores: nslots * slotSize, ngpus: nslots * gpusPerSlot };
  const max: Sizes = Object.assign({}, ...all.map((size) => size.max));
  const min: Sizes = Object.assign({}, ...all.map((size) => size.min));
  for (const [limits, words, isBroken] of [
    [max, 'exceeds', (value: number, limit: number) => value > limit],
    [min, 'is under', (value: number, limit: number) => value < limit],
  ] as const) {
    for (const name of sizes) {
      const limit = limits[name] ?? unlimited;
      if (limit === unlimited || !isBroken(asked[name], limit)) continue;
      throw new FluxError(
        'EINVAL',
        `requested ${name} (${asked[name]}) ${words} policy limit of ${limit}${forQueue(queue)}`,
      );
    }
  }
}

function forQueue(queue: string | undefined): string {
  return queue === undefined ? '' : ` for queue ${queue}`;
}
