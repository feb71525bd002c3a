// From what a client sent to an object of the kind: apiVersion and kind agree with the path, unknown fields are found
// and dropped as the client chose, defaults are filled in.

import type { KubernetesObject } from '../client/kubernetes-object.ts';
import type { StatusError } from '../client/status-error.ts';
import { goValueName } from '../kinds/go-scalars.ts';
import type { Kind } from '../kinds/kind.ts';
import { goQuote } from '../schema/field-error.ts';
import { groupVersionProblem } from '../validation/names.ts';
import { strategyFor } from '../validation/strategies.ts';
import { identifyCustom, isNoVersion, otherVersion } from './incoming-custom-object.ts';
import { type ApiContext, apiVersionOf, type Caller, type Target } from './request.ts';
import { badRequest, packageOf } from './status-errors.ts';
import { duplicateTexts, type Reading, tellStrict } from './strict-problems.ts';

/** What `decodeObject` does, and defaults filled in. @throws {StatusError} BadRequest */
export function acceptObject(
  context: ApiContext,
  target: Target,
  body: unknown,
  reading: Reading,
  caller: Caller,
): KubernetesObject {
  const object = decodeObject(context, target, body, reading, caller);
  strategyFor(target.kind).applyDefaults(object);
  return object;
}

/**
 * The object's own copy in the kind's form, with metadata in place and unknown fields dropped.
 * @throws {StatusError} BadRequest for another kind or version, values of a wrong type, and, under strict validation,
 *   unknown fields and members that stand twice
 */
export function decodeObject(
  context: ApiContext,
  target: Target,
  body: unknown,
  reading: Reading,
  caller: Caller,
): KubernetesObject {
  const { kind } = target;
  const sent = identifyObject(context, target, body, reading, caller);
  const { object, unknownFields, error } = strategyFor(kind).decode(sent);
  if (error) throw badRequest(error);
  tellStrict([...(reading.problems ?? []), ...inOrder(kind, reading, unknownFields)], reading, caller, (why) =>
    badRequest(`${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${why}`),
  );
  if (typeof object['metadata'] !== 'object' || object['metadata'] === null) object['metadata'] = {};
  return object as KubernetesObject;
}

/** A custom resource is read as JSON before it is held to its schema; of unknown fields of others nothing more is told. */
function inOrder({ builtIn }: Kind, reading: Reading, unknown: readonly string[]): readonly string[] {
  const twice = duplicateTexts(reading);
  if (!builtIn) return [...twice, ...unknown];
  const names = unknown.map((text) => text.slice('unknown '.length, -1));
  const isKnown = (text: string) =>
    !names.some((name) =>
      [`duplicate ${name}"`, `duplicate ${name}.`, `duplicate ${name}[`].some((each) => text.startsWith(each)),
    );
  return [...unknown, ...twice.filter(isKnown)];
}

/** The object with its apiVersion and kind, which are those of the path. @throws {StatusError} BadRequest */
export function identifyObject(
  context: ApiContext,
  target: Target,
  body: unknown,
  reading: Reading,
  caller: Caller,
): Record<string, unknown> {
  const { kind } = target;
  demandObject(target, body);
  const sent = body as Record<string, unknown>;
  demandTextual(target, sent);
  if (!kind.builtIn) {
    if (sent['kind']) return identifyCustom(context, target, sent, reading, caller);
    throw kindMissing(kind, sent['apiVersion'], JSON.stringify(body), reading);
  }
  const expected = apiVersionOf(kind);
  const apiVersion = isNoVersion(sent['apiVersion']) ? expected : String(sent['apiVersion']);
  const kindName = String(sent['kind'] || kind.kind);
  if (kindName === kind.kind && apiVersion === expected) return { ...sent, apiVersion, kind: kindName };
  const slash = apiVersion.indexOf('/');
  const [group, version] = [slash < 0 ? '' : apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
  // A version without a group is called by its version alone.
  const called = group ? apiVersion : version;
  const isKnown = context.resources.findKind(group, version, kindName) !== undefined;
  if (isKnown && group === kind.group && kindName === kind.kind) throw otherVersion(apiVersion, expected);
  const why = isKnown
    ? `converting (${version}.${kindName}) to (${packageOf(kind.group)}.${kind.kind}): unknown conversion`
    : `no kind ${goQuote(kindName)} is registered for version ${goQuote(called)} in scheme "pkg/runtime/scheme.go:111"`;
  throw badRequest(`${kindName} in version ${goQuote(version)} cannot be handled as a ${kind.kind}: ${why}`);
}

/** Strict decoding looks for the kind before anything is made of the body, and so does not know what it is of. */
function kindMissing(
  { kind, version }: Kind,
  apiVersion: unknown,
  text: string,
  { fieldValidation }: Reading,
): StatusError {
  const why = `Object 'Kind' is missing in '${text}'`;
  if (fieldValidation !== 'Ignore') return unrecognized(kind, why, Buffer.from(text), false);
  const named = isNoVersion(apiVersion) ? version : String(apiVersion).split('/').at(-1);
  return badRequest(`${kind} in version "${named}" cannot be handled as a ${kind}: ${why}`);
}

/** @throws {StatusError} BadRequest for an apiVersion or a kind that is no text */
function demandTextual({ kind: { kind, builtIn } }: Target, sent: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(sent)) {
    if ((name !== 'apiVersion' && name !== 'kind') || value === null || typeof value === 'string') continue;
    const why = `json: cannot unmarshal ${goValueName(value)} into Go struct field .${name} of type string`;
    throw unrecognized(kind, why, Buffer.from(JSON.stringify(sent)));
  }
  const { apiVersion } = sent;
  if (!builtIn && apiVersion === null) {
    const why = '.apiVersion accessor error: <nil> is of the type <nil>, expected string';
    throw badRequest(`${String(sent['kind'])} in version "" cannot be handled as a ${kind}: ${why}`);
  }
  const why = typeof apiVersion === 'string' ? groupVersionProblem(apiVersion) : undefined;
  if (why) throw unrecognized(kind, why, Buffer.from(JSON.stringify(sent)), false);
}

/** @throws {StatusError} BadRequest for JSON that is no object */
function demandObject({ kind }: Target, body: unknown): void {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return;
  const text = JSON.stringify(body) ?? '';
  const type = Array.isArray(body) ? 'array' : typeof body;
  throw unrecognized(
    kind.kind,
    `json: cannot unmarshal ${type} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    Buffer.from(text),
  );
}

/** A body in which no object can be seen. */
export function unrecognized(kind: string, why: string, body: Buffer, isJson = true): StatusError {
  const about = isJson ? parseError(why) : why;
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${about} (${summary(body)})`);
}

/** Options that are no JSON. */
export function unreadableOptions(why: string): StatusError {
  return badRequest(parseError(why));
}

function parseError(why: string): string {
  return `couldn't get version/kind; json parse error: ${why}`;
}

/** The first bytes of a body: as text where it may be JSON, else in hexadecimal. */
function summary(body: Buffer): string {
  const longest = 30;
  if (body.length === 0) return '<empty>';
  const isText = body[0] === 0x7b;
  const shown = body.subarray(0, longest).toString(isText ? 'utf8' : 'hex');
  return body.length > longest ? `${shown} ...` : shown;
}
