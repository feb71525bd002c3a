/** The body of a server-side apply: typed by the schema, but otherwise kept as it was sent. */

import { apiVersionOf, type Kind } from '../kinds/kind.ts';
import { readManagers } from '../patch/managed-fields.ts';
import { typedProblems } from '../patch/typed-problems.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';

export interface AppliedConfiguration {
  readonly object: JsonObject;
  /**
   * Set when a value does not fit the schema: `failed to create typed patch object (ns/name; batch/v1, Kind=Job): ...`.
   * The real server answers it with code 500 and no reason.
   */
  readonly error?: string;
}

export function readApplied(raw: unknown, kind: Kind): AppliedConfiguration {
  const object = (isObject(raw) ? structuredClone(raw) : {}) as JsonObject;
  object['apiVersion'] = apiVersionOf(kind);
  object['kind'] = kind.kind;
  const problems = typedProblems(object, kind.schema);
  if (problems.length === 0) return { object };
  return { object, error: `failed to create typed patch object (${about(object, kind)}): ${joined(problems)}` };
}

/** Why the first apply of an object that nobody manages cannot tell whose its fields are: it is not of its schema. */
export function unmanagedProblem(live: object, kind: Kind): string | undefined {
  if (readManagers(live).size > 0) return undefined;
  const problems = typedProblems(live, kind.schema, true);
  if (problems.length === 0) return undefined;
  const failed = `failed to convert new object (${about(live as JsonObject, kind)}) to smd typed: ${joined(problems)}`;
  return `failed to create manager for existing fields: ${failed}`;
}

function about(object: JsonObject, { group, version, kind }: Kind): string {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const [namespace, name] = ['namespace', 'name'].map((each) =>
    typeof metadata[each] === 'string' ? metadata[each] : '',
  );
  return `${namespace}/${name}; ${group}/${version}, Kind=${kind}`;
}

function joined(problems: readonly string[]): string {
  return problems.length === 1 ? problems[0]! : `errors:\n${problems.map((each) => `  ${each}`).join('\n')}`;
}
