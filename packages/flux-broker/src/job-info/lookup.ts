// `job-info.lookup`: what the KVS holds of a job.
import { FluxError, type Request, Role } from '@ebb/flux-client';
import { type EventlogEntry, parseJson, parseJsonReals, printJsonReals } from '@ebb/flux-formats';
import { linesOf } from './event-tail.ts';
import type { JobLogs } from './job-logs.ts';
import { applyUpdate, isUpdatable, updateIn } from './updates.ts';

/** Flags of lookups: jobspec and R as objects instead of text; with the updates of the eventlog applied. */
export const LookupFlag = { decode: 1, current: 2 } as const;

export interface LookupRequest {
  readonly id: bigint;
  readonly keys: readonly string[];
  readonly flags: number;
}

/**
 * The answer as JSON text: what is stored as JSON goes into it as it stands, with every digit.
 * @throws FluxError ENOENT, EPERM
 */
export async function lookUp(logs: JobLogs, request: Request, { id, keys, flags }: LookupRequest): Promise<string> {
  const userid = logs.knownOwner(id);
  if (userid !== undefined) authorize(request, userid);
  const needsEventlog = userid === undefined || (flags & LookupFlag.current) !== 0;
  const names = [...new Set([...(needsEventlog ? ['eventlog'] : []), ...keys])];
  const found = await Promise.allSettled(names.map((name) => logs.read(id, name)));
  const values = new Map(names.map((name, index) => [name, found[index]!]));
  const textOf = (key: string): string => {
    const value = values.get(key)!;
    if (value.status === 'fulfilled') return value.value;
    const error = value.reason as FluxError;
    throw new FluxError(error.errno, `${key}: ${error.code === 'ENOENT' ? 'key not found' : error.message}`);
  };
  if (userid === undefined) {
    const eventlog = values.get('eventlog')!;
    // No eventlog, no job: this is not the same as a job without the key.
    if (eventlog.status === 'rejected') {
      const error = eventlog.reason as FluxError;
      throw new FluxError(error.errno, error.code === 'ENOENT' ? 'invalid job id' : error.message);
    }
    authorize(request, ownerIn(logs, id, eventlog.value));
  }
  let answer = `{"id":${id}`;
  for (const key of keys) {
    let text = textOf(key);
    if (text === '') throw new FluxError('EPROTO', `${key}: value is unexpectedly empty`);
    if (isUpdatable(key)) {
      if (flags & LookupFlag.current) text = current(key, text, textOf('eventlog'));
      if (flags & LookupFlag.decode) parseJson(text);
      answer += `,${JSON.stringify(key)}:${flags & LookupFlag.decode ? text : JSON.stringify(text)}`;
    } else {
      answer += `,${JSON.stringify(key)}:${JSON.stringify(text)}`;
    }
  }
  return `${answer}}`;
}

function authorize(request: Request, userid: number): void {
  try {
    request.authorize(userid);
  } catch {
    throw new FluxError('EPERM', 'access is restricted to job/instance owner');
  }
}

function ownerIn(logs: JobLogs, id: bigint, eventlog: string): number {
  try {
    return logs.ownerFrom(id, eventlog);
  } catch {
    throw new FluxError('EPROTO', 'error parsing eventlog');
  }
}

/** As events have changed it, and written as jansson does by itself. */
function current(key: string, text: string, eventlog: string): string {
  const value = parseJsonReals(text) as object;
  for (const line of linesOf(eventlog)) {
    if (updateIn(key, line)) applyUpdate(key, value, parseJsonReals(line) as EventlogEntry);
  }
  return printJsonReals(value, true);
}

/** Whether a sender with these roles owns the instance, so that no job's user need be known. */
export function isOwner(rolemask: number): boolean {
  return (rolemask & Role.Owner) !== 0;
}
