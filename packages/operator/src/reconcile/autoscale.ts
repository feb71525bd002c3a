/** The size that the queue of the instance asks for. */
import { Idset } from '@ebb/flux-formats';
import type { Observed } from './observed.ts';

export interface AutoscaleAnswer {
  /** The new spec.size, if it should change now. */
  size?: number;
  message: string;
  lookAgainMs?: number;
}

/**
 * Grows at once to what runs and waits; shrinks after `idleSeconds` of having more than that, and only down to the
 * highest rank that runs a job, because the highest ranks are the ones that leave.
 */
export function autoscaleSize({ resolved, registration, flux, idleSince, now }: Observed): AutoscaleAnswer {
  const settings = resolved.scaling.autoscale;
  if (!settings || !flux) return { message: '' };
  const most = Math.min(settings.maxSize ?? registration.maximum, registration.maximum);
  const least = Math.min(Math.max(settings.minSize, 1), most);
  const busy = flux.allocated;
  const up = flux.online.intersect(Idset.range(0, resolved.size - 1));
  const free = up.subtract(busy).subtract(Idset.of(flux.drained.keys())).size;
  const size = resolved.size;
  // Jobs wait although nodes are free when the free ones do not fit: then these count as used.
  const missing = Math.max(0, flux.pendingNodes - free);
  const isSettled = up.size >= size;
  if (flux.pendingNodes > 0) {
    if (!isSettled || missing === 0) return { message: '' };
    const step = Math.min(missing, settings.stepUp ?? missing);
    const wanted = Math.min(size + step, most);
    return wanted > size
      ? { size: wanted, message: `Jobs wait for ${flux.pendingNodes} nodes: size ${size} to ${wanted}` }
      : { message: '' };
  }
  const wanted = Math.max(least, (busy.last() ?? -1) + 1);
  if (size < least) return { size: least, message: `Size ${size} is below autoscale.minSize: to ${least}` };
  if (wanted >= size || idleSince === undefined) return { message: '' };
  const left = idleSince + settings.idleSeconds * 1000 - now;
  if (left > 0) return { message: '', lookAgainMs: left };
  return { size: wanted, message: `Nothing has waited for ${settings.idleSeconds} s: size ${size} to ${wanted}` };
}

/** Whether nodes are there that nothing needs. */
export function hasIdleNodes({ resolved, flux }: Pick<Observed, 'resolved' | 'flux'>): boolean {
  return flux !== undefined && flux.pendingNodes === 0 && (flux.allocated.last() ?? -1) + 1 < resolved.size;
}
