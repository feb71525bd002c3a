/** CustomResourceDefinition: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const apiextensionsTypes = `
CustomResourceDefinitionNames
plural 1 string * +
singular 2 string
shortNames 3 [string] atomic
kind 4 string * +
listKind 5 string
categories 6 [string] atomic

ExternalDocumentation
description 1 string
url 2 string

ValidationRule
rule 1 string * +
message 2 string
messageExpression 3 string
reason 4 string:FieldValueErrorReason? enum=FieldValueDuplicate|FieldValueForbidden|FieldValueInvalid|FieldValueRequired
fieldPath 5 string
optionalOldSelf 6 bool?

JSONSchemaProps
id 1 string
$schema 2 string:JSONSchemaURL
$ref 3 string?
description 4 string
type 5 string
format 6 string
title 7 string
default 8 JSON?
maximum 9 float64?
exclusiveMaximum 10 bool
minimum 11 float64?
exclusiveMinimum 12 bool
maxLength 13 int64?
minLength 14 int64?
pattern 15 string
maxItems 16 int64?
minItems 17 int64?
uniqueItems 18 bool
multipleOf 19 float64?
enum 20 [JSON] atomic
maxProperties 21 int64?
minProperties 22 int64?
required 23 [string] atomic
items 24 JSONSchemaPropsOrArray?
allOf 25 [JSONSchemaProps] atomic
oneOf 26 [JSONSchemaProps] atomic
anyOf 27 [JSONSchemaProps] atomic
not 28 JSONSchemaProps?
properties 29 {JSONSchemaProps}
additionalProperties 30 JSONSchemaPropsOrBool?
patternProperties 31 {JSONSchemaProps}
dependencies 32 {JSONSchemaPropsOrStringArray}
additionalItems 33 JSONSchemaPropsOrBool?
definitions 34 {JSONSchemaProps}
externalDocs 35 ExternalDocumentation?
example 36 JSON?
nullable 37 bool
x-kubernetes-preserve-unknown-fields 38 bool?
x-kubernetes-embedded-resource 39 bool
x-kubernetes-int-or-string 40 bool
x-kubernetes-list-map-keys 41 [string] atomic
x-kubernetes-list-type 42 string?
x-kubernetes-map-type 43 string?
x-kubernetes-validations 44 [ValidationRule] map=rule patch=merge:rule

CustomResourceValidation
openAPIV3Schema 1 JSONSchemaProps?

CustomResourceSubresourceStatus

CustomResourceSubresourceScale
specReplicasPath 1 string * +
statusReplicasPath 2 string * +
labelSelectorPath 3 string?

CustomResourceSubresources
status 1 CustomResourceSubresourceStatus?
scale 2 CustomResourceSubresourceScale?

CustomResourceColumnDefinition
name 1 string * +
type 2 string * +
format 3 string
description 4 string
priority 5 int32
jsonPath 6 string * +

SelectableField
jsonPath 1 string * +

CustomResourceDefinitionVersion
name 1 string * + # The version, such as v1.
served 2 bool * + # Whether it is offered.
storage 3 bool * + # Whether objects are stored in it; exactly one is.
deprecated 7 bool
deprecationWarning 8 string?
schema 4 CustomResourceValidation? # What its objects look like.
subresources 5 CustomResourceSubresources? # Whether it has status and scale.
additionalPrinterColumns 6 [CustomResourceColumnDefinition] atomic # What kubectl get shows.
selectableFields 9 [SelectableField] atomic

ServiceReference
namespace 1 string * +
name 2 string * +
path 3 string?
port 4 int32?

WebhookClientConfig
url 3 string?
service 1 ServiceReference?
caBundle 2 bytes

WebhookConversion
clientConfig 2 WebhookClientConfig?
conversionReviewVersions 3 [string] * + atomic

CustomResourceConversion
strategy 1 string:ConversionStrategyType * +
webhook 2 WebhookConversion?

CustomResourceDefinitionSpec
group 1 string * + # The API group, a domain.
names 3 CustomResourceDefinitionNames * + # How it is called.
scope 4 string:ResourceScope * + # Namespaced or Cluster.
versions 7 [CustomResourceDefinitionVersion] * + atomic # Its versions, each with a schema.
conversion 9 CustomResourceConversion? # How versions become each other.
preserveUnknownFields 10 bool

CustomResourceDefinitionCondition
type 1 string:CustomResourceDefinitionConditionType * +
status 2 string:ConditionStatus * +
lastTransitionTime 3 time
reason 4 string
message 5 string
observedGeneration 6 int64

CustomResourceDefinitionStatus
conditions 1 [CustomResourceDefinitionCondition] + map=type
acceptedNames 2 CustomResourceDefinitionNames +
storedVersions 3 [string] + atomic
observedGeneration 4 int64

CustomResourceDefinition # Defines a kind of your own.
metadata 1 meta.ObjectMeta
spec 2 CustomResourceDefinitionSpec * + # Its names, its scope and its versions.
status 3 CustomResourceDefinitionStatus
`;
