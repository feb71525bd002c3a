/**
 * Kinds that nothing here would act on. Discovery tells of them, `kubectl explain` describes them and their lists are empty,
 * as kubectl expects it of every cluster (`apply --prune` asks for them all); the making of one is refused.
 */
import type { Kind, ScalePaths } from './kind.ts';
import { type KindEntry, kindOf } from './kind-entry.ts';

const noReplicas =
  'has no controller that keeps replicas; run a Job or a Pod here, and what needs replicas on another cluster';
const noSchedule = 'has no controller that makes Jobs at set times; create the Job itself';
const noIngress = 'has no ingress controller; reach a Service by kubectl port-forward';

const scale: ScalePaths = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' };
const replicated = (entry: KindEntry): KindEntry => ({
  categories: ['all'],
  status: true,
  notRun: noReplicas,
  ...entry,
});
const apps = (entry: KindEntry) => kindOf('apps', 'v1', 'apps', replicated(entry));

export const kindsNotRun: readonly Kind[] = [
  kindOf(
    '',
    'v1',
    'core',
    replicated({ kind: 'ReplicationController', shortNames: ['rc'], scale, fieldSelectors: ['status.replicas'] }),
  ),
  apps({ kind: 'DaemonSet', shortNames: ['ds'] }),
  apps({ kind: 'Deployment', shortNames: ['deploy'], scale }),
  apps({ kind: 'ReplicaSet', shortNames: ['rs'], scale }),
  apps({ kind: 'StatefulSet', shortNames: ['sts'], scale }),
  kindOf('batch', 'v1', 'batch', {
    kind: 'CronJob',
    shortNames: ['cj'],
    categories: ['all'],
    status: true,
    notRun: noSchedule,
  }),
  kindOf('networking.k8s.io', 'v1', 'networking', {
    kind: 'Ingress',
    plural: 'ingresses',
    shortNames: ['ing'],
    status: true,
    notRun: noIngress,
  }),
];
