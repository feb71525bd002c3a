/**
 * The decision of one reconcile: what to do next, what to tell, what the status says. A pure function of what was
 * observed; it looks at states and never at what happened, so that any number of lost passes changes nothing.
 */
import { Idset } from '@ebb/flux-formats';
import { excludedRanks, type MiniClusterStatus } from '@ebb/minicluster';
import type { FluxView } from '../flux/flux-view.ts';
import type { Action, EventDraft } from './action.ts';
import { autoscaleSize } from './autoscale.ts';
import type { Observed } from './observed.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { planResize, type ResizeState } from './plan-resize.ts';
import { troubledPod } from './pod-view.ts';
import { statusOf } from './status.ts';

export interface Plan {
  /** Done in order; what they change is looked at again. */
  actions: Action[];
  events: EventDraft[];
  status: MiniClusterStatus;
  /** Why pods do not run, in a word. */
  trouble?: string;
  /** Not every pod has been made and looked at by the scheduler. */
  awaitsPods: boolean;
  /** Look again after so long, if nothing happens. */
  lookAgainMs?: number;
  /** A line for the log. */
  log?: Record<string, unknown>;
}

/** How long the pods may take to end by themselves when the program has ended. */
const farewellMs = 10_000;

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
      if (resolved.flux.brokerConfig === undefined && wanted !== undefined) {
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
  const trouble = troubledPod(observed.pods)?.trouble;
  return {
    actions,
    events,
    status,
    awaitsPods: observed.pods.filter((pod) => pod.isConsidered && !pod.isDeleting).length < spec.parallelism,
    ...(trouble ? { trouble } : {}),
    ...(lookAgainMs === undefined ? {} : { lookAgainMs }),
    ...(log ? { log } : {}),
  };
}

/**
 * What else is to be hidden now: the registered ranks from the maximum on, but for those that still have a pod or a job: a
 * scheduler that is loaded anew ends the jobs of ranks that it is not to see. @returns undefined when nothing has to change
 */
function ranksToHide({ registration, job }: Observed, flux: FluxView): string | undefined {
  const { parallelism } = job['spec'] as { parallelism: number };
  const inUse = Math.max(parallelism, (flux.allocated.last() ?? -1) + 1);
  const wanted = excludedRanks({ ...registration, maximum: Math.max(registration.maximum, inUse) });
  const hidden = Idset.parse(wanted);
  if (flux.excluded.equals(hidden)) return undefined;
  // Ranks without a pod do no harm until those in use have gone: then the scheduler is loaded anew once, for all of them.
  const canWait = inUse > registration.maximum && flux.excluded.subtract(hidden).size === 0;
  return canWait ? undefined : wanted;
}

/** What is left to do when the program has ended. */
function finish(observed: Observed, outcome: Outcome, actions: Action[]): number | undefined {
  const { resolved, job } = observed;
  const { parallelism, backoffLimit = 0 } = job['spec'] as { parallelism: number; backoffLimit?: number };
  if (resolved.cleanup) {
    actions.push({ kind: 'delete-cluster' });
    return undefined;
  }
  if (outcome.isJobOver) return undefined;
  if (outcome.state === 'Failed') {
    // The Job would run the program again; a limit of 0 makes it fail with what it has.
    if (backoffLimit !== 0) actions.push({ kind: 'patch-job', spec: { backoffLimit: 0 } });
    return undefined;
  }
  const allowed = failuresAllowed(observed);
  if (resolved.containers.length > 1 && backoffLimit > allowed) {
    // So it would for another container of the pod that fails.
    actions.push({ kind: 'patch-job', spec: { backoffLimit: allowed } });
  }
  const ended = Date.parse(outcome.finishedAt ?? '') || observed.now;
  const left = ended + farewellMs - observed.now;
  if (left > 0) return left;
  // Workers that missed the end would wait for a leader that does not come back.
  if (parallelism > 1) actions.push({ kind: 'patch-job', spec: { parallelism: 1, completions: 1 } });
  return undefined;
}

/** The limit at which a pod that fails from now on, or the lead's that has failed, is not replaced. */
function failuresAllowed({ job, pods }: Observed): number {
  const { failed = 0 } = (job['status'] ?? {}) as { failed?: number };
  return pods.some((pod) => pod.index === 0 && pod.hasFailed) ? 0 : failed;
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
