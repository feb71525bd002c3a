/** Connects as the environment says, and tells a broker that is not reached from one that refuses. */
import { connect, type Flux, FluxError } from '@ebb/flux-client';

/** There is no broker where one should be. The text is that of commands which flux-core has in Python. */
export class ConnectError extends Error {
  readonly errno: number;

  constructor(cause: FluxError) {
    super(`Unable to connect to Flux: ${cause.message}`, { cause });
    this.errno = cause.errno;
  }
}

/** @throws ConnectError when it is not reached */
export async function connectBroker(uri?: string): Promise<Flux> {
  try {
    return await connect(uri);
  } catch (error) {
    throw error instanceof FluxError ? new ConnectError(error) : error;
  }
}
