/** The topics that end a streaming RPC at its service, RFC 6: a request with the stream's matchtag, not answered. */
const cancelTopics: Readonly<Record<string, string>> = {
  'job-info.eventlog-watch': 'job-info.eventlog-watch-cancel',
  'job-info.update-watch': 'job-info.update-watch-cancel',
  'job-info.update-lookup': 'job-info.update-watch-cancel',
  'job-manager.events-journal': 'job-manager.events-journal-cancel',
  'kvs-watch.lookup': 'kvs-watch.cancel',
  'log.dmesg': 'log.cancel',
  'resource.acquire': 'resource.acquire-cancel',
  'resource.journal': 'resource.journal-cancel',
};

/** Undefined where the service has none: its stream ends with the connection. */
export function cancelTopicOf(topic: string): string | undefined {
  return Object.hasOwn(cancelTopics, topic) ? cancelTopics[topic] : undefined;
}
