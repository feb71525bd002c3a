// From what a client sent to a custom resource of the path's kind and version. Facts: apiextensions-apiserver's
// pkg/apiserver/customresource_handler.go, unstructuredSchemaCoercer.

import type { StatusError } from '../client/status-error.ts';
import { readMetadata } from '../custom-resources/embedded-metadata.ts';
import { goQuote } from '../schema/field-error.ts';
import { unknownFieldText } from '../schema/prune.ts';
import { strategyFor } from '../validation/strategies.ts';
import { type ApiContext, apiVersionOf, type Caller, type Target } from './request.ts';
import { badRequest, invalid } from './status-errors.ts';
import { duplicateTexts, type Reading, tellStrict } from './strict-problems.ts';

type Sent = Readonly<Record<string, unknown>>;

/** A version of nothing is none. */
export function isNoVersion(apiVersion: unknown): boolean {
  return apiVersion === undefined || apiVersion === null || apiVersion === '' || apiVersion === '/';
}

/**
 * The object with its apiVersion and kind, once both are those of the path.
 * @throws {StatusError} BadRequest for another version, and first of all for metadata that are none and, under strict
 *   validation, for unknown fields; Invalid for another kind
 */
export function identifyCustom(
  context: ApiContext,
  { kind }: Target,
  sent: Sent,
  reading: Reading,
  caller: Caller,
): Record<string, unknown> {
  const expected = apiVersionOf(kind);
  const apiVersion = isNoVersion(sent['apiVersion']) ? '' : String(sent['apiVersion']);
  const kindName = String(sent['kind']);
  if (kindName === kind.kind && apiVersion === expected) return { ...sent };
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  // Metadata are read before anything else is looked at.
  const { value, unknown, error } = readMetadata(sent['metadata']);
  const unfit = (as: string, why: string) =>
    badRequest(`${kindName} in version ${goQuote(version)} cannot be handled as a ${as}: ${why}`);
  if (error) throw unfit(kind.kind, error);
  const isKind = group === kind.group && kindName === kind.kind;
  const metadata = unknown.map((path) => unknownFieldText(`metadata.${path}`));
  const fields = isKind ? unknownInVersion(context, { group, version, kind: kindName }, sent) : metadata.sort();
  const problems = [...(reading.problems ?? []), ...duplicateTexts(reading), ...fields];
  tellStrict(problems, reading, caller, (why) =>
    apiVersion === ''
      ? badRequest("Object 'apiVersion' is missing in 'object has no apiVersion field'")
      : unfit(kindName, why),
  );
  if (apiVersion !== expected) {
    // A version without a group is called by its version alone.
    const called = group ? apiVersion : version;
    throw otherVersion(called, expected);
  }
  const message = `Invalid value: ${JSON.stringify(kindName)}: must be ${kind.kind}`;
  throw invalid({ group, kind: kindName }, (value as { name?: string }).name ?? '', [
    { reason: 'FieldValueInvalid', message, field: 'kind' },
  ]);
}

/** By the schema of the version that is named; of one that is not served nothing is known but metadata. */
function unknownInVersion(
  context: ApiContext,
  { group, version, kind }: { group: string; version: string; kind: string },
  sent: Sent,
): readonly string[] {
  const found = context.resources.findKind(group, version, kind);
  if (found) return strategyFor(found).decode(sent).unknownFields;
  const { apiVersion: _version, kind: _kind, metadata, ...others } = sent;
  const { unknown } = readMetadata(metadata);
  return [...unknown.map((path) => `metadata.${path}`), ...Object.keys(others)].sort().map(unknownFieldText);
}

/** An object in one version of its kind, sent to another one. */
export function otherVersion(called: string, expected: string): StatusError {
  return badRequest(`the API version in the data (${called}) does not match the expected API version (${expected})`);
}
