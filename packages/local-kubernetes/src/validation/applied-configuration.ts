/** The body of a server-side apply: typed by the schema, but otherwise kept as it was sent. */

import { apiVersionOf, type Kind } from '../kinds/kind.ts';
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
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const { group, version } = kind;
  const [namespace, name] = ['namespace', 'name'].map((each) =>
    typeof metadata[each] === 'string' ? metadata[each] : '',
  );
  const about = `${namespace}/${name}; ${group}/${version}, Kind=${kind.kind}`;
  const text = problems.length === 1 ? problems[0] : `errors:\n${problems.map((each) => `  ${each}`).join('\n')}`;
  return { object, error: `failed to create typed patch object (${about}): ${text}` };
}
