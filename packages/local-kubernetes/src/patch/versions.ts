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

/** The managers whose versions the kind has, those of others forgotten; or why one of them cannot be asked, in words. */
export function knownManagers(options: ChangeOptions, managers: Managers): Managers | string {
  const known: Managers = new Map();
  for (const [key, manager] of managers) {
    const version = anyVersion(options, manager.apiVersion);
    if (typeof version === 'string') return version;
    if (version) known.set(key, manager);
  }
  return known;
}

/** The version of a manager that is known. @throws Error for another: a mistake of this program */
export function versionIn(options: ChangeOptions, apiVersion: string): ObjectVersion {
  const version = anyVersion(options, apiVersion);
  if (typeof version !== 'object') throw new Error(`the kind has no version ${apiVersion}`);
  return version;
}

function anyVersion(options: ChangeOptions, apiVersion: string): ObjectVersion | string | undefined {
  if (apiVersion !== options.apiVersion && options.versionOf) return options.versionOf(apiVersion);
  return { schema: options.schema, resets: true, from: (object) => object, back: (object) => object };
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

function changesOf(options: ChangeOptions, version: ObjectVersion, before: JsonObject, after: JsonObject): Comparison {
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
