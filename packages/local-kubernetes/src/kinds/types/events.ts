/** Event of events.k8s.io: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const eventsTypes = `
EventSeries
count 1 int32 * +
lastObservedTime 2 microtime * +

Event # Something that happened to an object.
metadata 1 meta.ObjectMeta +
eventTime 2 microtime * +
series 3 EventSeries?
reportingController 4 string
reportingInstance 5 string
action 6 string
reason 7 string
regarding 8 core.ObjectReference
related 9 core.ObjectReference?
note 10 string
type 11 string
deprecatedSource 12 core.EventSource
deprecatedFirstTimestamp 13 time
deprecatedLastTimestamp 14 time
deprecatedCount 15 int32
`;
