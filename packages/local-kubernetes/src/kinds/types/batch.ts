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

JobSpec # How many pods, how often they may fail, and what they run.
parallelism 1 int32? # The most pods that run at once.
completions 2 int32? # How many must succeed; with Indexed, how many indexes there are.
activeDeadlineSeconds 3 int64? # Seconds after which the Job is failed.
podFailurePolicy 11 PodFailurePolicy? # What to do about certain failures.
successPolicy 16 SuccessPolicy? # When the Job is done before all have succeeded.
backoffLimit 7 int32? # Failures after which the Job is failed. Default 6.
backoffLimitPerIndex 12 int32? # Failures after which one index is failed.
maxFailedIndexes 13 int32? # Failed indexes after which the Job is failed.
selector 4 meta.LabelSelector? # Which pods are the Job's; made by the server.
manualSelector 5 bool? # Use a selector of your own.
template 6 core.PodTemplateSpec * + # The pod to make.
ttlSecondsAfterFinished 8 int32? # Seconds after its end when the Job is deleted.
completionMode 9 string:CompletionMode? enum=Indexed|NonIndexed # Indexed gives every pod a number of its own; NonIndexed does not.
suspend 10 bool? # Run no pods for now.
podReplacementPolicy 14 string:PodReplacementPolicy? enum=Failed|TerminatingOrFailed # When a new pod takes the place of one that goes.
managedBy 15 string? # The controller that is to look after the Job.

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

JobStatus # What has become of the pods.
conditions 1 [JobCondition] atomic patch=merge:type # Complete, Failed, Suspended and the like.
startTime 2 time? # When the Job was first looked after.
completionTime 3 time? # When it was done.
active 4 int32 # Pods that are pending or running.
succeeded 5 int32 # Pods that succeeded.
failed 6 int32 # Pods that failed.
terminating 11 int32? # Pods that are being deleted.
completedIndexes 7 string # Indexes that succeeded, such as 0-3,7.
failedIndexes 10 string? # Indexes that failed for good.
uncountedTerminatedPods 8 UncountedTerminatedPods?
ready 9 int32? # Active pods that are ready.

Job # Work that is done when enough pods have succeeded.
metadata 1 meta.ObjectMeta
spec 2 JobSpec # How the work is to be done.
status 3 JobStatus # How far the work is.

JobTemplateSpec
metadata 1 meta.ObjectMeta
spec 2 JobSpec

CronJobSpec
schedule 1 string * +
timeZone 8 string?
startingDeadlineSeconds 2 int64?
concurrencyPolicy 3 string:ConcurrencyPolicy enum=Allow|Forbid|Replace
suspend 4 bool?
jobTemplate 5 JobTemplateSpec * +
successfulJobsHistoryLimit 6 int32?
failedJobsHistoryLimit 7 int32?

CronJobStatus
active 1 [core.ObjectReference] atomic
lastScheduleTime 4 time?
lastSuccessfulTime 5 time?

CronJob # Jobs at set times.
metadata 1 meta.ObjectMeta
spec 2 CronJobSpec
status 3 CronJobStatus
`;
