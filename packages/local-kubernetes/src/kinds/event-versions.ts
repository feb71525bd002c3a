/** Events of core/v1 and of events.k8s.io/v1 are one thing under two names. Facts: k8s.io/api events/v1. */
import type { JsonObject } from '../schema/schema.ts';

/** Names of core/v1's fields in events.k8s.io/v1, where they are others. */
export const newEventNames: Readonly<Record<string, string>> = {
  involvedObject: 'regarding',
  message: 'note',
  reportingComponent: 'reportingController',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
};
const toNew = new Map(Object.entries(newEventNames));
const toCore = new Map(Object.entries(newEventNames).map(([core, modern]) => [modern, core]));

/** Without who reports where that is empty: core/v1 writes it, events.k8s.io does not. */
export function toNewEvent(event: JsonObject): JsonObject {
  const shown = renamed(event, 'events.k8s.io/v1', toNew);
  for (const field of ['reportingController', 'reportingInstance']) if (shown[field] === '') delete shown[field];
  return shown;
}

export function toCoreEvent(event: JsonObject): JsonObject {
  const stored = renamed(event, 'v1', toCore);
  for (const field of ['reportingComponent', 'reportingInstance']) stored[field] ??= '';
  return stored;
}

function renamed(event: JsonObject, apiVersion: string, names: ReadonlyMap<string, string>): JsonObject {
  const entries = Object.entries(event).map(([name, value]) => [names.get(name) ?? name, value]);
  return { ...Object.fromEntries(entries), apiVersion };
}
