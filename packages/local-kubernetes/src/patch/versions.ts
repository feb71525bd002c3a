/**
 * The versions of an object in which its managers wrote, and how a change looks in each of them.
 * Facts: sigs.k8s.io/structured-merge-diff merge/update.go; k8s.io/apimachinery pkg/util/managedfields (KEP-555).
 */
import type { JsonObject, Schema } from '../schema/schema.ts';
import { FieldSet, fieldStep } from './field-set.ts';
import type { Manager, Managers } from './managed-fields.ts';
import { type Comparison, compare } from './typed-operations.ts';

/** A version of a kind: how its objects are laid out, and how one of the version that is asked for looks in it. */
export interface ObjectVersion {
  readonly schema: Schema;
  /** Whether the endpoint's own part is out of sight for managers of this version too. */
  readonly resets: boolean;
  from(object: JsonObject): JsonObject;
  /** Back into the version that is asked for. */
  back(object: JsonObject): JsonObject;
}

export interface ChangeOptions {
  readonly schema: Schema;
  /** Who asks; empty becomes `unknown`. */
  readonly manager: string;
  readonly apiVersion: string;
  readonly subresource?: string | undefined;
  readonly time: Date;
  /** Whether the kind has a status subresource, so that status belongs to it alone. Default true. */
  readonly hasStatus?: boolean;
  /**
   * Another version of the kind. Of versions that it does not have managers are forgotten (undefined), or nobody can be
   * asked for his fields any more (why, in words). Without it the kind has one version.
   */
  readonly versionOf?: ((apiVersion: string) => ObjectVersion | string | undefined) | undefined;
}

/** @returns undefined where the kind has no such version */
export function versionIn(options: ChangeOptions, apiVersion: string): ObjectVersion | undefined {
  const version = anyVersion(options, apiVersion);
  return typeof version === 'string' ? undefined : version;
}

/** Why the fields of a manager cannot be looked at. */
export function versionProblem(options: ChangeOptions, managers: Managers): string | undefined {
  const versions = [...managers.values()].map(({ apiVersion }) => anyVersion(options, apiVersion));
  return versions.find((version) => typeof version === 'string');
}

function anyVersion(options: ChangeOptions, apiVersion: string): ObjectVersion | string | undefined {
  if (apiVersion !== options.apiVersion && options.versionOf) return options.versionOf(apiVersion);
  return { schema: options.schema, resets: true, from: (object) => object, back: (object) => object };
}

/** Managers of versions that the kind does not have, or no more, are forgotten. */
export function withoutUnknown(managers: Managers, options: ChangeOptions): Managers {
  return new Map([...managers].filter(([, { apiVersion }]) => versionIn(options, apiVersion)));
}

export type ChangesFor = (manager: Pick<Manager, 'apiVersion'>) => Comparison;

/** What changed, as each manager sees it. */
export function changesIn(options: ChangeOptions, before: JsonObject, after: JsonObject): ChangesFor {
  const known = new Map<string, Comparison>();
  return ({ apiVersion }) => {
    let changes = known.get(apiVersion);
    if (!changes) {
      changes = changesOf(options, versionIn(options, apiVersion), before, after);
      known.set(apiVersion, changes);
    }
    return changes;
  };
}

function changesOf(
  options: ChangeOptions,
  version: ObjectVersion | undefined,
  before: JsonObject,
  after: JsonObject,
): Comparison {
  if (!version) return { added: new FieldSet(), removed: new FieldSet(), modified: new FieldSet() };
  const { schema } = version;
  const changes = compare(version.from(before), version.from(after), schema);
  if (!version.resets) return changes;
  const reset = resetFields({ ...options, schema });
  return {
    added: changes.added.subtractTrees(reset),
    modified: changes.modified.subtractTrees(reset),
    removed: changes.removed.subtractTrees(reset),
  };
}

/** Fields the endpoint resets are neither claimed nor counted as changed. */
export function resetFields({ subresource, hasStatus = true, schema }: ChangeOptions): FieldSet {
  if (!hasStatus || !schema.properties?.['status']) return new FieldSet();
  if (subresource === 'status') {
    const names = Object.keys(schema.properties).filter(
      (name) => !['status', 'metadata', 'apiVersion', 'kind'].includes(name),
    );
    return FieldSet.of(...names.map((name) => [fieldStep(name)]));
  }
  return subresource ? new FieldSet() : FieldSet.of([fieldStep('status')]);
}
