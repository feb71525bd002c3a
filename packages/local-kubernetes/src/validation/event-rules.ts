/**
 * Events of both groups, core/v1 and events.k8s.io/v1: one kind whose fields have other names, under the newer one's
 * stricter rules. Facts: k8s.io/kubernetes pkg/apis/core/validation/events.go.
 */
import { at, mapAt, textAt } from '../kinds/columns/read.ts';
import { newEventNames } from '../kinds/event-versions.ts';
import { goObject } from '../kinds/go-object.ts';
import { deepEqual } from '../schema/equality.ts';
import { type FieldError, invalid, required } from '../schema/field-error.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import type { KindRules } from './built-in-strategy.ts';
import { immutableText, named } from './field-checks.ts';
import { isPathSegment, isQualifiedName, isSubdomain } from './names.ts';
import { validateObjectMeta } from './object-meta.ts';

const longest = 128;
const longestNote = 1024;

const isNew = (event: JsonObject) => event['apiVersion'] === 'events.k8s.io/v1';
const field = (event: JsonObject, name: string) => event[isNew(event) ? (newEventNames[name] ?? name) : name];
const text = (event: JsonObject, name: string) => String(field(event, name) ?? '');

export const eventRules: KindRules = {
  allowCreateOnUpdate: true,
  // Those of core/v1 may have whatever name fits into a path, which is told last of all.
  nameCheck: isPathSegment,
  looksAtMetadataLast: true,
  validate: (event) => [...validateAny(event), ...(isNew(event) ? validateNew(event) : [])],
  validateUpdate: (event, old) => [...validateAny(event), ...(isNew(event) ? validateChange(event, old) : [])],
};

function validateAny(event: JsonObject): FieldError[] {
  const namespace = textAt(event, 'metadata.namespace');
  const about = textAt(mapAt(event, isNew(event) ? 'regarding' : 'involvedObject'), 'namespace');
  const mismatch = invalid('involvedObject.namespace', about, 'does not match event.namespace');
  if (event['eventTime']) {
    const isFine = about !== '' || namespace === 'default' || namespace === 'kube-system';
    return [...(isFine ? [] : [mismatch]), ...validateReport(event)];
  }
  return about === namespace || (about === '' && namespace === 'default') ? [] : [mismatch];
}

/** What is told of an event that has its own time. */
function validateReport(event: JsonObject): FieldError[] {
  const reporter = isNew(event) ? 'reportingController' : 'reportingComponent';
  const controller = text(event, 'reportingComponent');
  const sized = (name: string) => [
    ...(text(event, name) === '' ? [required(name)] : []),
    ...tooLong(text(event, name), name, longest),
  ];
  return [
    ...(controller === '' ? [required(reporter)] : []),
    ...named(controller, isQualifiedName, reporter),
    ...sized('reportingInstance'),
    ...sized('action'),
    ...sized('reason'),
    ...tooLong(text(event, 'message'), 'message', longestNote),
  ];
}

function tooLong(value: string, path: string, most: number): FieldError[] {
  return Buffer.byteLength(value) > most ? [invalid(path, '', `can have at most ${most} characters`)] : [];
}

function validateNew(event: JsonObject): FieldError[] {
  const type = textAt(event, 'type');
  const unset = (name: string, isSet: unknown) => (isSet ? [invalid(name, '', 'needs to be unset')] : []);
  const source = field(event, 'source');
  return [
    ...validateObjectMeta(event, true, isSubdomain),
    ...validateSeries(event),
    ...(event['eventTime'] ? [] : [required('eventTime')]),
    ...(type === 'Normal' || type === 'Warning' ? [] : [invalid('type', '', `has invalid value: ${type}`)]),
    ...unset('firstTimestamp', field(event, 'firstTimestamp')),
    ...unset('lastTimestamp', field(event, 'lastTimestamp')),
    ...unset('count', field(event, 'count')),
    ...unset('source', isObject(source) && (source['component'] || source['host'])),
  ];
}

function validateSeries(event: JsonObject): FieldError[] {
  const { series } = event;
  if (!isObject(series)) return [];
  const count = Number(series['count'] ?? 0);
  return [
    ...(count < 2 ? [invalid('series.count', '', 'should be at least 2')] : []),
    ...(series['lastObservedTime'] ? [] : [required('series.lastObservedTime')]),
  ];
}

/** Fields that stay as they are, with what Go writes when they are not set, or the struct that they hold. */
const fixed: readonly (readonly [name: string, empty: unknown, struct?: string])[] = [
  ['involvedObject', {}, 'core.ObjectReference'],
  ['reason', ''],
  ['message', ''],
  ['source', {}, 'core.EventSource'],
  ['firstTimestamp', null],
  ['lastTimestamp', null],
  ['count', 0],
  ['reason', ''],
  ['type', ''],
  ['eventTime', null],
  ['action', ''],
  ['related', null, 'core.ObjectReference'],
  ['reportingComponent', ''],
  ['reportingInstance', ''],
];

function validateChange(event: JsonObject, old: JsonObject): FieldError[] {
  const errors = deepEqual(at(event, 'series'), at(old, 'series')) ? [] : validateSeries(event);
  for (const [name, empty, struct] of fixed) {
    const value = field(event, name) ?? empty;
    if (deepEqual(value, field(old, name) ?? empty)) continue;
    const shown = struct && isObject(value) ? goObject(value, struct) : value;
    errors.push(invalid(name === 'reportingComponent' ? 'reportingController' : name, shown, immutableText));
  }
  return errors;
}
