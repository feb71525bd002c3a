/**
 * Kinds that nothing here would act on. Discovery tells of them, `kubectl explain` describes them and their lists are empty,
 * as kubectl expects it of every cluster (`apply --prune` asks for them all); the making of one is refused.
 */
import { ageColumn, column, nameColumn } from './columns/column.ts';
import type { Kind, PrinterColumn, ScalePaths } from './kind.ts';
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

/** The columns of a list that is always empty: names after that of the object, the wide ones behind `+`, and types where one is no string. */
function headings(text: string): readonly PrinterColumn[] {
  const of = (names: string, priority: number) =>
    names.split(', ').map((each) => {
      const [name, type = 'string'] = each.split(':');
      return name === 'Age' ? ageColumn : column(name!, () => null, { type, priority });
    });
  const [shown, wide] = text.split(' + ');
  return [nameColumn, ...of(shown!, 0), ...(wide ? of(wide, 1) : [])];
}

const ofTemplate = 'Containers, Images, Selector';
const replicas = 'Desired:integer, Current:integer, Ready:integer';

export const kindsNotRun: readonly Kind[] = [
  kindOf(
    '',
    'v1',
    'core',
    replicated({
      kind: 'ReplicationController',
      shortNames: ['rc'],
      scale,
      columns: headings(`${replicas}, Age + ${ofTemplate}`),
      fieldSelectors: ['status.replicas'],
    }),
  ),
  apps({
    kind: 'DaemonSet',
    shortNames: ['ds'],
    columns: headings(`${replicas}, Up-to-date:integer, Available:integer, Node Selector, Age + ${ofTemplate}`),
  }),
  apps({
    kind: 'Deployment',
    shortNames: ['deploy'],
    scale,
    columns: headings(`Ready, Up-to-date, Available, Age + ${ofTemplate}`),
  }),
  apps({ kind: 'ReplicaSet', shortNames: ['rs'], scale, columns: headings(`${replicas}, Age + ${ofTemplate}`) }),
  apps({ kind: 'StatefulSet', shortNames: ['sts'], scale, columns: headings('Ready, Age + Containers, Images') }),
  kindOf('batch', 'v1', 'batch', {
    kind: 'CronJob',
    shortNames: ['cj'],
    categories: ['all'],
    status: true,
    columns: headings(`Schedule, Timezone, Suspend:boolean, Active:integer, Last Schedule, Age + ${ofTemplate}`),
    notRun: noSchedule,
  }),
  kindOf('networking.k8s.io', 'v1', 'networking', {
    kind: 'Ingress',
    plural: 'ingresses',
    shortNames: ['ing'],
    status: true,
    columns: headings('Class, Hosts, Address, Ports, Age'),
    notRun: noIngress,
  }),
];
