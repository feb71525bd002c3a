/** Definitions of custom resources of one group. */
export const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
export const group = 'versions.example.com';
export const definition = (plural: string, kind: string, rest: object = {}) => ({
  metadata: { name: `${plural}.${group}` },
  spec: { group, scope: 'Namespaced', names: { plural, kind }, ...rest },
});
/** A version beside the stored one. @param properties of its objects */
export const served = (name: string, properties: object, rest: object = {}) => ({
  name,
  served: true,
  storage: false,
  schema: { openAPIV3Schema: { type: 'object', properties } },
  ...rest,
});
export const one = (schema: object) => ({
  versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
});
