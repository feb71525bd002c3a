/** What one pass sees of a MiniCluster: all that its decision may rest on. */
import type { KubernetesObject, MiniCluster, Registration, ResolvedMiniCluster } from '@ebb/minicluster';
import type { FluxView } from '../flux/flux-view.ts';
import type { PodView } from './pod-view.ts';

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
