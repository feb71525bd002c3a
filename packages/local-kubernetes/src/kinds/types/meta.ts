/** Metadata every kind shares: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const metaTypes = `
OwnerReference atomic
apiVersion 5 string * +
kind 1 string * +
name 3 string * +
uid 4 string:UID * +
controller 6 bool?
blockOwnerDeletion 7 bool?

ManagedFieldsEntry
manager 1 string
operation 2 string:ManagedFieldsOperationType
apiVersion 3 string
time 4 time?
fieldsType 6 string
fieldsV1 7 fields?
subresource 8 string

ObjectMeta # What every object has: name, labels, owners, revision.
name 1 string # The object's name, unique among its kind in its namespace.
generateName 2 string # A beginning the server makes a name of.
namespace 3 string # The namespace it is in.
selfLink 4 string
uid 5 string:UID # An identity no other object ever had or will have.
resourceVersion 6 string # The revision of this state, for watches and safe updates.
generation 7 int64 # Counts changes of what is wished for.
creationTimestamp 8 time z # When it was created.
deletionTimestamp 9 time? # When its deletion was asked for.
deletionGracePeriodSeconds 10 int64?
labels 11 {string} # Pairs to select objects by.
annotations 12 {string} # Pairs for programs and people; not to select by.
ownerReferences 13 [OwnerReference] map=uid patch=merge:uid # Objects it goes with when they are deleted.
finalizers 14 [string] set patch=merge # Names that must go before it is deleted.
managedFields 17 [ManagedFieldsEntry] atomic # Who set which fields.

LabelSelectorRequirement
key 1 string * +
operator 2 string:LabelSelectorOperator * +
values 3 [string] atomic

LabelSelector atomic # Which labels an object must have.
matchLabels 1 {string} # Labels it must have with just these values.
matchExpressions 2 [LabelSelectorRequirement] atomic # More demands on its labels.

FieldSelectorRequirement
key 1 string * +
operator 2 string:FieldSelectorOperator * +
values 3 [string] atomic

Condition
type 1 string * +
status 2 string:ConditionStatus * +
observedGeneration 3 int64
lastTransitionTime 4 time * +
reason 5 string * +
message 6 string * +

Preconditions
uid 1 string:UID?
resourceVersion 2 string?

DeleteOptions
gracePeriodSeconds 1 int64?
preconditions 2 Preconditions?
orphanDependents 3 bool?
propagationPolicy 4 string:DeletionPropagation?
dryRun 5 [string] atomic
ignoreStoreReadErrorWithClusterBreakingPotential 6 bool?

ListMeta
selfLink 1 string
resourceVersion 2 string
continue 3 string
remainingItemCount 4 int64?

StatusCause
reason 1 string:CauseType
message 2 string
field 3 string

StatusDetails
name 1 string
group 2 string
kind 3 string
uid 6 string:UID
causes 4 [StatusCause] atomic
retryAfterSeconds 5 int32

Status
metadata 1 ListMeta
status 2 string
message 3 string
reason 4 string:StatusReason
details 5 StatusDetails?
code 6 int32
`;
