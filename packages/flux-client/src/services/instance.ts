/** The instance as a whole: its state, configuration and queues. */
import type { Flux, RpcOptions } from '../flux.ts';

export interface BrokerState {
  /** `join`, `init`, `quorum`, `run`, `cleanup`, `shutdown` and so on. */
  readonly state: string;
  /** Seconds since it is so. */
  readonly duration: number;
}

export function brokerState(flux: Flux, options: RpcOptions = {}): Promise<BrokerState> {
  return flux.rpc('state-machine.get', undefined, options);
}

/** Resolves when the broker is in state run. @throws FluxError ENOENT when it is past it */
export async function waitRunning(flux: Flux, options: RpcOptions = {}): Promise<void> {
  await flux.rpc('state-machine.wait', undefined, options);
}

/** The configuration as an object. */
export function configuration(flux: Flux, options: RpcOptions = {}): Promise<Record<string, unknown>> {
  return flux.rpc('config.get', undefined, options);
}

/** Reads the configuration files again, on one broker. */
export async function reloadConfiguration(flux: Flux, options: RpcOptions = {}): Promise<void> {
  await flux.rpc('config.reload', undefined, options);
}

export interface QueueStatus {
  /** Whether jobs may be submitted. */
  readonly enable: boolean;
  /** Whether jobs are scheduled. */
  readonly start: boolean;
  readonly disable_reason?: string;
  readonly stop_reason?: string;
}

/** Names of the queues; none: there is one without a name. */
export async function queueNames(flux: Flux, options: RpcOptions = {}): Promise<string[]> {
  return (await flux.rpc<{ queues: string[] }>('job-manager.queue-list', undefined, options)).queues;
}

export function queueStatus(flux: Flux, name?: string, options: RpcOptions = {}): Promise<QueueStatus> {
  return flux.rpc('job-manager.queue-status', name === undefined ? {} : { name }, options);
}
