/** Jobs: defaults, the generated selector, and what may change, elastic indexed Jobs (KEP-3715) included. */
import { at, listAt, mapAt, textAt } from '../kinds/columns/read.ts';
import { deepEqual } from '../schema/equality.ts';
import { type FieldError, invalid, notSupported, required } from '../schema/field-error.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import type { KindRules } from './built-in-strategy.ts';
import { immutableText, nonNegative, selects, unchanged, validateLabelSelector } from './field-checks.ts';
import { fillIn } from './fill-in.ts';
import { isLabelName, isQualifiedName } from './names.ts';
import { validateLabels } from './object-meta.ts';
import { defaultPodSpec } from './pods/pod-defaults.ts';
import { validatePodSpec } from './pods/pod-spec.ts';

const uidLabel = 'batch.kubernetes.io/controller-uid';
const nameLabel = 'batch.kubernetes.io/job-name';
const oldUidLabel = 'controller-uid';
const oldNameLabel = 'job-name';
const mostIndexes = 100_000;
const mostIndexesWithLimits = 10_000;
const largestInt32 = 2 ** 31 - 1;

export const jobRules: KindRules = {
  hasGeneration: true,
  defaults: defaultJob,
  prepareForCreate(job) {
    const spec = mapAt(job, 'spec');
    if (spec['manualSelector'] !== true) generateSelector(job, spec);
  },
  validate: (job) => [...validateJobSpec(job), ...validateNames(job)],
  validateUpdate: validateJobUpdate,
  validateStatusUpdate: validateStatus,
};

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
  fillIn(spec, {
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

const isMissing = (value: unknown) => value === undefined || value === null;

/** A Job without labels takes those of its pods. */
function copyLabels(job: JsonObject): void {
  const metadata = mapAt(job, 'metadata');
  const labels = mapAt(job, 'spec.template.metadata.labels');
  if (Object.keys(mapAt(metadata, 'labels')).length === 0 && Object.keys(labels).length > 0) {
    metadata['labels'] = { ...labels };
  }
}

function generateSelector(job: JsonObject, spec: JsonObject): void {
  const uid = textAt(job, 'metadata.uid');
  const name = textAt(job, 'metadata.name');
  const template = mapAt(spec, 'template');
  if (!isObject(template['metadata'])) template['metadata'] = {};
  const metadata = template['metadata'] as JsonObject;
  const hadOwn = Object.keys(mapAt(job, 'metadata.labels'));
  const templateLabels = mapAt(metadata, 'labels');
  const isShared = deepEqual(mapAt(job, 'metadata.labels'), templateLabels) && hadOwn.length > 0;
  const labels = { ...templateLabels };
  fillIn(labels, { [uidLabel]: uid, [oldUidLabel]: uid, [nameLabel]: name, [oldNameLabel]: name });
  metadata['labels'] = labels;
  if (isShared) mapAt(job, 'metadata')['labels'] = { ...labels };
  const selector = isObject(spec['selector']) ? spec['selector'] : {};
  const matchLabels = { ...mapAt(selector, 'matchLabels') };
  fillIn(matchLabels, { [uidLabel]: uid });
  spec['selector'] = { ...selector, matchLabels };
}

function validateJobSpec(job: JsonObject): FieldError[] {
  const spec = mapAt(job, 'spec');
  const selector = spec['selector'];
  const errors: FieldError[] = [];
  if (spec['manualSelector'] !== true) errors.push(...validateGenerated(job, spec));
  for (const name of [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
  ]) {
    errors.push(...nonNegative(spec[name], `spec.${name}`));
  }
  errors.push(...validateIndexed(spec));
  const policy = spec['podReplacementPolicy'];
  const allowed = spec['podFailurePolicy'] === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed'];
  if (typeof policy === 'string' && !allowed.includes(policy))
    errors.push(notSupported('spec.podReplacementPolicy', policy, allowed));
  errors.push(...validateFailurePolicy(spec), ...validateSuccessPolicy(spec));
  if (selector === undefined || selector === null) errors.push(required('spec.selector'));
  else errors.push(...validateLabelSelector(selector, 'spec.selector'));
  const labels = mapAt(spec, 'template.metadata.labels');
  if (isObject(selector) && !selects(selector, labels)) {
    errors.push(invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'));
  }
  errors.push(...validateTemplate(spec));
  return errors;
}

function validateGenerated(job: JsonObject, spec: JsonObject): FieldError[] {
  if (spec['selector'] === undefined || spec['selector'] === null) return [required('spec.selector')];
  const labels = mapAt(spec, 'template.metadata.labels');
  const uid = textAt(job, 'metadata.uid');
  const name = textAt(job, 'metadata.name');
  const errors: FieldError[] = [];
  const path = 'spec.template.metadata.labels';
  for (const [label, wanted] of [
    [uidLabel, uid],
    [nameLabel, name],
    [oldUidLabel, uid],
    [oldNameLabel, name],
  ] as const) {
    if (labels[label] === undefined) errors.push(required(`${path}[${label}]`, `must be '${wanted}'`));
    else if (labels[label] !== wanted) errors.push(invalid(`${path}[${label}]`, labels, `must be '${wanted}'`));
  }
  const expected = [{ matchLabels: { [uidLabel]: uid } }, { matchLabels: { [oldUidLabel]: uid } }];
  if (!expected.some((each) => deepEqual(each, spec['selector']))) {
    errors.push(invalid('spec.selector', spec['selector'], '`selector` not auto-generated'));
  }
  return errors;
}

function validateIndexed(spec: JsonObject): FieldError[] {
  const { completionMode, completions, parallelism, backoffLimitPerIndex, maxFailedIndexes } = spec;
  const errors: FieldError[] = [];
  if (!isMissing(backoffLimitPerIndex) && completionMode !== 'Indexed') {
    errors.push(invalid('spec.backoffLimitPerIndex', backoffLimitPerIndex, 'requires indexed completion mode'));
  }
  if (typeof completionMode !== 'string') return errors;
  if (completionMode !== 'NonIndexed' && completionMode !== 'Indexed') {
    errors.push(notSupported('spec.completionMode', completionMode, ['NonIndexed', 'Indexed']));
  }
  if (completionMode === 'Indexed') {
    if (isMissing(completions)) {
      errors.push(required('spec.completions', 'when completion mode is Indexed'));
    }
    if (typeof parallelism === 'number' && parallelism > mostIndexes) {
      errors.push(
        invalid(
          'spec.parallelism',
          parallelism,
          `must be less than or equal to ${mostIndexes} when completion mode is Indexed`,
        ),
      );
    }
    if (typeof maxFailedIndexes === 'number' && typeof completions === 'number' && maxFailedIndexes > completions) {
      errors.push(invalid('spec.maxFailedIndexes', maxFailedIndexes, 'must be less than or equal to completions'));
    }
    if (typeof backoffLimitPerIndex === 'number' && typeof completions === 'number' && completions > mostIndexes) {
      if (typeof parallelism === 'number' && parallelism > mostIndexesWithLimits) {
        errors.push(
          invalid(
            'spec.parallelism',
            parallelism,
            `must be less than or equal to ${mostIndexesWithLimits} when completions are above ${mostIndexes} and used with backoff limit per index`,
          ),
        );
      }
      if (isMissing(maxFailedIndexes)) {
        errors.push(
          required(
            'spec.maxFailedIndexes',
            `must be specified when completions are above ${mostIndexes} and used with backoff limit per index`,
          ),
        );
      }
    }
  }
  if (!isMissing(maxFailedIndexes) && isMissing(backoffLimitPerIndex)) {
    errors.push(required('spec.backoffLimitPerIndex', 'when maxFailedIndexes is specified'));
  }
  return errors;
}

const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];

function validateFailurePolicy(spec: JsonObject): FieldError[] {
  return listAt(spec, 'podFailurePolicy.rules').flatMap((rule, index) => {
    const path = `spec.podFailurePolicy.rules[${index}]`;
    const errors: FieldError[] = [];
    const action = textAt(rule, 'action');
    const isPerIndex = !isMissing(spec['backoffLimitPerIndex']);
    if (!action)
      errors.push(required(`${path}.action`, `valid values: ${actions.map((each) => `"${each}"`).join(', ')}`));
    else if (!actions.includes(action)) errors.push(notSupported(`${path}.action`, action, actions));
    else if (action === 'FailIndex' && !isPerIndex)
      errors.push(invalid(`${path}.action`, action, 'requires the backoffLimitPerIndex to be set'));
    const codes = rule['onExitCodes'];
    if (isObject(codes)) errors.push(...validateExitCodes(codes, spec, `${path}.onExitCodes`));
    const conditions = listAt(rule, 'onPodConditions');
    if (isObject(codes) && conditions.length > 0) {
      errors.push(invalid(path, '', 'specifying both OnExitCodes and OnPodConditions is not supported'));
    }
    if (!isObject(codes) && conditions.length === 0) {
      errors.push(invalid(path, '', 'specifying one of OnExitCodes and OnPodConditions is required'));
    }
    return errors;
  });
}

function validateExitCodes(codes: JsonObject, spec: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const operator = textAt(codes, 'operator');
  if (!operator) errors.push(required(`${path}.operator`, 'valid values: "In", "NotIn"'));
  else if (operator !== 'In' && operator !== 'NotIn')
    errors.push(notSupported(`${path}.operator`, operator, ['In', 'NotIn']));
  const container = codes['containerName'];
  const names = ['containers', 'initContainers'].flatMap((field) =>
    listAt(spec, `template.spec.${field}`).map((each) => each['name']),
  );
  if (typeof container === 'string' && !names.includes(container)) {
    errors.push(
      invalid(
        `${path}.containerName`,
        container,
        'must be one of the container or initContainer names in the pod template',
      ),
    );
  }
  const values = Array.isArray(codes['values']) ? (codes['values'] as unknown[]) : [];
  if (values.length < 1) errors.push(invalid(`${path}.values`, values, 'at least one value is required'));
  for (const [index, value] of values.entries()) {
    if (operator === 'In' && value === 0)
      errors.push(invalid(`${path}.values[${index}]`, value, 'must not be 0 for the In operator'));
    if (values.indexOf(value) < index)
      errors.push({ type: 'Duplicate', field: `${path}.values[${index}]`, detail: '', badValue: value });
  }
  return errors;
}

function validateSuccessPolicy(spec: JsonObject): FieldError[] {
  const policy = spec['successPolicy'];
  if (!isObject(policy)) return [];
  if (spec['completionMode'] !== 'Indexed') {
    return [invalid('spec.successPolicy', policy, 'requires indexed completion mode')];
  }
  const rules = listAt(policy, 'rules');
  if (rules.length === 0)
    return [
      required('spec.successPolicy.rules', 'at least one rules must be specified when the successPolicy is specified'),
    ];
  return rules.flatMap((rule, index) => {
    const path = `spec.successPolicy.rules[${index}]`;
    if (isMissing(rule['succeededIndexes']) && isMissing(rule['succeededCount'])) {
      return [required(path, 'at least one of succeededCount or succeededIndexes must be specified')];
    }
    return nonNegative(rule['succeededCount'], `${path}.succeededCount`);
  });
}

function validateTemplate(spec: JsonObject): FieldError[] {
  const template = mapAt(spec, 'template');
  const podSpec = mapAt(template, 'spec');
  const errors = validateLabels(mapAt(template, 'metadata.labels'), 'spec.template.labels');
  for (const key of Object.keys(mapAt(template, 'metadata.annotations'))) {
    errors.push(
      ...isQualifiedName(key.toLowerCase()).map((problem) => invalid('spec.template.annotations', key, problem)),
    );
  }
  const { restartPolicy, ...rest } = podSpec;
  const isKnown = restartPolicy === 'OnFailure' || restartPolicy === 'Never';
  errors.push(
    ...validatePodSpec(
      isKnown || restartPolicy === 'Always' ? podSpec : { ...rest, restartPolicy },
      'spec.template.spec',
    ),
  );
  if (restartPolicy === 'Always' || restartPolicy === '' || restartPolicy === undefined) {
    errors.push(required('spec.template.spec.restartPolicy', 'valid values: "OnFailure", "Never"'));
  } else if (!isKnown)
    errors.push(notSupported('spec.template.spec.restartPolicy', restartPolicy, ['OnFailure', 'Never']));
  else if (spec['podFailurePolicy'] !== undefined && restartPolicy !== 'Never') {
    errors.push(
      invalid(
        'spec.template.spec.restartPolicy',
        restartPolicy,
        'only "Never" is supported when podFailurePolicy is specified',
      ),
    );
  }
  return errors;
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

function validateJobUpdate(job: JsonObject, old: JsonObject): FieldError[] {
  const spec = mapAt(job, 'spec');
  const oldSpec = mapAt(old, 'spec');
  const errors = validateJobSpec(job);
  errors.push(...validateCompletions(spec, oldSpec));
  errors.push(...unchanged(spec['selector'], oldSpec['selector'], 'spec.selector'));
  errors.push(...validateTemplateUpdate(job, old));
  errors.push(...unchanged(spec['completionMode'], oldSpec['completionMode'], 'spec.completionMode'));
  for (const name of ['podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy']) {
    errors.push(...unchanged(spec[name], oldSpec[name], `spec.${name}`));
  }
  return errors;
}

/** Fixed, but for an indexed Job whose parallelism moves along. */
function validateCompletions(spec: JsonObject, old: JsonObject): FieldError[] {
  const { completions, parallelism, completionMode } = spec;
  if (deepEqual(completions, old['completions'])) return [];
  if (completionMode !== 'Indexed' || old['completionMode'] !== 'Indexed') {
    return [invalid('spec.completions', completions ?? null, immutableText)];
  }
  if (isMissing(completions) || isMissing(old['completions'])) {
    return [invalid('spec.completions', completions ?? null, immutableText)];
  }
  if (completions !== parallelism || deepEqual(parallelism, old['parallelism'])) {
    return [invalid('spec.completions', completions, 'can only be modified in tandem with spec.parallelism')];
  }
  return [];
}

/** Where a Job that never started is placed may change; a running one's template may not. */
function validateTemplateUpdate(job: JsonObject, old: JsonObject): FieldError[] {
  const template = mapAt(job, 'spec.template');
  const munged = structuredClone(mapAt(old, 'spec.template'));
  if (at(old, 'spec.suspend') === true && at(old, 'status.startTime') === undefined) {
    for (const part of [
      'metadata.annotations',
      'metadata.labels',
      'spec.nodeSelector',
      'spec.affinity',
      'spec.tolerations',
      'spec.schedulingGates',
    ]) {
      const [parent, name] = part.split('.') as [string, string];
      const from = mapAt(template, parent);
      if (!isObject(munged[parent])) munged[parent] = {};
      const to = munged[parent] as JsonObject;
      if (from[name] === undefined) delete to[name];
      else to[name] = from[name];
    }
  }
  return unchanged(template, munged, 'spec.template');
}

function validateStatus(job: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  for (const name of ['active', 'succeeded', 'failed', 'ready', 'terminating']) {
    errors.push(...nonNegative(at(job, `status.${name}`), `status.${name}`));
  }
  return errors;
}
