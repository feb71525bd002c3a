// Events as most of Kubernetes' components write them: one object for what repeats, with a count.

import type { KubernetesClient } from '../client/kubernetes-client.ts';
import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { StatusError } from '../client/status-error.ts';
import type { EventWriter } from './controller-context.ts';
import { EventAllowance } from './event-allowance.ts';
import { SimilarEvents } from './similar-events.ts';

const mostRemembered = 4096;

interface Told {
  readonly name: string;
  readonly firstTimestamp: string;
  count: number;
  /** The write before: each waits for it, or a count might reach the server before its event. */
  written: Promise<unknown>;
}

export function eventWriter(client: KubernetesClient, component: string, now: () => Date, host?: string): EventWriter {
  const known = new Map<string, Told>();
  const similar = new SimilarEvents();
  const allowance = new EventAllowance();
  const events = { apiVersion: 'v1', plural: 'events' };
  const source = { component, ...(host ? { host } : {}) };
  return (about, type, reason, text) => {
    const namespace = about.metadata.namespace ?? 'default';
    const { key, message } = similar.told([about.metadata.uid, type, reason].join('\n'), text, now());
    const lastTimestamp = now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
    const before = known.get(key);
    const told = before ?? {
      name: eventName(about, now()),
      firstTimestamp: lastTimestamp,
      count: 0,
      written: Promise.resolve(),
    };
    const count = ++told.count;
    known.set(key, told);
    if (known.size > mostRemembered) known.delete(known.keys().next().value!);
    if (!allowance.take(about, type, now())) return;
    const create = () =>
      client.create(
        { ...events, namespace },
        {
          ...eventAbout(about, told.name, namespace),
          ...{ type, reason, message, source, reportingComponent: component },
          ...{ firstTimestamp: told.firstTimestamp, lastTimestamp, count },
        },
      );
    // One that was left out, or that is too old to be kept, is not there to be counted.
    const change = () =>
      client
        .patch({ ...events, namespace, name: told.name }, { count, lastTimestamp, message }, 'merge')
        .catch((error: unknown) => {
          if (error instanceof StatusError && error.code === 404) return create();
          throw error;
        });
    told.written = (before ? told.written.then(change) : create()).catch(() => known.delete(key));
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
