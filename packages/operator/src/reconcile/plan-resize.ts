/** The decision about a size that differs from the Job's: what is done about it now, and what it waits for. */
import { Idset } from '@ebb/flux-formats';
import { decideScale } from '@ebb/minicluster';
import { drainReason, type FluxView } from '../flux/flux-view.ts';
import type { Action, EventDraft } from './action.ts';
import type { Observed } from './observed.ts';
import { ranksInWords } from './ranks-in-words.ts';

const lookAgainForFluxMs = 5_000;

/** What a resize is waiting for. */
export interface ResizeState {
  kind: 'none' | 'waiting-for-flux' | 'waiting-for-jobs' | 'settling' | 'denied';
  message: string;
  denied?: { from: number; to: number; reason: string };
}

export interface ResizePlan {
  state: ResizeState;
  actions: Action[];
  events: EventDraft[];
  lookAgainMs?: number;
  log?: Record<string, unknown>;
}

/** Accepts, denies, drains first, or waits. */
export function planResize(observed: Observed): ResizePlan {
  const { resolved, registration, job, flux } = observed;
  const current = (job['spec'] as { parallelism: number }).parallelism;
  const decision = decideScale({
    requested: resolved.size,
    current,
    maximum: registration.maximum,
    capacity: registration.capacity,
  });
  const log = { size: current, requestedSize: resolved.size };
  if (decision.kind === 'denied') {
    return {
      state: {
        kind: 'denied',
        message: decision.message,
        denied: { from: decision.from, to: decision.to, reason: decision.reason },
      },
      actions: [{ kind: 'patch-size', size: current, why: 'denied' }],
      events: [{ type: 'Warning', reason: 'ResizeDenied', message: decision.message }],
      log: { ...log, patchSize: resolved.size, status: 'Denied' },
    };
  }
  const undrain = flux
    ? ourDrains(flux, (rank) => rank < resolved.size || (rank >= current && !flux.online.has(rank)))
    : Idset.of([]);
  const back: Action[] = undrain.size > 0 ? [{ kind: 'undrain', ranks: undrain }] : [];
  if (decision.kind === 'none') {
    return { state: { kind: 'none', message: '' }, actions: back, events: [] };
  }
  const set: Action = { kind: 'patch-job', spec: { parallelism: decision.to, completions: decision.to } };
  // The status tells of it; an event as well would be one more write for each resize.
  const accepted: ResizePlan = {
    state: { kind: 'settling', message: '' },
    actions: [...back, set],
    events: [],
    log: { ...log, patchSize: decision.to, status: 'Accepted' },
  };
  if (decision.kind === 'grow') return accepted;
  const leaving = Idset.range(decision.leaving.first, decision.leaving.last);
  // No broker has started: there is nothing that could be lost, and nobody to ask.
  const leader = observed.pods.find((pod) => pod.index === 0 && !pod.isDeleting);
  if (resolved.scaling.suspend || !leader?.isRunning) return accepted;
  if (!flux) {
    if (resolved.scaling.scaleDown.policy === 'Immediate') return accepted;
    return {
      state: {
        kind: 'waiting-for-flux',
        message: `nothing is removed until Flux can be asked about jobs on ${ranksInWords(leaving)}`,
      },
      actions: back,
      events: [],
      lookAgainMs: lookAgainForFluxMs,
    };
  }
  const open = leaving.subtract(Idset.of(flux.drained.keys())).subtract(flux.excluded);
  // Those that are down as well: a broker that comes up meanwhile is to take no job.
  if (resolved.scaling.scaleDown.policy === 'Drain' && open.size > 0) {
    const drain: Action = { kind: 'drain', ranks: open, target: decision.to };
    return {
      state: { kind: 'waiting-for-jobs', message: `draining ${ranksInWords(leaving)}` },
      actions: [...back, drain],
      events: [],
    };
  }
  const busy = leaving.intersect(flux.allocated);
  if (resolved.scaling.scaleDown.policy === 'Immediate' || busy.size === 0) return accepted;
  const limitMs = resolved.scaling.scaleDown.timeoutSeconds * 1000;
  const since = observed.drainingSince ?? observed.now;
  const left = limitMs === 0 ? Number.POSITIVE_INFINITY : since + limitMs - observed.now;
  if (left <= 0) {
    const message = `Size ${decision.from} to ${decision.to}: jobs on ${ranksInWords(busy)} did not end within ${limitMs / 1000} s and are lost`;
    return { ...accepted, events: [{ type: 'Warning', reason: 'DrainTimeout', message }] };
  }
  return {
    state: {
      kind: 'waiting-for-jobs',
      message: `waiting for jobs on ${ranksInWords(busy)} to end before ${ranksInWords(leaving)} ${leaving.size === 1 ? 'goes' : 'go'}`,
    },
    actions: back,
    events: [],
    ...(Number.isFinite(left) ? { lookAgainMs: left } : {}),
  };
}

function ourDrains(flux: FluxView, which: (rank: number) => boolean): Idset {
  return Idset.of(
    [...flux.drained].filter(([rank, reason]) => reason.startsWith(drainReason) && which(rank)).map(([rank]) => rank),
  );
}
