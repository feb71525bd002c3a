/** The configuration that a broker runs with. */
import type { Flux } from '@ebb/flux-client';
import { failureWithText } from '../with-broker.ts';
import type { JsonObject } from './json-path.ts';

export async function fetchConfig(flux: Flux): Promise<JsonObject> {
  return flux
    .rpc<JsonObject>('config.get')
    .catch((error: unknown) => failureWithText('Error fetching config object', error));
}

/** @throws CommandError that begins with `what`, with the broker's reason */
export async function loadConfig(flux: Flux, config: JsonObject, what: string): Promise<void> {
  await flux.rpc('config.load', config).catch((error: unknown) => failureWithText(what, error));
}
