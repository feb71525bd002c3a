import { expect, it } from 'vitest';
import { goJson } from '../schema/field-error.ts';
import { goObject } from './go-object.ts';

const empty = {
  head: '"ID":"","Schema":"","Ref":null,"Description":""',
  bounds:
    '"Maximum":null,"ExclusiveMaximum":false,"Minimum":null,"ExclusiveMinimum":false,"MaxLength":null,"MinLength":null,"Pattern":"","MaxItems":null,"MinItems":null,"UniqueItems":false,"MultipleOf":null',
  combinations: '"AllOf":null,"OneOf":null,"AnyOf":null,"Not":null',
  rest: '"PatternProperties":null,"Dependencies":null,"AdditionalItems":null,"Definitions":null,"ExternalDocs":null,"Example":null,"XPreserveUnknownFields":null,"XEmbeddedResource":false,"XIntOrString":false',
};

// As kube-apiserver 1.35.4 prints a version whose schema is its own.
it('prints the schema of a version with what holds one thing or another', () => {
  const schema = { type: 'array', default: [1], enum: ['a'], items: { type: 'string' }, additionalProperties: true };
  const more = { 'x-kubernetes-list-map-keys': ['k'], 'x-kubernetes-validations': [{ rule: 'true' }] };
  const version = { name: 'v1', served: true, storage: false, schema: { openAPIV3Schema: { ...schema, ...more } } };
  const items = `{${empty.head},"Type":"string","Nullable":false,"Format":"","Title":"","Default":null,${empty.bounds},"Enum":null,"MaxProperties":null,"MinProperties":null,"Required":null,"Items":null,${empty.combinations},"Properties":null,"AdditionalProperties":null,${empty.rest},"XListMapKeys":null,"XListType":null,"XMapType":null,"XValidations":null}`;
  const rule =
    '{"Rule":"true","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}';
  const printed = `{${empty.head},"Type":"array","Nullable":false,"Format":"","Title":"","Default":[1],${empty.bounds},"Enum":["a"],"MaxProperties":null,"MinProperties":null,"Required":null,"Items":{"Schema":${items},"JSONSchemas":null},${empty.combinations},"Properties":null,"AdditionalProperties":{"Allows":true,"Schema":null},${empty.rest},"XListMapKeys":["k"],"XListType":null,"XMapType":null,"XValidations":[${rule}]}`;
  expect(goJson(goObject(version, 'apiextensions.CustomResourceDefinitionVersion'))).toBe(
    `{"Name":"v1","Served":true,"Storage":false,"Deprecated":false,"DeprecationWarning":null,"Schema":{"OpenAPIV3Schema":${printed}},"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null}`,
  );
});

it('prints what may be any JSON as it is, nothing too', () => {
  const printed = goObject({ enum: ['a', null, { b: 1 }] }, 'apiextensions.JSONSchemaProps');
  expect(JSON.parse(goJson(printed))).toMatchObject({ Default: null, Enum: ['a', null, { b: 1 }] });
});
