/** Scale and the first HorizontalPodAutoscaler: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const autoscalingV1Types = `
ScaleSpec
replicas 1 int32

ScaleStatus
replicas 1 int32 * +
selector 2 string

Scale
metadata 1 meta.ObjectMeta
spec 2 ScaleSpec
status 3 ScaleStatus

CrossVersionObjectReference atomic
kind 1 string * +
name 2 string * +
apiVersion 3 string

HorizontalPodAutoscalerSpec
scaleTargetRef 1 CrossVersionObjectReference * +
minReplicas 2 int32?
maxReplicas 3 int32 * +
targetCPUUtilizationPercentage 4 int32?

HorizontalPodAutoscalerStatus
observedGeneration 1 int64?
lastScaleTime 2 time?
currentReplicas 3 int32 * +
desiredReplicas 4 int32 * +
currentCPUUtilizationPercentage 5 int32?

HorizontalPodAutoscaler
metadata 1 meta.ObjectMeta
spec 2 HorizontalPodAutoscalerSpec
status 3 HorizontalPodAutoscalerStatus
`;
