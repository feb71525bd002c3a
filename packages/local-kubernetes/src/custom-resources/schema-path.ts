/** Follows a path of fields into a schema: `.spec.size`, `.spec['a.b']`. Facts: k8s.io/apiextensions-apiserver schema/cel. */
import { ownMember } from '../schema/own-member.ts';
import type { Schema } from '../schema/schema.ts';

const nothingThere = 'does not refer to a valid field';
const cutShort = 'unexpected end of JSON path';

/**
 * @param allowsBrackets whether fields may be named in brackets, as those with dots in their names have to be
 * @returns the schema of the field, or what is wrong with the path in the real server's words
 */
export function followPath(path: string, schema: Schema, allowsBrackets: boolean): Schema | string {
  const tokens = path.match(/'(?:[^'\\]|\\.)*'|[.[\]]|[^.[\]']+|'/g) ?? [];
  let found = schema;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    let name = tokens[++index];
    if (token === '[') {
      if (!allowsBrackets) return 'array notation is not allowed';
      if (name === undefined) return cutShort;
      if (!/^'.*'$/s.test(name)) return `expected single quoted string but got ${name}`;
      name = name.slice(1, -1).replaceAll(/\\(.)/g, '$1');
    } else if (token !== '.') return `expected [ or . but got: ${token}`;
    if (name === undefined) return cutShort;
    const next = memberOf(found, name);
    if (!next) return nothingThere;
    found = next;
    if (token !== '[') continue;
    const end = tokens[++index];
    if (end === undefined) return cutShort;
    if (end !== ']') return `expected ] but got ${end}`;
  }
  return found;
}

function memberOf({ properties, additionalProperties }: Schema, name: string): Schema | undefined {
  if (properties) return ownMember(properties, name);
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}
