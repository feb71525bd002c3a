// What every service answers without being asked to: ping, statistics, rusage, debug flags (flux-core:
// libflux/method.c).
import { Flag, type Message } from '@ebb/flux-client';
import { errnoNumber } from '@ebb/flux-formats';
import { deriveResponse, payloadObject } from '../routing/wire.ts';

/** `X.ping`: the request's own fields, and the way it came. */
export function pingResponse(request: Message, uuid: string, rank: number): Message {
  const hops = [...(request.routes ?? [])].reverse();
  const route = [...hops, uuid].map((hop) => hop.slice(0, 8)).join('!');
  const sent = payloadObject(request);
  const echo = typeof sent === 'object' && sent !== null ? sent : {};
  const { userid, rolemask } = request;
  return deriveResponse(request, 0, JSON.stringify({ ...echo, route, userid, rolemask, rank }));
}

/** `X.rusage`: an error for other than the process, its children or the thread. */
export function resourceUsageResponse(request: Message): Message {
  const sent = payloadObject(request) as { who?: unknown } | undefined;
  const who = sent?.who ?? 'self';
  if (who === 'self' || who === 'children' || who === 'thread') {
    return deriveResponse(request, 0, JSON.stringify(resourceUsage()));
  }
  return deriveResponse(request, errnoNumber('EINVAL'), `${who} is unsupported`);
}

/** The fields of getrusage(2) as `flux module stats --rusage` prints them. Of the whole process: modules share it. */
function resourceUsage(): object {
  const usage = process.resourceUsage();
  const seconds = (micros: number) => micros / 1e6;
  return {
    utime: seconds(usage.userCPUTime),
    stime: seconds(usage.systemCPUTime),
    maxrss: usage.maxRSS,
    ixrss: usage.sharedMemorySize,
    idrss: usage.unsharedDataSize,
    isrss: usage.unsharedStackSize,
    minflt: usage.minorPageFault,
    majflt: usage.majorPageFault,
    nswap: usage.swappedOut,
    inblock: usage.fsRead,
    oublock: usage.fsWrite,
    msgsnd: usage.ipcSent,
    msgrcv: usage.ipcReceived,
    nsignals: usage.signalsCount,
    nvcsw: usage.voluntaryContextSwitches,
    nivcsw: usage.involuntaryContextSwitches,
  };
}

/** Message counters of one module, as the default `X.stats-get` answers them. */
export class MessageCounters {
  #tx = { request: 0, response: 0, event: 0, control: 0 };
  #rx = { request: 0, response: 0, event: 0, control: 0 };

  sent(message: Message): void {
    this.#tx[message.type]++;
  }

  received(message: Message): void {
    this.#rx[message.type]++;
  }

  clear(): void {
    this.#tx = { request: 0, response: 0, event: 0, control: 0 };
    this.#rx = { request: 0, response: 0, event: 0, control: 0 };
  }

  show(): object {
    return { tx: { ...this.#tx }, rx: { ...this.#rx } };
  }
}

/** True when the request expects an answer. */
export function wantsResponse(message: Message): boolean {
  return !(message.flags & Flag.NoResponse);
}
