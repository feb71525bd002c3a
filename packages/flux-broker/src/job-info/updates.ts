// A job's jobspec and R as later events change them (RFC 21: jobspec-update, resource-update).
import { type EventlogEntry, parseEvent, setDotted } from '@ebb/flux-formats';

const updateEvents: Readonly<Record<string, string>> = { jobspec: 'jobspec-update', R: 'resource-update' };
const jobspecKeys = /^(resources|tasks|attributes)(\.|$)/;

/** Whether a key of a job is one that events can change. */
export function isUpdatable(key: string): boolean {
  return Object.hasOwn(updateEvents, key);
}

/** The event of a line of the eventlog if it changes this key. @throws FormatError when the line is no event */
export function updateIn(key: string, line: string): EventlogEntry | undefined {
  const name = updateEvents[key]!;
  // Most lines are seen to be something else without reading them.
  if (!line.includes(name)) return undefined;
  const event = parseEvent(line);
  return event.name === name ? event : undefined;
}

/** Changes `value`, the jobspec or R, as an event says. What may not be changed stays. */
export function applyUpdate(key: string, value: object, { context = {} }: EventlogEntry): void {
  if (key === 'R') {
    if (context['expiration'] !== undefined) setDotted(value, 'execution.expiration', context['expiration']);
    return;
  }
  for (const [path, part] of Object.entries(context)) if (jobspecKeys.test(path)) setDotted(value, path, part);
}
