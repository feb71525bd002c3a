/** What of a schema is looked at as a whole or in parts: allOf, anyOf, oneOf and not, which structural schemas restrict. */
import { type FieldError, forbidden, required } from '../schema/field-error.ts';
import { ownMember } from '../schema/own-member.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';

/** Deeper schemas are refused: nobody's are, and every request would pay for it. */
export const deepest = 200;

/** Within allOf, anyOf, oneOf and not, only values may be restricted. */
export function combinationProblems(schema: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [inner, at] of alternativesOf(schema, path)) valueOnly(inner, schema, at, 1, errors);
  if (isObject(schema['not'])) valueOnly(schema['not'], schema, `${path}.not`, 1, errors);
  return errors;
}

function valueOnly(schema: JsonObject, outer: JsonObject, path: string, depth: number, errors: FieldError[]): void {
  if (depth > deepest) return;
  const isIntOrString = outer['x-kubernetes-int-or-string'] === true;
  const forbid = (name: string, text: string) => errors.push(forbidden(`${path}.${name}`, text));
  if (schema['type'] && !isIntOrString) forbid('type', 'must be empty to be structural');
  if (schema['additionalProperties'] !== undefined)
    forbid('additionalProperties', 'must be undefined to be structural');
  if (schema['default'] !== undefined) forbid('default', 'must be undefined to be structural');
  if (schema['title']) forbid('title', 'must be empty to be structural');
  if (schema['description']) forbid('description', 'must be empty to be structural');
  if (schema['nullable'] === true) forbid('nullable', 'must be false to be structural');
  for (const name of [
    'x-kubernetes-preserve-unknown-fields',
    'x-kubernetes-embedded-resource',
    'x-kubernetes-int-or-string',
  ]) {
    if (schema[name] === true) forbid(name, 'must be false to be structural');
  }
  for (const [name, inner] of Object.entries(isObject(schema['properties']) ? schema['properties'] : {})) {
    if (!isObject(inner)) continue;
    const declared = isObject(outer['properties']) ? ownMember(outer['properties'], name) : undefined;
    if (!isObject(declared) && outer['x-kubernetes-preserve-unknown-fields'] !== true) {
      const at = path.replace(/\.(allOf|anyOf|oneOf)\[\d+\]$|\.not$/, '');
      errors.push(required(`${at}.properties[${name}]`, `because it is defined in ${path}.properties[${name}]`));
    }
    valueOnly(inner, isObject(declared) ? declared : {}, `${path}.properties[${name}]`, depth + 1, errors);
  }
  if (isObject(schema['items'])) {
    const declared = isObject(outer['items']) ? outer['items'] : {};
    valueOnly(schema['items'], declared, `${path}.items`, depth + 1, errors);
  }
  for (const [inner, at] of alternativesOf(schema, path)) valueOnly(inner, outer, at, depth + 1, errors);
}

function alternativesOf(schema: JsonObject, path: string): [schema: JsonObject, path: string][] {
  return ['allOf', 'anyOf', 'oneOf'].flatMap((name) => {
    const list: readonly unknown[] = Array.isArray(schema[name]) ? schema[name] : [];
    return list.flatMap((inner, index): [JsonObject, string][] =>
      isObject(inner) ? [[inner, `${path}.${name}[${index}]`]] : [],
    );
  });
}
