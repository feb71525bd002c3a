/** The columns of Jobs, Nodes, autoscalers and disruption budgets. */
import { isObject, type JsonObject } from '../../schema/schema.ts';
import type { PrinterColumn } from '../kind.ts';
import { humanDuration } from './age.ts';
import { ageColumn, column, nameColumn, wide } from './column.ts';
import { at, containerCells, hasCondition, listAt, mapAt, numberAt, selectorText, textAt } from './read.ts';

const templateColumns: readonly PrinterColumn[] = [
  wide('Containers', (object) => containerCells(listAt(object, 'spec.template.spec.containers')).names),
  wide('Images', (object) => containerCells(listAt(object, 'spec.template.spec.containers')).images),
  wide('Selector', (object) => selectorText(at(object, 'spec.selector'))),
];

function jobStatus(job: JsonObject): string {
  if (hasCondition(job, 'Complete')) return 'Complete';
  if (hasCondition(job, 'Failed')) return 'Failed';
  if (at(job, 'metadata.deletionTimestamp') !== undefined) return 'Terminating';
  for (const type of ['Suspended', 'FailureTarget', 'SuccessCriteriaMet']) if (hasCondition(job, type)) return type;
  return 'Running';
}

function jobCompletions(job: JsonObject): string {
  const succeeded = numberAt(job, 'status.succeeded');
  const completions = at(job, 'spec.completions');
  if (typeof completions === 'number') return `${succeeded}/${completions}`;
  const parallelism = numberAt(job, 'spec.parallelism');
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(job: JsonObject, now: Date): string {
  const started = Date.parse(textAt(job, 'status.startTime'));
  if (Number.isNaN(started)) return '';
  const completed = Date.parse(textAt(job, 'status.completionTime'));
  return humanDuration((Number.isNaN(completed) ? now.getTime() : completed) - started);
}

export const jobColumns: readonly PrinterColumn[] = [
  nameColumn,
  column('Status', jobStatus),
  column('Completions', jobCompletions),
  column('Duration', jobDuration),
  ageColumn,
  ...templateColumns,
];

function nodeStatus(node: JsonObject): string {
  const ready = listAt(node, 'status.conditions').find((condition) => condition['type'] === 'Ready');
  const words = [ready ? (ready['status'] === 'True' ? 'Ready' : 'NotReady') : 'Unknown'];
  if (at(node, 'spec.unschedulable') === true) words.push('SchedulingDisabled');
  return words.join(',');
}

function nodeRoles(node: JsonObject): string {
  const roles = new Set<string>();
  const prefix = 'node-role.kubernetes.io/';
  for (const [key, value] of Object.entries(mapAt(node, 'metadata.labels'))) {
    if (key.startsWith(prefix) && key.length > prefix.length) roles.add(key.slice(prefix.length));
    else if (key === 'kubernetes.io/role' && value) roles.add(String(value));
  }
  return [...roles].sort().join(',') || '<none>';
}

function nodeAddress(node: JsonObject, type: string): string {
  const address = listAt(node, 'status.addresses').find((candidate) => candidate['type'] === type);
  return address ? textAt(address, 'address') : '<none>';
}

const orUnknown = (text: string) => text || '<unknown>';

export const nodeColumns: readonly PrinterColumn[] = [
  nameColumn,
  column('Status', nodeStatus),
  column('Roles', nodeRoles),
  ageColumn,
  column('Version', (node) => textAt(node, 'status.nodeInfo.kubeletVersion')),
  wide('Internal-IP', (node) => nodeAddress(node, 'InternalIP')),
  wide('External-IP', (node) => nodeAddress(node, 'ExternalIP')),
  wide('OS-Image', (node) => orUnknown(textAt(node, 'status.nodeInfo.osImage'))),
  wide('Kernel-Version', (node) => orUnknown(textAt(node, 'status.nodeInfo.kernelVersion'))),
  wide('Container-Runtime', (node) => orUnknown(textAt(node, 'status.nodeInfo.containerRuntimeVersion'))),
];

const orNotGiven = (value: unknown) => (value === undefined || value === null ? 'N/A' : `${value}`);

export const disruptionBudgetColumns: readonly PrinterColumn[] = [
  nameColumn,
  column('Min Available', (object) => orNotGiven(at(object, 'spec.minAvailable'))),
  column('Max Unavailable', (object) => orNotGiven(at(object, 'spec.maxUnavailable'))),
  column('Allowed Disruptions', (object) => numberAt(object, 'status.disruptionsAllowed'), { type: 'integer' }),
  ageColumn,
];

const shownMetrics = 2;

/** `cpu: 12%/80%, queue: 3/10 + 1 more...` */
function autoscalerTargets(object: JsonObject): string {
  const current = listAt(object, 'status.currentMetrics');
  const texts = listAt(object, 'spec.metrics').map((metric, index) => metricText(metric, current[index]));
  if (texts.length === 0) return '<none>';
  const shown = texts.slice(0, shownMetrics).join(', ');
  return texts.length > shownMetrics ? `${shown} + ${texts.length - shownMetrics} more...` : shown;
}

const metricSources: Record<string, string> = {
  Resource: 'resource',
  ContainerResource: 'containerResource',
  Pods: 'pods',
  Object: 'object',
  External: 'external',
};

function metricText(metric: JsonObject, current: JsonObject | undefined): string {
  const source = metricSources[textAt(metric, 'type')];
  if (!source) return '<unknown type>';
  const target = mapAt(metric, `${source}.target`);
  const now = isObject(current) ? mapAt(current, `${source}.current`) : {};
  const isResource = source === 'resource' || source === 'containerResource';
  const prefix = isResource ? `${textAt(metric, `${source}.name`)}: ` : '';
  if (target['averageValue'] !== undefined) {
    const average = source === 'object' || source === 'external' ? ' (avg)' : '';
    return `${prefix}${orUnknown(textAt(now, 'averageValue'))}/${textAt(target, 'averageValue')}${average}`;
  }
  if (isResource) {
    const percent = (of: JsonObject, otherwise: string) =>
      of['averageUtilization'] === undefined ? otherwise : `${of['averageUtilization']}%`;
    return `${prefix}${percent(now, '<unknown>')}/${percent(target, '<auto>')}`;
  }
  return `${orUnknown(textAt(now, 'value'))}/${textAt(target, 'value')}`;
}

export const autoscalerColumns: readonly PrinterColumn[] = [
  nameColumn,
  column(
    'Reference',
    (object) => `${textAt(object, 'spec.scaleTargetRef.kind')}/${textAt(object, 'spec.scaleTargetRef.name')}`,
  ),
  column('Targets', autoscalerTargets),
  column('MinPods', (object) => textAt(object, 'spec.minReplicas') || '<unset>'),
  column('MaxPods', (object) => numberAt(object, 'spec.maxReplicas')),
  column('Replicas', (object) => numberAt(object, 'status.currentReplicas')),
  ageColumn,
];
