// Events as most of Kubernetes' components write them: one object for what repeats, with a count.

import type { KubernetesClient } from '../client/kubernetes-client.ts';
import type { KubernetesObject } from '../client/kubernetes-object.ts';
import type { EventWriter } from './controller-context.ts';
import { SimilarEvents } from './similar-events.ts';

const mostRemembered = 4096;

interface Told {
  readonly name: string;
  count: number;
  /** The write before: each waits for it, or a count might reach the server before its event. */
  written: Promise<unknown>;
}

export function eventWriter(client: KubernetesClient, component: string, now: () => Date, host?: string): EventWriter {
  const known = new Map<string, Told>();
  const similar = new SimilarEvents();
  const events = { apiVersion: 'v1', plural: 'events' };
  return (about, type, reason, text) => {
    const namespace = about.metadata.namespace ?? 'default';
    const { key, message } = similar.told([about.metadata.uid, type, reason].join('\n'), text, now());
    const time = now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
    const forget = () => known.delete(key);
    const before = known.get(key);
    if (before) {
      const count = ++before.count;
      before.written = before.written
        .then(() =>
          client.patch({ ...events, namespace, name: before.name }, { count, lastTimestamp: time, message }, 'merge'),
        )
        .catch(forget);
      return;
    }
    const name = eventName(about, now());
    const source = { component, ...(host ? { host } : {}) };
    const event = {
      ...eventAbout(about, name, namespace),
      type,
      reason,
      message,
      source,
      reportingComponent: component,
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
    };
    const written = client.create({ ...events, namespace }, event).catch(forget);
    known.set(key, { name, count: 1, written });
    if (known.size > mostRemembered) known.delete(known.keys().next().value!);
  };
}

let serial = 0;

/** The name that Kubernetes' components give an event: that of the object and the time, in nanoseconds. */
export function eventName({ metadata }: KubernetesObject, now: Date): string {
  const nanoseconds = BigInt(now.getTime()) * 1_000_000n + BigInt(serial++ % 1_000_000);
  return `${metadata.name}.${nanoseconds.toString(16)}`;
}

/** What every event has: itself, and the object it is about. */
export function eventAbout({ apiVersion, kind, metadata }: KubernetesObject, name: string, namespace: string): object {
  const { name: about, namespace: of, uid, resourceVersion } = metadata;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace },
    involvedObject: { apiVersion, kind, name: about, namespace: of, uid, resourceVersion },
  };
}
