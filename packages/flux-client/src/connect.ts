/** Opens a handle on a broker: at its local socket, or over any byte stream behind which `flux relay` runs. */
import { createConnection, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Flux } from './flux.ts';
import { FluxError } from './flux-error.ts';
import { openStream } from './stream-transport.ts';
import type { Transport } from './transport.ts';

export interface ConnectOptions {
  readonly environment?: NodeJS.ProcessEnv;
}

/** The socket where a system instance listens, when nothing else is said. */
const systemSocket = '/run/flux/local';
const firstDelayMs = 16;
const longestDelayMs = 2000;
const defaultRetries = 5;

/**
 * Connects to `local:///path`, by default `FLUX_URI`, else the system instance.
 * @throws FluxError ENOENT when there is no socket, EPERM when the broker refuses this user
 */
export async function connect(uri?: string, options: ConnectOptions = {}): Promise<Flux> {
  return new Flux(await openTransport(uri, options));
}

/** As `connect`, but only the transport. */
export async function openTransport(uri?: string, options: ConnectOptions = {}): Promise<Transport> {
  const environment = options.environment ?? process.env;
  const target = uri ?? environment['FLUX_URI'] ?? `local://${systemSocket}`;
  const local = /^local:\/\/(.+)$/.exec(target);
  if (local) return openStream(await localSocket(local[1]!, environment));
  throw new FluxError('EINVAL', `${target}: use local:///PATH`);
}

/** A handle over a byte stream whose other end is a Flux server or `flux relay`. */
export async function connectStream(stream: Duplex): Promise<Flux> {
  return new Flux(await openStream(stream));
}

async function localSocket(path: string, environment: NodeJS.ProcessEnv): Promise<Socket> {
  const retries = Number(environment['FLUX_LOCAL_CONNECTOR_RETRY_COUNT'] ?? defaultRetries);
  for (let attempt = 0, delayMs = firstDelayMs; ; attempt++, delayMs = Math.min(delayMs * 2, longestDelayMs)) {
    try {
      return await opened(path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const mayPass = code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'EAGAIN';
      if (!mayPass || attempt >= retries) {
        throw new FluxError(code ?? 'EIO', code === 'ENOENT' ? `broker socket ${path} was not found` : undefined, {
          cause: error,
        });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, delayMs));
  }
}

function opened(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}
