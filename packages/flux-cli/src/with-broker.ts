/** Commands that flux-core has in C say in few words that there is no broker, and errors by number alone. */
import { connect, type Flux, FluxError } from '@ebb/flux-client';
import { strerror } from '@ebb/flux-formats';
import { CommandError } from './command-module.ts';

const enoent = 2;

/** Connects, for a command of which flux-core says `flux_open: …` when there is nothing to connect to. */
export async function openBroker(): Promise<Flux> {
  try {
    return await connect();
  } catch (error) {
    throw new CommandError(`flux_open: ${strerror(error instanceof FluxError ? error.errno : enoent)}`);
  }
}

/** Runs with a connection that is closed after. */
export async function withBroker<T>(action: (flux: Flux) => Promise<T>): Promise<T> {
  const flux = await openBroker();
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
