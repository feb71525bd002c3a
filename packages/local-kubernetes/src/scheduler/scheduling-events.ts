// Events as kube-scheduler writes them, by the newer rules of events.k8s.io: a time of their own, an action, and a
// series for what repeats, which is written once and then only counted.

import { hostname } from 'node:os';
import type { KubernetesClient } from '../client/kubernetes-client.ts';
import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { eventAbout, eventName } from '../controllers/event-writer.ts';

const mostRemembered = 4096;
const events = { apiVersion: 'v1', plural: 'events' };

export interface SchedulingEvent {
  readonly reason: 'Scheduled' | 'FailedScheduling';
  readonly message: string;
}

/** Fails in silence: an event is never worth a failed pass. */
export function schedulingEvents(
  client: KubernetesClient,
  component: string,
  now: () => Date,
): (about: KubernetesObject, event: SchedulingEvent) => void {
  const known = new Map<string, { readonly name: string; count: number; readonly written: Promise<unknown> }>();
  return (about, { reason, message }) => {
    const { namespace = 'default', uid, resourceVersion } = about.metadata;
    const key = [uid, resourceVersion, reason, message].join('\n');
    const eventTime = microTime(now());
    const before = known.get(key);
    if (before) {
      before.count++;
      if (before.count > 2) return;
      const series = { count: before.count, lastObservedTime: eventTime };
      before.written
        .then(() => client.patch({ ...events, namespace, name: before.name }, { series }, 'merge'))
        .catch(() => known.delete(key));
      return;
    }
    const name = eventName(about, now());
    const written = client
      .create(
        { ...events, namespace },
        {
          ...eventAbout(about, name, namespace),
          type: reason === 'Scheduled' ? 'Normal' : 'Warning',
          reason,
          message,
          source: {},
          eventTime,
          action: reason === 'Scheduled' ? 'Binding' : 'Scheduling',
          reportingComponent: component,
          reportingInstance: `${component}-${hostname()}`,
          firstTimestamp: null,
          lastTimestamp: null,
        },
      )
      .catch(() => known.delete(key));
    known.set(key, { name, count: 1, written });
    if (known.size > mostRemembered) known.delete(known.keys().next().value!);
  };
}

/** RFC 3339 with six digits of a second, as Kubernetes' MicroTime. */
const microTime = (date: Date): string => date.toISOString().replace('Z', '000Z');
