/**
 * What a Job's status may say, whoever writes it: since a Job may be managed by another controller (KEP-4368), the API
 * server holds both to the order of things. A rule looks only when something it is about has changed.
 */
import { at, listAt, mapAt, textAt } from '../../kinds/columns/read.ts';
import { deepEqual } from '../../schema/equality.ts';
import { duplicate, type FieldError, invalid, required } from '../../schema/field-error.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { immutableText, isMissing, nonNegative } from '../field-checks.ts';
import { type IndexInterval, readIndexText } from './index-text.ts';

const conditionsPath = 'status.conditions';
const refused = (detail: string): FieldError => invalid(conditionsPath, undefined, detail);
const numberAt = (job: JsonObject, name: string): number => Number(at(job, `status.${name}`) ?? 0);

export function validateJobStatus(job: JsonObject, old: JsonObject): FieldError[] {
  return [
    ...['active', 'succeeded', 'failed', 'ready', 'terminating'].flatMap((name) =>
      nonNegative(at(job, `status.${name}`), `status.${name}`),
    ),
    ...validateUncounted(job),
    ...validateEnd(job, old),
    ...validateCounts(job, old),
    ...validateIndexes(job, old),
    ...validateSuccess(job),
    ...validateProgress(job, old),
  ];
}

function isTrue(job: JsonObject, type: string): boolean {
  return listAt(job, conditionsPath).some((each) => each['type'] === type && each['status'] === 'True');
}

function isFinished(job: JsonObject): boolean {
  return isTrue(job, 'Complete') || isTrue(job, 'Failed');
}

function changes(job: JsonObject, old: JsonObject) {
  return {
    in: (name: string) => !deepEqual(at(job, `status.${name}`) ?? null, at(old, `status.${name}`) ?? null),
    of: (type: string) => isTrue(job, type) !== isTrue(old, type),
    end: isFinished(job) !== isFinished(old),
  };
}

function validateUncounted(job: JsonObject): FieldError[] {
  const seen = new Set<unknown>();
  return ['succeeded', 'failed'].flatMap((name) => {
    const uids = at(job, `status.uncountedTerminatedPods.${name}`);
    return (Array.isArray(uids) ? uids : []).flatMap((uid: unknown, index) => {
      const path = `status.uncountedTerminatedPods.${name}[${index}]`;
      if (uid === '') return [invalid(path, uid, 'must not be empty')];
      if (seen.has(uid)) return [duplicate(path, uid)];
      seen.add(uid);
      return [];
    });
  });
}

/** Conditions that exclude or need each other, and the times of the end. */
function validateEnd(job: JsonObject, old: JsonObject): FieldError[] {
  const changed = changes(job, old);
  const errors: FieldError[] = [];
  const isComplete = isTrue(job, 'Complete');
  const isFailed = isTrue(job, 'Failed');
  const start = textAt(job, 'status.startTime');
  const completion = textAt(job, 'status.completionTime');
  const aboutCompletion = changed.of('Complete') || changed.in('completionTime');
  if ((changed.of('Complete') || changed.of('Failed')) && isComplete && isFailed)
    errors.push(refused('cannot set Complete=True and Failed=true conditions'));
  if ((changed.of('Complete') || changed.of('FailureTarget')) && isComplete && isTrue(job, 'FailureTarget'))
    errors.push(refused('cannot set Complete=True and FailureTarget=true conditions'));
  if (aboutCompletion && completion && !isComplete) {
    const detail = 'cannot set completionTime when there is no Complete=True condition';
    errors.push(invalid('status.completionTime', completion, detail));
  }
  if (aboutCompletion && !completion && isComplete)
    errors.push(required('status.completionTime', 'completionTime is required for Complete jobs'));
  const isBefore = start && completion && Date.parse(completion) < Date.parse(start);
  if ((changed.in('startTime') || changed.in('completionTime')) && isBefore)
    errors.push(invalid('status.completionTime', completion, 'must be equal to or after `startTime`'));
  if ((changed.of('Failed') || changed.in('failedIndexes')) && isFailed && !isTrue(job, 'FailureTarget'))
    errors.push(refused('cannot set Failed=True condition without the FailureTarget=true condition'));
  if ((changed.of('Complete') || changed.of('SuccessCriteriaMet')) && isComplete && !isTrue(job, 'SuccessCriteriaMet'))
    errors.push(refused('cannot set Complete=True condition without the SuccessCriteriaMet=true condition'));
  return errors;
}

/** A Job that has ended has no pods at work; no more pods are ready than are active. */
function validateCounts(job: JsonObject, old: JsonObject): FieldError[] {
  const changed = changes(job, old);
  const errors: FieldError[] = [];
  const active = numberAt(job, 'active');
  const ready = at(job, 'status.ready');
  const uncounted = mapAt(job, 'status.uncountedTerminatedPods');
  const isIdle = at(job, 'spec.suspend') === true && at(job, 'spec.completions') === 0;
  if (isFinished(job)) {
    if ((changed.end || changed.in('active')) && active > 0)
      errors.push(invalid('status.active', active, 'active>0 is invalid for finished job'));
    if ((changed.end || changed.in('startTime')) && !isIdle && !textAt(job, 'status.startTime'))
      errors.push(required('status.startTime', 'startTime is required for finished job'));
    if ((changed.end || changed.in('uncountedTerminatedPods')) && Object.keys(uncounted).length > 0)
      errors.push(invalid('status.uncountedTerminatedPods', uncounted, 'must be empty for finished job'));
    const terminating = numberAt(job, 'terminating');
    if ((changed.end || changed.in('terminating')) && terminating > 0)
      errors.push(invalid('status.terminating', terminating, 'terminating>0 is invalid for finished job'));
  }
  if ((changed.in('ready') || changed.in('active')) && typeof ready === 'number' && ready > active)
    errors.push(invalid('status.ready', ready, 'cannot set more ready pods than active'));
  return errors;
}

function validateIndexes(job: JsonObject, old: JsonObject): FieldError[] {
  const changed = changes(job, old);
  const errors: FieldError[] = [];
  const completions = at(job, 'spec.completions');
  const completed = textAt(job, 'status.completedIndexes');
  const failed = at(job, 'status.failedIndexes');
  const isPerIndex = !isMissing(at(job, 'spec.backoffLimitPerIndex'));
  const check = (name: string, text: string) => {
    const read = typeof completions === 'number' ? readIndexText(text, completions) : [];
    if (typeof read === 'string') errors.push(invalid(`status.${name}`, text, `error parsing ${name}: ${read}`));
  };
  if (changed.in('completedIndexes')) {
    check('completedIndexes', completed);
    if (completed && at(job, 'spec.completionMode') !== 'Indexed') {
      const detail = 'cannot set non-empty completedIndexes when non-indexed completion mode';
      errors.push(invalid('status.completedIndexes', completed, detail));
    }
  }
  if (changed.in('failedIndexes') && typeof failed === 'string') {
    if (isPerIndex) check('failedIndexes', failed);
    else {
      const detail = 'cannot set non-null failedIndexes when backoffLimitPerIndex is null';
      errors.push(invalid('status.failedIndexes', failed, detail));
    }
  }
  if ((changed.in('failedIndexes') || changed.in('completedIndexes')) && typeof failed === 'string') {
    const both = typeof completions === 'number' ? overlap(completed, failed, completions) : undefined;
    if (both !== undefined) {
      const detail = `failedIndexes and completedIndexes overlap at index: ${both}`;
      errors.push(invalid('status.failedIndexes', failed, detail));
    }
  }
  return errors;
}

/** The first index in both texts. */
function overlap(one: string, other: string, completions: number): number | undefined {
  const intervals = (text: string): IndexInterval[] => {
    const read = readIndexText(text, completions);
    return typeof read === 'string' ? [] : read;
  };
  for (const a of intervals(one)) {
    const b = intervals(other).find(({ first, last }) => a.first <= last && first <= a.last);
    if (b) return Math.max(a.first, b.first);
  }
  return undefined;
}

function validateSuccess(job: JsonObject): FieldError[] {
  if (!isTrue(job, 'SuccessCriteriaMet')) {
    const isUnmet = isTrue(job, 'Complete') && !isMissing(at(job, 'spec.successPolicy'));
    const why = 'cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True';
    return isUnmet ? [refused(why)] : [];
  }
  const errors: FieldError[] = [];
  if (isTrue(job, 'Failed')) errors.push(refused('cannot set SuccessCriteriaMet=True and Failed=true conditions'));
  if (isTrue(job, 'FailureTarget'))
    errors.push(refused('cannot set SuccessCriteriaMet=True and FailureTarget=true conditions'));
  return errors;
}

/** What has been said stays said. */
function validateProgress(job: JsonObject, old: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  for (const type of ['Failed', 'Complete', 'FailureTarget']) {
    if (isTrue(old, type) && !isTrue(job, type))
      errors.push(refused(`cannot disable the terminal ${type}=True condition`));
  }
  const isElastic =
    at(job, 'spec.completionMode') === 'Indexed' && at(job, 'spec.completions') === at(job, 'spec.parallelism');
  for (const name of isElastic ? ['failed'] : ['failed', 'succeeded']) {
    const count = numberAt(job, name);
    if (count < numberAt(old, name)) {
      errors.push(invalid(`status.${name}`, count, `cannot decrease the ${name} counter`));
    }
  }
  const completion = textAt(job, 'status.completionTime');
  const before = textAt(old, 'status.completionTime');
  if (completion && before && completion !== before)
    errors.push(invalid('status.completionTime', completion, immutableText));
  const started = textAt(old, 'status.startTime');
  const isSuspended = listAt(job, conditionsPath).find((each) => each['type'] === 'Suspended')?.['status'];
  const isResuming = isTrue(old, 'Suspended') && isSuspended === 'False';
  if (started && started !== textAt(job, 'status.startTime') && !isResuming && at(job, 'spec.suspend') !== true)
    errors.push(required('status.startTime', 'startTime cannot be removed for unsuspended job'));
  if (isTrue(old, 'SuccessCriteriaMet') && !isTrue(job, 'SuccessCriteriaMet'))
    errors.push(refused('cannot disable the SuccessCriteriaMet=True condition'));
  if (isTrue(old, 'Complete') && !isTrue(old, 'SuccessCriteriaMet') && isTrue(job, 'SuccessCriteriaMet'))
    errors.push(refused('cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions'));
  return errors;
}
