/** What is kept of a job: its eventlogs, jobspec and resources. The service job-info. */
import { type EventlogEntry, parseEvent, parseJson, ResourceSet } from '@ebb/flux-formats';
import type { Flux, RpcOptions, StreamOptions } from '../flux.ts';

/** The text of a key (`eventlog`, `jobspec`, `R`, `J`, `guest.output`). @throws FluxError ENOENT */
export async function lookupJobText(flux: Flux, id: bigint, key: string, options: RpcOptions = {}): Promise<string> {
  const answer = await flux.rpc<Record<string, string>>('job-info.lookup', { id, keys: [key], flags: 0 }, options);
  return answer[key]!;
}

/** The jobspec, without the environment, with later updates applied when `current` is set. */
export async function lookupJobspec(
  flux: Flux,
  id: bigint,
  options: RpcOptions & { readonly current?: boolean } = {},
): Promise<unknown> {
  const { current, ...rpc } = options;
  const request = { id, keys: ['jobspec'], flags: current ? applyUpdates : 0 };
  return parseJson((await flux.rpc<{ jobspec: string }>('job-info.lookup', request, rpc)).jobspec);
}

/** What the job was given. */
export async function lookupJobResources(flux: Flux, id: bigint, options: RpcOptions = {}): Promise<ResourceSet> {
  return ResourceSet.parse(await lookupJobText(flux, id, 'R', options));
}

const applyUpdates = 2;
const waitCreate = 1;

/** The events of an eventlog, those to come too, until the log is over. */
export async function* watchEventlog(
  flux: Flux,
  id: bigint,
  options: StreamOptions & { readonly path?: string; readonly waitCreate?: boolean } = {},
): AsyncGenerator<EventlogEntry> {
  const { path = 'eventlog', waitCreate: waits, ...stream } = options;
  const request = { id, path, flags: waits ? waitCreate : 0 };
  for await (const { event } of flux.stream<{ event: string }>('job-info.eventlog-watch', request, stream)) {
    // One response may bring several lines.
    for (const line of event.trimEnd().split('\n')) yield parseEvent(line);
  }
}

/**
 * Waits for an event of a job; `clean` is the last one of any.
 * @throws FluxError ENOENT when there is no such job; undefined when the log ends without the event
 */
export async function waitEvent(
  flux: Flux,
  id: bigint,
  name: string,
  options: StreamOptions & { readonly path?: string } = {},
): Promise<EventlogEntry | undefined> {
  for await (const event of watchEventlog(flux, id, options)) if (event.name === name) return event;
  return undefined;
}
