/** HorizontalPodAutoscaler: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const autoscalingV2Types = `
CrossVersionObjectReference
kind 1 string * +
name 2 string * +
apiVersion 3 string

MetricTarget
type 1 string:MetricTargetType * +
value 2 quantity?
averageValue 3 quantity?
averageUtilization 4 int32?

MetricIdentifier
name 1 string * +
selector 2 meta.LabelSelector?

ObjectMetricSource
describedObject 1 CrossVersionObjectReference * +
target 2 MetricTarget * +
metric 3 MetricIdentifier * +

PodsMetricSource
metric 1 MetricIdentifier * +
target 2 MetricTarget * +

ResourceMetricSource
name 1 string:ResourceName * +
target 2 MetricTarget * +

ContainerResourceMetricSource
name 1 string:ResourceName * +
target 2 MetricTarget * +
container 3 string * +

ExternalMetricSource
metric 1 MetricIdentifier * +
target 2 MetricTarget * +

MetricSpec
type 1 string:MetricSourceType * +
object 2 ObjectMetricSource?
pods 3 PodsMetricSource?
resource 4 ResourceMetricSource?
containerResource 7 ContainerResourceMetricSource?
external 5 ExternalMetricSource?

HPAScalingPolicy
type 1 string:HPAScalingPolicyType * +
value 2 int32 * +
periodSeconds 3 int32 * +

HPAScalingRules
stabilizationWindowSeconds 3 int32?
selectPolicy 1 string:ScalingPolicySelect?
policies 2 [HPAScalingPolicy] e atomic
tolerance 4 quantity?

HorizontalPodAutoscalerBehavior
scaleUp 1 HPAScalingRules?
scaleDown 2 HPAScalingRules?

HorizontalPodAutoscalerSpec
scaleTargetRef 1 CrossVersionObjectReference * + # What is scaled.
minReplicas 2 int32? # The fewest replicas.
maxReplicas 3 int32 * + # The most replicas.
metrics 4 [MetricSpec] atomic # What decides.
behavior 5 HorizontalPodAutoscalerBehavior?

MetricValueStatus
value 1 quantity?
averageValue 2 quantity?
averageUtilization 3 int32?

ObjectMetricStatus
metric 1 MetricIdentifier * +
current 2 MetricValueStatus * +
describedObject 3 CrossVersionObjectReference * +

PodsMetricStatus
metric 1 MetricIdentifier * +
current 2 MetricValueStatus * +

ResourceMetricStatus
name 1 string:ResourceName * +
current 2 MetricValueStatus * +

ContainerResourceMetricStatus
name 1 string:ResourceName * +
current 2 MetricValueStatus * +
container 3 string * +

ExternalMetricStatus
metric 1 MetricIdentifier * +
current 2 MetricValueStatus * +

MetricStatus
type 1 string:MetricSourceType * +
object 2 ObjectMetricStatus?
pods 3 PodsMetricStatus?
resource 4 ResourceMetricStatus?
containerResource 7 ContainerResourceMetricStatus?
external 5 ExternalMetricStatus?

HorizontalPodAutoscalerCondition
type 1 string:HorizontalPodAutoscalerConditionType * +
status 2 string:ConditionStatus * +
lastTransitionTime 3 time
reason 4 string
message 5 string

HorizontalPodAutoscalerStatus
observedGeneration 1 int64?
lastScaleTime 2 time?
currentReplicas 3 int32
desiredReplicas 4 int32 * +
currentMetrics 5 [MetricStatus] + atomic
conditions 6 [HorizontalPodAutoscalerCondition] map=type patch=merge:type

HorizontalPodAutoscaler # Scales something by metrics.
metadata 1 meta.ObjectMeta
spec 2 HorizontalPodAutoscalerSpec
status 3 HorizontalPodAutoscalerStatus
`;
