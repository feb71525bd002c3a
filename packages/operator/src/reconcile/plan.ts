/**
 * The decision of one reconcile: what to do next, what to tell, what the status says. A pure function of what was
 * observed; it looks at states and never at what happened, so that any number of lost passes changes nothing.
 */
import { Idset } from '@ebb/flux-formats';
import {
  decideScale,
  excludedRanks,
  type KubernetesObject,
  type MiniCluster,
  type MiniClusterStatus,
  type Registration,
  type ResolvedMiniCluster,
} from '@ebb/minicluster';
import { drainReason, type FluxView } from '../flux/flux-view.ts';
import { autoscaleSize } from './autoscale.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { PodView } from './pod-view.ts';
import { statusOf } from './status.ts';

export interface Observed {
  cluster: MiniCluster;
  resolved: ResolvedMiniCluster;
  registration: Registration;
  job: KubernetesObject;
  pods: PodView[];
  /** Undefined while Flux cannot be asked. */
  flux: FluxView | undefined;
  /** Flux has not answered yet, and may still. */
  awaitsFlux: boolean;
  /** Since when ranks are drained for a shrink; the operator's memory where the status does not say it yet. */
  drainingSince: number | undefined;
  /** Since when there has been nothing to do, for autoscale. */
  idleSince: number | undefined;
  now: number;
}

export type Action =
  | { kind: 'label-pod'; pod: string; index: number }
  | { kind: 'patch-job'; spec: Record<string, unknown> }
  | { kind: 'patch-size'; size: number; why: 'denied' | 'autoscaled' }
  | { kind: 'drain'; ranks: Idset; target: number }
  | { kind: 'undrain'; ranks: Idset }
  | { kind: 'set-excluded'; excluded: string }
  | { kind: 'delete-cluster' };

export interface EventDraft {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
}

export interface Plan {
  /** Done in order; what they change is looked at again. */
  actions: Action[];
  events: EventDraft[];
  status: MiniClusterStatus;
  /** Look again after so long, if nothing happens. */
  lookAgainMs?: number;
  /** A line for the log. */
  log?: Record<string, unknown>;
}

/** What a resize is waiting for. */
export interface ResizeState {
  kind: 'none' | 'waiting-for-flux' | 'waiting-for-jobs' | 'settling' | 'denied';
  message: string;
  denied?: { from: number; to: number; reason: string };
}

/** How long the pods may take to end by themselves when the program has ended. */
const farewellMs = 10_000;
const lookAgainForFluxMs = 5_000;

export function plan(observed: Observed): Plan {
  const { resolved, job, flux, registration } = observed;
  const spec = job['spec'] as { parallelism: number; suspend?: boolean; backoffLimit?: number };
  const outcome = outcomeOf(observed);
  const actions: Action[] = [];
  const events: EventDraft[] = [];
  let lookAgainMs: number | undefined;
  let resize: ResizeState = { kind: 'none', message: '' };
  let log: Record<string, unknown> | undefined;
  const lead = observed.pods.find((pod) => pod.index === 0 && !pod.isDeleting && !pod.isLabelled);
  // Services choose the lead broker by it. The other ranks are spared the request: nothing selects them.
  if (lead) actions.push({ kind: 'label-pod', pod: lead.name, index: lead.index });
  if (outcome.isFinished) {
    lookAgainMs = finish(observed, outcome, actions);
  } else {
    if ((spec.suspend === true) !== resolved.scaling.suspend) {
      actions.push({ kind: 'patch-job', spec: { suspend: resolved.scaling.suspend } });
      events.push(
        resolved.scaling.suspend
          ? {
              type: 'Normal',
              reason: 'Suspended',
              message: 'Stopping all pods; spec.scaling.suspend: false starts them again',
            }
          : { type: 'Normal', reason: 'Resumed', message: `Starting ${spec.parallelism} pods` },
      );
    }
    const resized = planResize(observed);
    resize = resized.state;
    actions.push(...resized.actions);
    events.push(...resized.events);
    lookAgainMs = resized.lookAgainMs;
    log = resized.log;
    if (flux && registration.capacity > 0) {
      const wanted = ranksToHide(observed, flux);
      if (resolved.flux.brokerConfig === undefined && !flux.excluded.equals(Idset.parse(wanted))) {
        actions.push({ kind: 'set-excluded', excluded: wanted });
      }
    }
    const forgiven = forgive(observed);
    if (forgiven !== undefined) actions.push({ kind: 'patch-job', spec: { backoffLimit: forgiven } });
    if (resize.kind === 'none') {
      const auto = autoscaleSize(observed);
      if (auto.size !== undefined) {
        actions.push({ kind: 'patch-size', size: auto.size, why: 'autoscaled' });
        events.push({ type: 'Normal', reason: 'Autoscaled', message: auto.message });
      }
      lookAgainMs ??= auto.lookAgainMs;
    }
  }
  const status = statusOf(observed, outcome, resize);
  return {
    actions,
    events,
    status,
    ...(lookAgainMs === undefined ? {} : { lookAgainMs }),
    ...(log ? { log } : {}),
  };
}

interface ResizePlan {
  state: ResizeState;
  actions: Action[];
  events: EventDraft[];
  lookAgainMs?: number;
  log?: Record<string, unknown>;
}

function planResize(observed: Observed): ResizePlan {
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
        message: `nothing is removed until Flux can be asked about jobs on ranks ${leaving}`,
      },
      actions: back,
      events: [],
      lookAgainMs: lookAgainForFluxMs,
    };
  }
  const open = leaving.subtract(Idset.of(flux.drained.keys())).subtract(flux.excluded);
  if (resolved.scaling.scaleDown.policy === 'Drain' && open.intersect(flux.online).size > 0) {
    const drain: Action = { kind: 'drain', ranks: open.intersect(flux.online), target: decision.to };
    return {
      state: { kind: 'waiting-for-jobs', message: `draining ranks ${leaving}` },
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
    const message = `Size ${decision.from} to ${decision.to}: jobs on ranks ${busy} did not end within ${limitMs / 1000} s and are lost`;
    return { ...accepted, events: [{ type: 'Warning', reason: 'DrainTimeout', message }] };
  }
  return {
    state: { kind: 'waiting-for-jobs', message: `waiting for jobs on ranks ${busy} to end before ranks ${leaving} go` },
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

/**
 * The registered ranks from the maximum on, but for those that still have a pod or a job: a scheduler that is loaded
 * anew ends the jobs of ranks that it is not to see.
 */
function ranksToHide({ registration, job }: Observed, flux: FluxView): string {
  const { parallelism } = job['spec'] as { parallelism: number };
  const inUse = Math.max(parallelism, (flux.allocated.last() ?? -1) + 1);
  return excludedRanks({ ...registration, maximum: Math.max(registration.maximum, inUse) });
}

/** What is left to do when the program has ended. */
function finish(observed: Observed, outcome: Outcome, actions: Action[]): number | undefined {
  const { resolved, job } = observed;
  if (resolved.cleanup) {
    actions.push({ kind: 'delete-cluster' });
    return undefined;
  }
  if (outcome.isJobOver) return undefined;
  if (outcome.state === 'Failed') {
    // The Job would run the program again; a limit of 0 makes it fail with what it has.
    const { backoffLimit } = job['spec'] as { backoffLimit?: number };
    if (backoffLimit !== 0) actions.push({ kind: 'patch-job', spec: { backoffLimit: 0 } });
    return undefined;
  }
  const ended = Date.parse(outcome.finishedAt ?? '') || observed.now;
  const left = ended + farewellMs - observed.now;
  if (left > 0) return left;
  // Workers that missed the end would wait for a leader that does not come back.
  const { parallelism } = job['spec'] as { parallelism: number };
  if (parallelism > 1) actions.push({ kind: 'patch-job', spec: { parallelism: 1, completions: 1 } });
  return undefined;
}

/**
 * A Job counts failures for its whole life. When all brokers are up again, old ones are forgiven by moving the limit, so
 * that a cluster that lives for months does not die of pods it lost long ago.
 */
function forgive(observed: Observed): number | undefined {
  const { job, resolved, pods } = observed;
  const { parallelism, backoffLimit = 0 } = job['spec'] as { parallelism: number; backoffLimit?: number };
  const failed = (job['status'] as { failed?: number } | undefined)?.failed ?? 0;
  const isHealthy = pods.filter((pod) => pod.isReady && !pod.isDeleting).length >= parallelism;
  if (!isHealthy || (backoffLimit - failed) * 2 > resolved.backoffLimit) return undefined;
  return failed + resolved.backoffLimit;
}
