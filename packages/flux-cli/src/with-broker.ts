/** A connection for a while; and how commands tell the errors of requests. */
import { type Flux, FluxError } from '@ebb/flux-client';
import { strerror } from '@ebb/flux-formats';
import { CommandError } from './command-module.ts';
import { connectBroker } from './connect-broker.ts';

/** Runs with a connection that is closed after. */
export async function withBroker<T>(action: (flux: Flux) => Promise<T>): Promise<T> {
  const flux = await connectBroker();
  try {
    return await action(flux);
  } finally {
    await flux.close();
  }
}

/** What failed, then the C library's words for the error number; a text that came with it is not shown. */
export function failureOf(what: string, error: unknown): never {
  if (!(error instanceof FluxError)) throw error;
  throw new CommandError(`${what}: ${strerror(error.errno)}`);
}

/** What failed, then the text that the broker sent with the error. */
export function failureWithText(what: string, error: unknown): never {
  throw error instanceof FluxError ? new CommandError(`${what}: ${error.message}`) : error;
}
