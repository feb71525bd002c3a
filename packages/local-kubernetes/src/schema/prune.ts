/**
 * Pruning of custom resources: fields the structural schema does not know are dropped, as the API server drops them
 * before it stores an object, and named, as strict decoding names them.
 */
import { ownMember } from './own-member.ts';
import { isObject, type JsonObject, type Schema } from './schema.ts';

const metaFields = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * Drops unknown fields in place.
 * @param object a whole object: apiVersion, kind and metadata are kept whatever the schema says
 * @returns the paths of what was dropped, sorted
 */
export function prune(object: JsonObject, schema: Schema): string[] {
  const dropped: string[] = [];
  pruneValue(object, { ...schema, 'x-kubernetes-embedded-resource': true }, '', dropped);
  return dropped.sort();
}

/** Sentences of strict decoding for fields the schema does not know; changes nothing. */
export function unknownFields(object: JsonObject, schema: Schema): string[] {
  return prune(structuredClone(object), schema).map(unknownFieldText);
}

export const unknownFieldText = (path: string) => `unknown field "${path}"`;

function pruneValue(value: unknown, schema: Schema | undefined, path: string, dropped: string[]): void {
  const keepsUnknown = schema?.['x-kubernetes-preserve-unknown-fields'] === true;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const at = `${path}[${index}]`;
      if (keepsUnknown) {
        if (schema?.items) pruneInside(item, schema.items, at, dropped);
      } else pruneValue(item, schema?.items, at, dropped);
    }
  } else if (isObject(value)) pruneMembers(value, schema, path, dropped, keepsUnknown);
}

/** Items of a list that keeps unknown fields keep theirs too, but what their schema knows is still looked into. */
function pruneInside(item: unknown, schema: Schema, path: string, dropped: string[]): void {
  if (isObject(item)) pruneMembers(item, schema, path, dropped, true);
  else pruneValue(item, { ...schema, 'x-kubernetes-preserve-unknown-fields': true }, path, dropped);
}

function pruneMembers(
  value: JsonObject,
  schema: Schema | undefined,
  path: string,
  dropped: string[],
  keepsUnknown: boolean,
): void {
  for (const name of Object.keys(value)) {
    if (schema?.['x-kubernetes-embedded-resource'] && metaFields.has(name)) continue;
    const at = path ? `${path}.${name}` : name;
    const { properties, additionalProperties } = schema ?? {};
    const declared = ownMember(properties, name);
    if (declared) pruneValue(value[name], declared, at, dropped);
    else if (additionalProperties) {
      if (typeof additionalProperties === 'object') pruneValue(value[name], additionalProperties, at, dropped);
    } else if (!keepsUnknown) {
      dropped.push(at);
      delete value[name];
    }
  }
}
