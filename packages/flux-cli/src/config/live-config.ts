/** The configuration that a broker runs with. */
import { type Flux, FluxError } from '@ebb/flux-client';
import { CommandError } from '../command-module.ts';
import type { JsonObject } from './json-path.ts';

export async function fetchConfig(flux: Flux): Promise<JsonObject> {
  return flux.rpc<JsonObject>('config.get').catch((error: unknown) => failed('Error fetching config object', error));
}

/** @throws CommandError that begins with `what`, with the broker's reason */
export async function loadConfig(flux: Flux, config: JsonObject, what: string): Promise<void> {
  await flux.rpc('config.load', config).catch((error: unknown) => failed(what, error));
}

function failed(what: string, error: unknown): never {
  throw error instanceof FluxError ? new CommandError(`${what}: ${error.message}`) : error;
}
