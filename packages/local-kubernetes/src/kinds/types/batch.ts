/** Job: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const batchTypes = `
PodFailurePolicyOnExitCodesRequirement
containerName 1 string?
operator 2 string:PodFailurePolicyOnExitCodesOperator * + enum=In|NotIn
values 3 [int32] * + set

PodFailurePolicyOnPodConditionsPattern
type 1 string:PodConditionType * +
status 2 string:ConditionStatus +

PodFailurePolicyRule
action 1 string:PodFailurePolicyAction * + enum=Count|FailIndex|FailJob|Ignore
onExitCodes 2 PodFailurePolicyOnExitCodesRequirement?
onPodConditions 3 [PodFailurePolicyOnPodConditionsPattern] atomic

PodFailurePolicy
rules 1 [PodFailurePolicyRule] * + atomic

SuccessPolicyRule
succeededIndexes 1 string?
succeededCount 2 int32?

SuccessPolicy
rules 1 [SuccessPolicyRule] * + atomic

JobSpec
parallelism 1 int32?
completions 2 int32?
activeDeadlineSeconds 3 int64?
podFailurePolicy 11 PodFailurePolicy?
successPolicy 16 SuccessPolicy?
backoffLimit 7 int32?
backoffLimitPerIndex 12 int32?
maxFailedIndexes 13 int32?
selector 4 meta.LabelSelector?
manualSelector 5 bool?
template 6 core.PodTemplateSpec * +
ttlSecondsAfterFinished 8 int32?
completionMode 9 string:CompletionMode? enum=Indexed|NonIndexed
suspend 10 bool?
podReplacementPolicy 14 string:PodReplacementPolicy? enum=Failed|TerminatingOrFailed
managedBy 15 string?

JobCondition
type 1 string:JobConditionType * +
status 2 string:ConditionStatus * +
lastProbeTime 3 time
lastTransitionTime 4 time
reason 5 string
message 6 string

UncountedTerminatedPods
succeeded 1 [string:UID] set
failed 2 [string:UID] set

JobStatus
conditions 1 [JobCondition] atomic patch=merge:type
startTime 2 time?
completionTime 3 time?
active 4 int32
succeeded 5 int32
failed 6 int32
terminating 11 int32?
completedIndexes 7 string
failedIndexes 10 string?
uncountedTerminatedPods 8 UncountedTerminatedPods?
ready 9 int32?

Job
metadata 1 meta.ObjectMeta
spec 2 JobSpec
status 3 JobStatus
`;
