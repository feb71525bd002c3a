/** Jobs: defaults, the generated selector, and what may change, elastic indexed Jobs (KEP-3715) included. */

import { at, listAt, mapAt, textAt } from '../../kinds/columns/read.ts';
import { goObject, inFieldOrder } from '../../kinds/go-object.ts';
import { matchesLabelSelector } from '../../kinds/object-selectors.ts';
import { deepEqual } from '../../schema/equality.ts';
import { type FieldError, invalid, required } from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import type { KindRules } from '../built-in-strategy.ts';
import { immutableText, isMissing, unchanged, validateLabelSelector } from '../field-checks.ts';
import { fillAbsent, fillIn, nullWhenEmpty } from '../fill-in.ts';
import { isLabelName } from '../names.ts';
import { defaultPodSpec } from '../pods/pod-defaults.ts';
import { nameWarnings, podWarnings } from '../pods/pod-warnings.ts';
import { dropUnserved } from '../pods/unserved-fields.ts';
import { validateJobSpec } from './job-spec.ts';
import { validateJobStatus } from './job-status.ts';

const uidLabel = 'batch.kubernetes.io/controller-uid';
const nameLabel = 'batch.kubernetes.io/job-name';
const oldUidLabel = 'controller-uid';
const oldNameLabel = 'job-name';
const largestInt32 = 2 ** 31 - 1;

export const jobRules: KindRules = {
  hasGeneration: true,
  defaults: defaultJob,
  prepareForCreate(job) {
    const spec = mapAt(job, 'spec');
    nullWhenEmpty(mapAt(spec, 'podFailurePolicy'), 'rules');
    dropUnserved(mapAt(spec, 'template.spec'));
    if (spec['manualSelector'] !== true) generateSelector(job, spec);
  },
  prepareForUpdate: (job) => nullWhenEmpty(mapAt(job, 'spec.podFailurePolicy'), 'rules'),
  validate: (job) => validateJob(job),
  validateUpdate: validateJobUpdate,
  validateStatusUpdate: validateJobStatus,
  warnings: jobWarnings,
};

/** More indexes than a status can list when many fail. */
const manyIndexes = 100_000;
const manyAtOnce = 10_000;
const manyWarning =
  'spec: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail';

/** A changed Job is warned of only where its specification changed. */
function jobWarnings(job: JsonObject, old?: JsonObject): string[] {
  if (old && at(job, 'metadata.generation') === at(old, 'metadata.generation')) return [];
  return [
    ...(old ? [] : nameWarnings(textAt(job, 'metadata.name'), 'Pod names and hostnames')),
    ...(isHuge(mapAt(job, 'spec')) ? [manyWarning] : []),
    ...podWarnings(mapAt(job, 'spec.template'), 'spec.template.'),
  ];
}

function isHuge({ completionMode, completions, parallelism }: JsonObject): boolean {
  return completionMode === 'Indexed' && Number(completions) > manyIndexes && Number(parallelism) > manyAtOnce;
}

function defaultJob(job: JsonObject): void {
  if (!isObject(job['spec'])) job['spec'] = {};
  const spec = job['spec'] as JsonObject;
  const { completions, parallelism } = spec;
  if (isMissing(completions) && isMissing(parallelism)) {
    spec['completions'] = 1;
    spec['parallelism'] = 1;
  } else if (isMissing(parallelism)) spec['parallelism'] = 1;
  if (isMissing(spec['backoffLimit']))
    spec['backoffLimit'] = isMissing(spec['backoffLimitPerIndex']) ? 6 : largestInt32;
  fillAbsent(spec, {
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: spec['podFailurePolicy'] === undefined ? 'TerminatingOrFailed' : 'Failed',
  });
  for (const rule of listAt(spec, 'podFailurePolicy.rules')) {
    for (const pattern of listAt(rule, 'onPodConditions')) fillIn(pattern, { status: 'True' });
  }
  const template = mapAt(spec, 'template');
  if (!isObject(template['spec'])) template['spec'] = {};
  defaultPodSpec(template['spec'] as JsonObject);
  spec['template'] = template;
  copyLabels(job);
}

/** Jobs that have their labels from their pods: in the real server both are one map, so they get what is generated too. */
const labelledAsPods = new WeakSet<JsonObject>();

/** A Job without labels takes those of its pods. */
function copyLabels(job: JsonObject): void {
  const metadata = mapAt(job, 'metadata');
  const labels = mapAt(job, 'spec.template.metadata.labels');
  if (Object.keys(mapAt(metadata, 'labels')).length === 0 && Object.keys(labels).length > 0) {
    metadata['labels'] = { ...labels };
    labelledAsPods.add(job);
  }
}

function generateSelector(job: JsonObject, spec: JsonObject): void {
  const uid = textAt(job, 'metadata.uid');
  const name = textAt(job, 'metadata.name');
  const template = mapAt(spec, 'template');
  if (!isObject(template['metadata'])) template['metadata'] = {};
  const metadata = template['metadata'] as JsonObject;
  const templateLabels = mapAt(metadata, 'labels');
  const labels = { ...templateLabels };
  fillIn(labels, { [uidLabel]: uid, [oldUidLabel]: uid, [nameLabel]: name, [oldNameLabel]: name });
  metadata['labels'] = labels;
  if (labelledAsPods.has(job)) mapAt(job, 'metadata')['labels'] = { ...labels };
  const selector = isObject(spec['selector']) ? spec['selector'] : {};
  const matchLabels = { ...mapAt(selector, 'matchLabels') };
  fillIn(matchLabels, { [uidLabel]: uid });
  spec['selector'] = { ...selector, matchLabels };
}

function validateJob(job: JsonObject, old?: JsonObject): FieldError[] {
  const spec = mapAt(job, 'spec');
  const { selector } = spec;
  const errors = spec['manualSelector'] === true ? [] : validateGenerated(job, spec, old);
  errors.push(...validateJobSpec(spec));
  if (isMissing(selector)) errors.push(required('spec.selector'));
  const problems = validateLabelSelector(selector, 'spec.selector');
  errors.push(...problems);
  const labels = mapAt(spec, 'template.metadata.labels');
  // What cannot select says nothing of labels.
  if (
    problems.length === 0 &&
    (!isObject(selector) || !matchesLabelSelector(selector, labels as Record<string, string>))
  ) {
    const shown = Object.keys(labels).length > 0 ? labels : null;
    errors.push(invalid('spec.template.metadata.labels', shown, '`selector` does not match template `labels`'));
  }
  return [...errors, ...validateNames(job)];
}

function validateGenerated(job: JsonObject, spec: JsonObject, old: JsonObject | undefined): FieldError[] {
  if (spec['selector'] === undefined || spec['selector'] === null) return [required('spec.selector')];
  const labels = mapAt(spec, 'template.metadata.labels');
  const uid = textAt(job, 'metadata.uid');
  const name = textAt(job, 'metadata.name');
  const errors: FieldError[] = [];
  const path = 'spec.template.metadata.labels';
  // A Job that came by without them needs no labels with a prefix.
  const before = old && mapAt(old, 'spec.template.metadata.labels');
  const hadPrefixed = !before || (before[uidLabel] !== undefined && before[nameLabel] !== undefined);
  const prefixed = [
    [uidLabel, uid],
    [nameLabel, name],
  ] as const;
  const expected = [...(hadPrefixed ? prefixed : []), [oldUidLabel, uid], [oldNameLabel, name]] as const;
  for (const [label, wanted] of expected) {
    if (labels[label] === undefined) errors.push(required(`${path}[${label}]`, `must be '${wanted}'`));
    else if (labels[label] !== wanted) errors.push(invalid(`${path}[${label}]`, labels, `must be '${wanted}'`));
  }
  const { selector } = spec;
  const isOne = isObject(selector) && validateLabelSelector(selector, 'spec.selector').length === 0;
  if (isOne && !matchesLabelSelector(selector, Object.fromEntries(expected))) {
    errors.push(invalid('spec.selector', selectorShown(spec), '`selector` not auto-generated'));
  }
  return errors;
}

/** The selector as messages print it. */
function selectorShown({ selector }: JsonObject): unknown {
  return isObject(selector) ? inFieldOrder(selector, 'meta.LabelSelector') : selector;
}

/** The pods of an indexed Job are called NAME-INDEX. */
function validateNames(job: JsonObject): FieldError[] {
  const name = textAt(job, 'metadata.name');
  const completions = at(job, 'spec.completions');
  if (at(job, 'spec.completionMode') !== 'Indexed' || typeof completions !== 'number' || completions <= 0) return [];
  const hostname = `${name}-${completions - 1}`;
  return isLabelName(hostname).length > 0
    ? [invalid('metadata.name', name, `will not able to create pod with invalid DNS label: ${hostname}`)]
    : [];
}

/** Fields that never change, with the struct that one holds. */
const fixedFields: readonly (readonly [name: string, struct?: string])[] = [
  ['podFailurePolicy', 'batch.PodFailurePolicy'],
  ['backoffLimitPerIndex'],
  ['managedBy'],
  ['successPolicy', 'batch.SuccessPolicy'],
];

function validateJobUpdate(job: JsonObject, old: JsonObject): FieldError[] {
  const spec = mapAt(job, 'spec');
  const oldSpec = mapAt(old, 'spec');
  const errors = validateJob(job, old);
  errors.push(...validateCompletions(spec, oldSpec));
  errors.push(...unchanged(selectorShown(spec), selectorShown(oldSpec), 'spec.selector'));
  errors.push(...validateTemplateUpdate(job, old));
  errors.push(...unchanged(spec['completionMode'], oldSpec['completionMode'], 'spec.completionMode'));
  for (const [name, struct] of fixedFields) {
    if (deepEqual(spec[name], oldSpec[name])) continue;
    const shown = struct && isObject(spec[name]) ? goObject(spec[name], struct) : (spec[name] ?? null);
    errors.push(invalid(`spec.${name}`, shown, immutableText));
  }
  return errors;
}

/** Fixed, but for an indexed Job whose parallelism is the same. */
function validateCompletions(spec: JsonObject, old: JsonObject): FieldError[] {
  const { completions, parallelism, completionMode } = spec;
  if (completionMode !== 'Indexed') return unchanged(completions, old['completions'], 'spec.completions');
  // A Job of indexes without completions is refused for that.
  if (isMissing(completions) || deepEqual(completions, old['completions']) || completions === parallelism) return [];
  return [invalid('spec.completions', completions, 'can only be modified in tandem with spec.parallelism')];
}

/** Where the pods of a suspended Job that never started may run, and what they need while it rests, may change. */
function validateTemplateUpdate(job: JsonObject, old: JsonObject): FieldError[] {
  const template = mapAt(job, 'spec.template');
  const munged = structuredClone(mapAt(old, 'spec.template'));
  const isSuspended = at(old, 'spec.suspend') === true;
  if (isSuspended && at(old, 'status.startTime') === undefined) allowPlaces(munged, template);
  if (deepEqual(template, munged)) return [];
  return [invalid('spec.template', goObject(template, 'core.PodTemplateSpec'), immutableText)];
}

const places = [
  ['metadata', 'annotations'],
  ['metadata', 'labels'],
  ['spec', 'nodeSelector'],
  ['spec', 'tolerations'],
  ['spec', 'schedulingGates'],
] as const;

function allowPlaces(munged: JsonObject, template: JsonObject): void {
  for (const [parent, name] of places) {
    const from = mapAt(template, parent);
    if (!isObject(munged[parent])) munged[parent] = {};
    const to = munged[parent] as JsonObject;
    if (from[name] === undefined) delete to[name];
    else to[name] = from[name];
  }
  // Of the affinity only that to nodes.
  const spec = munged['spec'] as JsonObject;
  const affinity = { ...mapAt(spec, 'affinity') };
  const nodes = at(template, 'spec.affinity.nodeAffinity');
  if (nodes === undefined) delete affinity['nodeAffinity'];
  else affinity['nodeAffinity'] = nodes;
  if (Object.keys(affinity).length > 0 || at(template, 'spec.affinity') !== undefined) spec['affinity'] = affinity;
  else delete spec['affinity'];
}
