// From what a client sent to an object of the kind: apiVersion and kind agree with the path, unknown fields are found
// and dropped as the client chose, defaults are filled in.

import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { strategyFor } from '../validation/strategies.ts';
import { apiVersionOf, type Caller, type FieldValidation, type Target } from './request.ts';
import { badRequest } from './status-errors.ts';

/** What `decodeObject` does, and defaults filled in. @throws {StatusError} BadRequest */
export function acceptObject(
  target: Target,
  body: unknown,
  validation: FieldValidation,
  caller: Caller,
): KubernetesObject {
  const object = decodeObject(target, body, validation, caller);
  strategyFor(target.kind).applyDefaults(object);
  return object;
}

/**
 * The object's own copy in the kind's form, with metadata in place and unknown fields dropped.
 * @throws {StatusError} BadRequest for another kind or version, values of a wrong type, and, under strict validation,
 *   unknown fields
 */
export function decodeObject(
  target: Target,
  body: unknown,
  validation: FieldValidation,
  caller: Caller,
): KubernetesObject {
  const { kind } = target;
  const sent = identified(target, body);
  const { object, unknownFields, error } = strategyFor(kind).decode(sent);
  if (error) throw badRequest(error);
  if (unknownFields.length > 0 && validation === 'Strict') {
    const text = `strict decoding error: ${unknownFields.join(', ')}`;
    throw badRequest(
      kind.builtIn ? `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${text}` : text,
    );
  }
  if (validation === 'Warn') for (const text of unknownFields) caller.warn(text);
  if (typeof object['metadata'] !== 'object' || object['metadata'] === null) object['metadata'] = {};
  return object as KubernetesObject;
}

function identified({ kind }: Target, body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest('the object provided is unrecognized (must be of type object)');
  }
  const sent = body as Record<string, unknown>;
  const expected = apiVersionOf(kind);
  const apiVersion = sent['apiVersion'] || expected;
  const kindName = sent['kind'] || kind.kind;
  if (kindName !== kind.kind) {
    throw badRequest(
      `${kindName} in version "${versionOf(String(apiVersion))}" cannot be handled as a ${kind.kind}: ` +
        `converting (${kindName}) to (${kind.kind}): unknown conversion`,
    );
  }
  if (apiVersion !== expected) {
    throw badRequest(
      `the API version in the data (${String(apiVersion)}) does not match the expected API version (${expected})`,
    );
  }
  return { ...sent, apiVersion, kind: kindName };
}

function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1);
}
