/** The status of a MiniCluster: everything in it follows from what was observed and from what it said before. */
import { Idset } from '@ebb/flux-formats';
import { type MiniClusterStatus, scaleSelector } from '@ebb/minicluster';
import { conditionsFrom } from './conditions.ts';
import { factsOf, phaseOf } from './facts.ts';
import type { Observed } from './observed.ts';
import type { Outcome } from './outcome.ts';
import type { ResizeState } from './plan-resize.ts';
import { type Standing, standingOf } from './standing.ts';

export function statusOf(observed: Observed, outcome: Outcome, resize: ResizeState): MiniClusterStatus {
  const { cluster, resolved, registration, flux, now } = observed;
  const before = cluster.status;
  const standing = standingOf(observed, outcome, resize);
  // A denial is told in one breath with putting the size back, which is the next generation.
  const generation = resolved.generation + (resize.kind === 'denied' ? 1 : 0);
  const nodes = nodesOf(observed, standing);
  const drain = drainOf(observed, standing);
  return {
    size: standing.size,
    selector: scaleSelector(resolved.name),
    jobid: flux?.firstJob && resolved.mode !== 'interactive' ? before?.jobid || flux.firstJob : (before?.jobid ?? ''),
    maximumSize: registration.maximum,
    capacity: registration.capacity,
    ready: standing.ready,
    phase: phaseOf(standing),
    observedGeneration: generation,
    conditions: conditionsFrom(before?.conditions, factsOf(standing, before, resolved.name), generation, now),
    ranks: ranksOf(standing),
    ...(nodes ? { nodes } : {}),
    ...(standing.lastResize ? { lastResize: standing.lastResize } : {}),
    ...(resolved.mode === 'interactive' && !outcome.isFinished ? {} : { program: programOf(observed, outcome) }),
    ...(drain ? { drain } : {}),
  };
}

function ranksOf({ online, registered }: Standing): NonNullable<MiniClusterStatus['ranks']> {
  if (!online) return { up: 0, down: registered.size };
  return {
    up: online.size,
    down: registered.size - online.size,
    online: online.toString(),
    offline: registered.subtract(online).toString(),
  };
}

function nodesOf({ cluster, resolved, flux }: Observed, standing: Standing): MiniClusterStatus['nodes'] {
  const { online, registered, isStillSo } = standing;
  if (!flux || !online) return isStillSo ? cluster.status?.nodes : undefined;
  const drained = Idset.of(flux.drained.keys());
  return {
    free: online.subtract(flux.allocated).subtract(drained).size,
    allocated: flux.allocated.size,
    drained: drained.intersect(registered).size,
    ...(resolved.scaling.autoscale ? { pending: flux.pendingNodes } : {}),
  };
}

function drainOf({ cluster, resolved, drainingSince, now }: Observed, standing: Standing): MiniClusterStatus['drain'] {
  if (standing.resize.kind !== 'waiting-for-jobs' || standing.size <= resolved.size) return undefined;
  return {
    ranks: Idset.range(resolved.size, standing.size - 1).toString(),
    since: cluster.status?.drain?.since ?? new Date(drainingSince ?? now).toISOString(),
  };
}

function programOf({ resolved, registration, cluster }: Observed, outcome: Outcome): MiniClusterStatus['program'] {
  const nodes = registration.firstSize;
  const finishedAt = outcome.finishedAt ?? cluster.status?.program?.finishedAt;
  return {
    state: outcome.state,
    ...(outcome.exitCode !== undefined && outcome.isFinished ? { exitCode: outcome.exitCode } : {}),
    ...(resolved.mode === 'submit' || resolved.mode === 'batch'
      ? {
          tasks: resolved.tasks || nodes,
          nodes: resolved.tasks === 0 || resolved.tasks >= nodes ? nodes : Math.min(nodes, resolved.tasks),
        }
      : {}),
    ...(outcome.isFinished && finishedAt ? { finishedAt } : {}),
  };
}
