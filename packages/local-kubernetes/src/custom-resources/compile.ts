/** From a CustomResourceDefinition to the kinds it defines, one for each version. */
import { compareVersions } from '../discovery/resource-registry.ts';
import { at, listAt, mapAt, textAt, textsAt } from '../kinds/columns/read.ts';
import type { Kind, ScalePaths, Subresources } from '../kinds/kind.ts';
import { apiVersionSchema, kindNameSchema } from '../kinds/kind-schema.ts';
import { structSchema } from '../kinds/type-schema.ts';
import { isObject, type JsonObject, type Schema } from '../schema/schema.ts';
import { customColumns } from './columns.ts';

const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'] as const;

/** The kinds of a valid definition, those that are not served too. */
export function compileCustomResource(definition: object): Kind[] {
  const crd = definition as JsonObject;
  const versions = listAt(crd, 'spec.versions');
  const storage = versions.find((version) => version['storage'] === true);
  const storageVersion = textAt(storage, 'name');
  return versions.map((version) => compileVersion(crd, version, storageVersion));
}

function compileVersion(crd: JsonObject, version: JsonObject, storageVersion: string): Kind {
  const names = mapAt(crd, 'spec.names');
  const group = textAt(crd, 'spec.group');
  const kind = textAt(names, 'kind');
  const name = textAt(version, 'name');
  const deprecation = version['deprecated'] === true ? deprecationText(crd, version) : undefined;
  return {
    group,
    version: name,
    kind,
    listKind: textAt(names, 'listKind') || `${kind}List`,
    plural: textAt(names, 'plural'),
    singular: textAt(names, 'singular') || kind.toLowerCase(),
    shortNames: textsAt(names, 'shortNames'),
    categories: textsAt(names, 'categories'),
    namespaced: textAt(crd, 'spec.scope') === 'Namespaced',
    verbs,
    subresources: subresourcesOf(version),
    schema: rootSchema(at(version, 'schema.openAPIV3Schema')),
    columns: customColumns(version),
    fieldSelectors: listAt(version, 'selectableFields').map((field) => textAt(field, 'jsonPath').replace(/^\./, '')),
    storageVersion,
    builtIn: false,
    ...(deprecation ? { deprecationWarning: deprecation } : {}),
    ...(version['served'] === true ? {} : { unserved: true }),
  };
}

/** The definition's own words, or the version and what to use in its place: the newest that is not deprecated. */
function deprecationText(crd: JsonObject, version: JsonObject): string {
  const own = textAt(version, 'deprecationWarning');
  if (own) return own;
  const called = (name: string) => `${textAt(crd, 'spec.group')}/${name} ${textAt(crd, 'spec.names.kind')}`;
  const name = textAt(version, 'name');
  const [newest] = listAt(crd, 'spec.versions')
    .filter((each) => each['served'] === true && each['deprecated'] !== true)
    .map((each) => textAt(each, 'name'))
    .sort(compareVersions)
    .reverse();
  const isNewer = newest !== undefined && compareVersions(newest, name) > 0;
  return `${called(name)} is deprecated${isNewer ? `; use ${called(newest)}` : ''}`;
}

function subresourcesOf(version: JsonObject): Subresources {
  const declared = mapAt(version, 'subresources');
  const scale = declared['scale'];
  return {
    ...(isObject(declared['status']) ? { status: true } : {}),
    ...(isObject(scale) ? { scale: scalePaths(scale) } : {}),
  };
}

function scalePaths(scale: JsonObject): ScalePaths {
  const labelSelectorPath = textAt(scale, 'labelSelectorPath');
  return {
    specReplicasPath: textAt(scale, 'specReplicasPath'),
    statusReplicasPath: textAt(scale, 'statusReplicasPath'),
    ...(labelSelectorPath ? { labelSelectorPath } : {}),
  };
}

/** The version's schema with the members every object has; metadata keeps what the definition says of names. */
function rootSchema(given: unknown): Schema {
  const schema = (isObject(given) ? structuredClone(given) : { type: 'object' }) as Schema;
  const restricted = schema.properties?.['metadata']?.properties;
  const metadata = structSchema('meta.ObjectMeta');
  const properties: Record<string, Schema> = {
    ...schema.properties,
    apiVersion: schema.properties?.['apiVersion'] ?? apiVersionSchema,
    kind: schema.properties?.['kind'] ?? kindNameSchema,
    metadata: restricted ? { ...metadata, properties: { ...metadata.properties, ...restricted } } : metadata,
  };
  return { ...schema, properties };
}
