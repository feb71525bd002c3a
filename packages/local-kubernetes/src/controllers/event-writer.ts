// Events as Kubernetes' components write them: one object for what repeats, with a count.

import type { KubernetesClient } from '../client/kubernetes-client.ts';
import type { KubernetesObject } from '../client/kubernetes-object.ts';
import type { EventWriter } from './controller-context.ts';

const mostRemembered = 4096;

export function eventWriter(client: KubernetesClient, component: string, now: () => Date, host?: string): EventWriter {
  const known = new Map<string, { name: string; count: number; first: string }>();
  let serial = 0;
  return (about, type, reason, message) => {
    const namespace = about.metadata.namespace ?? 'default';
    const key = [about.metadata.uid, type, reason, message].join('\n');
    const time = now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
    const before = known.get(key);
    if (before) {
      before.count++;
      const ref = { apiVersion: 'v1', plural: 'events', namespace, name: before.name };
      client.patch(ref, { count: before.count, lastTimestamp: time }, 'merge').catch(() => known.delete(key));
      return;
    }
    const name = `${about.metadata.name}.${(BigInt(now().getTime()) * 1000000n + BigInt(serial++ % 1000000)).toString(16)}`;
    known.set(key, { name, count: 1, first: time });
    if (known.size > mostRemembered) known.delete(known.keys().next().value!);
    const source = { component, ...(host ? { host } : {}) };
    client
      .create(
        { apiVersion: 'v1', plural: 'events', namespace },
        event(about, { name, namespace, type, reason, message, time, source }),
      )
      .catch(() => known.delete(key));
  };
}

function event(
  about: KubernetesObject,
  details: {
    name: string;
    namespace: string;
    type: string;
    reason: string;
    message: string;
    time: string;
    source: object & { component: string };
  },
): object {
  const { name, namespace, type, reason, message, time, source } = details;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace },
    involvedObject: {
      apiVersion: about.apiVersion,
      kind: about.kind,
      name: about.metadata.name,
      namespace: about.metadata.namespace,
      uid: about.metadata.uid,
      resourceVersion: about.metadata.resourceVersion,
    },
    type,
    reason,
    message,
    source,
    reportingComponent: source.component,
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
}
