/** The small kinds of the core group: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const coreTypes = `
NamespaceSpec
finalizers 1 [string:FinalizerName] atomic # Names that must go before the namespace does.

NamespaceCondition
type 1 string:NamespaceConditionType * +
status 2 string:ConditionStatus * +
lastTransitionTime 4 time
reason 5 string
message 6 string

NamespaceStatus
phase 1 string:NamespacePhase enum=Active|Terminating # Active, or Terminating while its contents are deleted.
conditions 2 [NamespaceCondition] map=type patch=merge:type

Namespace # A scope for names: objects in different namespaces do not meet.
metadata 1 meta.ObjectMeta
spec 2 NamespaceSpec # What the namespace is to be.
status 3 NamespaceStatus # The phase the namespace is in.

ConfigMap # Configuration as pairs of names and texts.
metadata 1 meta.ObjectMeta
immutable 4 bool? # Once true, nothing may change any more.
data 2 {string} # Texts by name.
binaryData 3 {bytes} # Bytes by name, in base64.

Secret # Confidential values by name.
metadata 1 meta.ObjectMeta
immutable 5 bool? # Once true, nothing may change any more.
data 2 {bytes} # Values by name, in base64.
stringData 4 {string} # Values in plain text, for writing only.
type 3 string:SecretType # What kind of secret it is; some need certain names.

ServiceAccount # An identity for what runs in pods.
metadata 1 meta.ObjectMeta
secrets 2 [ObjectReference] map=name patch=merge:name
imagePullSecrets 3 [LocalObjectReference] atomic
automountServiceAccountToken 4 bool?

EventSource
component 1 string
host 2 string

EventSeries
count 1 int32
lastObservedTime 2 microtime

Event # Something that happened to an object.
metadata 1 meta.ObjectMeta * +
involvedObject 2 ObjectReference * + # The object it happened to.
reason 3 string # Why, in one word for programs.
message 4 string # What happened, in words.
source 5 EventSource
firstTimestamp 6 time
lastTimestamp 7 time
count 8 int32
type 9 string # Normal or Warning.
eventTime 10 microtime
series 11 EventSeries?
action 12 string
related 13 ObjectReference?
reportingComponent 14 string +
reportingInstance 15 string +

ScopedResourceSelectorRequirement
scopeName 1 string:ResourceQuotaScope * + enum=BestEffort|CrossNamespacePodAffinity|NotBestEffort|NotTerminating|PriorityClass|Terminating|VolumeAttributesClass
operator 2 string:ScopeSelectorOperator * + enum=DoesNotExist|Exists|In|NotIn
values 3 [string] atomic

ScopeSelector atomic
matchExpressions 1 [ScopedResourceSelectorRequirement] atomic

ResourceQuotaSpec
hard 1 {quantity}
scopes 2 [string:ResourceQuotaScope] atomic
scopeSelector 3 ScopeSelector?

ResourceQuotaStatus
hard 1 {quantity}
used 2 {quantity}

ResourceQuota # The most a namespace may use.
metadata 1 meta.ObjectMeta
spec 2 ResourceQuotaSpec
status 3 ResourceQuotaStatus

LimitRangeItem
type 1 string:LimitType * +
max 2 {quantity}
min 3 {quantity}
default 4 {quantity}
defaultRequest 5 {quantity}
maxLimitRequestRatio 6 {quantity}

LimitRangeSpec
limits 1 [LimitRangeItem] * + atomic

LimitRange # The least and most for single objects of a namespace.
metadata 1 meta.ObjectMeta
spec 2 LimitRangeSpec

Binding
metadata 1 meta.ObjectMeta
target 2 ObjectReference * +
`;
