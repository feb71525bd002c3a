/** The outcome of a patch as an object of the kind; what does not fit is the patch's fault. */
import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { StatusError } from '../client/status-error.ts';
import { readMetadata } from '../custom-resources/embedded-metadata.ts';
import { unstructuredProblem } from '../kinds/from-unstructured.ts';
import { structOf } from '../kinds/kind-schema.ts';
import { goQuote } from '../schema/field-error.ts';
import { unknownFieldText } from '../schema/prune.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import { isNoVersion } from './incoming-custom-object.ts';
import { acceptObject, decodeObject } from './incoming-object.ts';
import { type ApiContext, apiVersionOf, type Caller, type Target } from './request.ts';
import { internalError, invalid } from './status-errors.ts';
import { type Reading, tellStrict } from './strict-problems.ts';
import { checkIdentity, checkRevision } from './update.ts';

type Unfit = (why: string) => StatusError;

/** @param shown the text by which the patch is shown when it is refused @throws {StatusError} Invalid, BadRequest */
export function acceptPatched(
  context: ApiContext,
  target: Target,
  live: KubernetesObject,
  value: unknown,
  reading: Reading,
  caller: Caller,
  isStrategic: boolean,
  shown: () => string,
): KubernetesObject {
  const unfit: Unfit = (why) => {
    const message = `Invalid value: ${goQuote(shown())}: ${why}`;
    return invalid({ group: '', kind: '' }, '', [{ reason: 'FieldValueInvalid', message, field: 'patch' }]);
  };
  if (isStrategic) {
    const problem = unstructuredProblem(value as JsonObject, structOf(target.kind.schema)!);
    if (problem) throw unfit(problem);
    // Its type is known already, whatever the patch says.
    Object.assign(value as JsonObject, { apiVersion: apiVersionOf(target.kind), kind: target.kind.kind });
  } else if (isObject(value) && isNoVersion(value['apiVersion'])) {
    if (target.kind.builtIn) refuseNameless(context, target, value, reading, caller, unfit);
    else if (value['kind']) refuseWithoutVersion(target, live, value, reading, caller, unfit);
  }
  try {
    return acceptObject(context, target, value, reading, caller);
  } catch (cause) {
    const error = isStrategic ? cause : firstProblem(context, target, shown(), reading, cause);
    const isUnfit = error instanceof StatusError && error.code === 400;
    if (!isUnfit) throw error;
    if (error.message.startsWith('the API version in the data')) {
      const { metadata } = value as JsonObject;
      const object = { metadata: readMetadata(metadata).value } as unknown as KubernetesObject;
      checkIdentity(target, object);
      checkRevision(target, live, object);
      throw otherType(target, value as JsonObject);
    }
    throw unfit(
      error.message
        .replace(/^.*? in version ".*?" cannot be handled as a \w+: /s, '')
        .replace(/^the object provided is unrecognized \(must be of type \w+\): (.*) \(.*\)$/s, '$1'),
    );
  }
}

/** Without a version it is read as the type inside the real server, which has no names for JSON: nothing is found. */
function refuseNameless(
  context: ApiContext,
  target: Target,
  value: JsonObject,
  reading: Reading,
  caller: Caller,
  unfit: Unfit,
): void {
  const { kind } = value;
  if (typeof kind === 'string' && kind !== '' && !context.resources.findKind('', 'v1', kind)) {
    const where = 'for the internal version of group "" in scheme "pkg/runtime/scheme.go:111"';
    if (kind !== target.kind.kind) throw unfit(`no kind ${goQuote(kind)} is registered ${where}`);
  }
  const names = Object.keys(value).filter((name) => name !== 'kind' && name !== 'apiVersion');
  const unknown = [...(reading.problems ?? []), ...names.sort().map(unknownFieldText)];
  tellStrict(unknown, reading, caller, unfit);
  checkIdentity(target, { metadata: {} } as KubernetesObject);
}

/** A custom resource without a version is told so only where its place and its revision are fine. @throws {StatusError} */
function refuseWithoutVersion(
  target: Target,
  live: KubernetesObject,
  sent: JsonObject,
  reading: Reading,
  caller: Caller,
  unfit: Unfit,
): never {
  if (sent['apiVersion'] === null)
    throw unfit('.apiVersion accessor error: <nil> is of the type <nil>, expected string');
  const { value, unknown, error } = readMetadata(sent['metadata']);
  if (error) throw unfit(error);
  const fields = unknown.map((path) => unknownFieldText(`metadata.${path}`)).sort();
  tellStrict([...(reading.problems ?? []), ...fields], reading, caller, unfit);
  const object = { metadata: value } as unknown as KubernetesObject;
  checkIdentity(target, object);
  checkRevision(target, live, object);
  throw internalError("Object 'apiVersion' is missing in 'object has no apiVersion field'");
}

/** What is wrong first in the text that the patch makes, which has its members in another order. */
function firstProblem(context: ApiContext, target: Target, text: string, reading: Reading, cause: unknown): unknown {
  try {
    decodeObject(context, target, JSON.parse(text), reading, { warn() {} } as unknown as Caller);
    return cause;
  } catch (error) {
    return error;
  }
}

/** A patch may bring a custom resource to no other version, and make it no other kind. */
function otherType({ kind, name }: Target, value: JsonObject): Error {
  const apiVersion = String(value['apiVersion']);
  const group = apiVersion.includes('/') ? apiVersion.replace(/\/.*$/, '') : '';
  const found = { group, kind: String(value['kind']) };
  const isKind = found.kind === kind.kind;
  const differing = (field: string, given: string, wanted: string) => {
    return {
      reason: 'FieldValueInvalid' as const,
      message: `Invalid value: ${goQuote(given)}: must be ${wanted}`,
      field,
    };
  };
  return invalid(found, name, [
    ...(isKind ? [] : [differing('kind', found.kind, kind.kind)]),
    differing('apiVersion', apiVersion, apiVersionOf(kind)),
  ]);
}
