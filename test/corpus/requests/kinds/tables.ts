import { type CorpusRequest, table } from '../../corpus-request.ts';
import { inNamespace } from './kind-requests.ts';

const { at, opens, closes } = inNamespace('corpus-tables');
const noneOf = (name: string, path: string): CorpusRequest => ({
  name: `table of ${name}`,
  path: `${path}?labelSelector=none`,
  headers: table,
});

/** Lists by fields of kinds, and the columns of tables without rows. */
export const tableRequests: readonly CorpusRequest[] = [
  ...opens,
  {
    name: 'events by what they are about',
    path: `${at('events')}?fieldSelector=involvedObject.kind%3DNothing,reason%3DNone,type%3DOdd`,
  },
  {
    name: 'events of the new group by what they regard',
    path: `${at('events', 'apis/events.k8s.io/v1')}?fieldSelector=regarding.kind%3DNothing`,
  },
  { name: 'maps by a field of pods', path: `${at('configmaps')}?fieldSelector=status.phase%3DRunning` },
  { name: 'namespaces by phase', path: '/api/v1/namespaces?fieldSelector=status.phase%3DOdd' },
  ...['limitranges', 'resourcequotas', 'endpoints', 'replicationcontrollers', 'podtemplates'].map(
    (each): CorpusRequest => ({ name: `table of ${each}`, path: at(each), headers: table, ignoresBody: true }),
  ),
  ...['daemonsets', 'replicasets', 'statefulsets'].map((each) => noneOf(each, at(each, 'apis/apps/v1'))),
  noneOf('replication controllers', at('replicationcontrollers')),
  noneOf('schedules', at('cronjobs', 'apis/batch/v1')),
  noneOf('ingresses', at('ingresses', 'apis/networking.k8s.io/v1')),
  noneOf('volumes', '/api/v1/persistentvolumes'),
  noneOf('nodes', '/api/v1/nodes'),
  noneOf('namespaces', '/api/v1/namespaces'),
  noneOf('storage classes', '/apis/storage.k8s.io/v1/storageclasses'),
  noneOf('priorities', '/apis/scheduling.k8s.io/v1/priorityclasses'),
  noneOf('runtimes', '/apis/node.k8s.io/v1/runtimeclasses'),
  noneOf('budgets', at('poddisruptionbudgets', 'apis/policy/v1')),
  noneOf('policies', at('networkpolicies', 'apis/networking.k8s.io/v1')),
  noneOf('scalers', at('horizontalpodautoscalers', 'apis/autoscaling/v2')),
  noneOf('accounts', at('serviceaccounts')),
  noneOf('cluster roles', '/apis/rbac.authorization.k8s.io/v1/clusterroles'),
  noneOf('definitions', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'),
  ...closes,
];
