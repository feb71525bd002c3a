/**
 * What an applier gave up goes, where nobody else holds it.
 * Facts: sigs.k8s.io/structured-merge-diff merge/update.go (prune).
 */
import type { JsonObject, Schema } from '../schema/schema.ts';
import { FieldSet } from './field-set.ts';
import type { Manager, Managers } from './managed-fields.ts';
import { fieldsOf, removeFields, withDeclaredParents } from './typed-operations.ts';
import { type ChangeOptions, type ObjectVersion, versionIn } from './versions.ts';

/**
 * The merged object without the fields that its applier mentioned last time and does not mention now.
 * @param managers with what the applier mentions now
 * @param last what it mentioned before, in the version of that time
 */
export function pruned(
  options: ChangeOptions,
  merged: JsonObject,
  managers: Managers,
  last: Manager | undefined,
): JsonObject {
  if (!last || last.fields.isEmpty) return merged;
  const version = versionIn(options, last.apiVersion);
  const { schema } = version;
  const mentioned = withDeclaredParents(last.fields, schema);
  const held = heldIn(managers, last.apiVersion);
  // Most applies give nothing up.
  if (mentioned.subtract(withDeclaredParents(held.get(last.apiVersion)!, schema)).isEmpty) return merged;
  const whole = version.from(merged);
  const rest = version.back(without(whole, schema, mentioned));
  const kept = version.from(withHeld(options, merged, rest, held));
  const gone = withDeclaredParents(fieldsOf(whole, schema), schema).subtract(
    withDeclaredParents(fieldsOf(kept, schema), schema),
  );
  return version.back(without(whole, schema, gone.intersect(mentioned)));
}

/** The rest with what managers hold of the merged object, version by version. */
function withHeld(
  options: ChangeOptions,
  merged: JsonObject,
  rest: JsonObject,
  held: ReadonlyMap<string, FieldSet>,
): JsonObject {
  let result = rest;
  for (const [apiVersion, fields] of held) {
    const version = versionIn(options, apiVersion);
    result = version.back(heldUp(version, merged, result, fields));
  }
  return result;
}

function heldUp(version: ObjectVersion, merged: JsonObject, rest: JsonObject, held: FieldSet): JsonObject {
  const { schema } = version;
  const [whole, left] = [version.from(merged), version.from(rest)];
  const kept = withDeclaredParents(fieldsOf(left, schema), schema).union(withDeclaredParents(held, schema));
  return without(whole, schema, withDeclaredParents(fieldsOf(whole, schema), schema).subtract(kept));
}

/**
 * What is held, by the version it is held in.
 * @param first the version that comes first: what others need to be converted is held in it
 */
function heldIn(managers: Managers, first: string): Map<string, FieldSet> {
  const sets = new Map([[first, new FieldSet()]]);
  for (const { apiVersion, fields } of managers.values()) {
    sets.set(apiVersion, sets.get(apiVersion)?.union(fields) ?? fields);
  }
  return sets;
}

function without(object: JsonObject, schema: Schema, fields: FieldSet): JsonObject {
  return (removeFields(object, schema, fields) ?? {}) as JsonObject;
}
