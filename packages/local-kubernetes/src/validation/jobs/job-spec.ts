/** A Job's specification: numbers, indexes, and the template of its pods. */
import { mapAt, textAt } from '../../kinds/columns/read.ts';
import { type FieldError, invalid, notSupported, required, tooLong } from '../../schema/field-error.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { isDomainPrefixedPath, isMissing, nonNegative } from '../field-checks.ts';
import { isQualifiedName } from '../names.ts';
import { validateLabels } from '../object-meta.ts';
import { validatePodSpec } from '../pods/pod-spec.ts';
import { validateFailurePolicy, validateSuccessPolicy } from './job-policies.ts';

const manyCompletions = 100_000;
const mostAtOnce = 100_000;
const mostFailedIndexes = 100_000;
/** For indexed Jobs of many completions with a limit of failures per index. */
const mostWithLimits = 10_000;
const longestManager = 63;

export function validateJobSpec(spec: JsonObject): FieldError[] {
  return [
    ...validateNumbers(spec),
    ...validateManager(spec['managedBy']),
    ...validateMode(spec),
    ...validateFailurePolicy(spec),
    ...validateSuccessPolicy(spec),
    ...validateReplacement(spec),
    ...validateTemplate(spec),
  ];
}

function validateNumbers(spec: JsonObject): FieldError[] {
  const errors = [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
  ].flatMap((name) => nonNegative(spec[name], `spec.${name}`));
  if (!isMissing(spec['maxFailedIndexes']) && isMissing(spec['backoffLimitPerIndex'])) {
    errors.push(required('spec.backoffLimitPerIndex', 'when maxFailedIndexes is specified'));
  }
  return errors;
}

function validateManager(manager: unknown): FieldError[] {
  if (typeof manager !== 'string') return [];
  const errors = isDomainPrefixedPath(manager, 'spec.managedBy');
  return manager.length > longestManager ? [...errors, tooLong('spec.managedBy', longestManager)] : errors;
}

function validateMode(spec: JsonObject): FieldError[] {
  const { completionMode } = spec;
  if (completionMode === 'Indexed') return validateIndexed(spec);
  const errors: FieldError[] = [];
  if (typeof completionMode === 'string' && completionMode !== 'NonIndexed') {
    return [notSupported('spec.completionMode', completionMode, ['NonIndexed', 'Indexed'])];
  }
  for (const name of ['backoffLimitPerIndex', 'maxFailedIndexes']) {
    if (!isMissing(spec[name])) errors.push(invalid(`spec.${name}`, spec[name], 'requires indexed completion mode'));
  }
  return errors;
}

function validateIndexed(spec: JsonObject): FieldError[] {
  const { completions, parallelism, backoffLimitPerIndex, maxFailedIndexes } = spec;
  const errors: FieldError[] = [];
  const atMost = (name: string, limit: number, detail: string) => {
    const value = spec[name];
    if (typeof value === 'number' && value > limit) errors.push(invalid(`spec.${name}`, value, detail));
  };
  if (isMissing(completions)) errors.push(required('spec.completions', 'when completion mode is Indexed'));
  const orLess = (limit: number) => `must be less than or equal to ${limit}`;
  atMost('parallelism', mostAtOnce, `${orLess(mostAtOnce)} when completion mode is Indexed`);
  if (typeof completions === 'number') {
    atMost('maxFailedIndexes', completions, 'must be less than or equal to completions');
  }
  atMost('maxFailedIndexes', mostFailedIndexes, orLess(mostFailedIndexes));
  if (typeof completions !== 'number' || completions <= manyCompletions || isMissing(backoffLimitPerIndex))
    return errors;
  const when = `when completions are above ${manyCompletions} and used with backoff limit per index`;
  if (isMissing(maxFailedIndexes)) {
    errors.push(required('spec.maxFailedIndexes', `must be specified when completions is above ${manyCompletions}`));
  }
  if (typeof parallelism === 'number') atMost('parallelism', mostWithLimits, `${orLess(mostWithLimits)} ${when}`);
  atMost('maxFailedIndexes', mostWithLimits, `${orLess(mostWithLimits)} ${when}`);
  return errors;
}

function validateReplacement(spec: JsonObject): FieldError[] {
  const policy = spec['podReplacementPolicy'];
  const allowed = spec['podFailurePolicy'] === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed'];
  if (typeof policy !== 'string' || allowed.includes(policy)) return [];
  return [notSupported('spec.podReplacementPolicy', policy, allowed)];
}

function validateTemplate(spec: JsonObject): FieldError[] {
  const template = mapAt(spec, 'template');
  const podSpec = mapAt(template, 'spec');
  const errors = validateLabels(mapAt(template, 'metadata.labels'), 'spec.template.labels');
  for (const key of Object.keys(mapAt(template, 'metadata.annotations'))) {
    for (const problem of isQualifiedName(key.toLowerCase())) {
      errors.push(invalid('spec.template.annotations', key, problem));
    }
  }
  errors.push(...validatePodSpec(podSpec, 'spec.template.spec'));
  const policy = textAt(podSpec, 'restartPolicy');
  const path = 'spec.template.spec.restartPolicy';
  if (policy === 'Always' || policy === '') {
    errors.push(required(path, 'valid values: "OnFailure", "Never"'));
  } else if (policy !== 'OnFailure' && policy !== 'Never') {
    errors.push(notSupported(path, policy, ['OnFailure', 'Never']));
  } else if (spec['podFailurePolicy'] !== undefined && policy !== 'Never') {
    errors.push(invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified'));
  }
  return errors;
}
