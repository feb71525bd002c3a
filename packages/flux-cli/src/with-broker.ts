/** A connection for a while; and errors as commands tell them that flux-core has in C: by number alone. */
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
