/**
 * Opens a handle on a broker: at its local socket, over a descriptor, through ssh, or over any byte stream behind which
 * `flux relay` runs.
 */
import { createConnection, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Flux, type FluxOptions } from './flux.ts';
import { FluxError } from './flux-error.ts';
import { openStream } from './stream-transport.ts';
import type { Transport } from './transport.ts';

export interface ConnectOptions {
  /** Default: that of the process. Read: FLUX_URI, FLUX_SSH, FLUX_SSH_RCMD, FLUX_HANDLE_USERID and the like. */
  readonly environment?: NodeJS.ProcessEnv | undefined;
  /** Ends the attempt. */
  readonly signal?: AbortSignal | undefined;
}

/** The socket where a system instance listens, when nothing else is said. */
const systemSocket = '/run/flux/local';
const firstDelayMs = 16;
const longestDelayMs = 2000;
const defaultRetries = 5;

/**
 * Connects to a broker.
 *
 * | uri | |
 * | --- | --- |
 * | none | `FLUX_URI`, else the system instance |
 * | `local:///PATH` | a broker's local socket |
 * | `fd://N` | an open descriptor of such a connection |
 * | `ssh://[USER@]HOST[:PORT]/PATH` | `flux relay` on another host |
 * | `.`, `..`, `/`, `../..` | this instance, the one it runs in, the outermost, and so on |
 *
 * @throws FluxError ENOENT when there is no socket or no such scheme, EPERM when the broker refuses this user
 */
export async function connect(uri?: string, options: ConnectOptions = {}): Promise<Flux> {
  const environment = options.environment ?? process.env;
  if (uri !== undefined && /^[./]/.test(uri)) return connectAncestor(uri, options);
  return new Flux(await openTransport(uri, options), identityOf(environment));
}

/** As `connect`, but only the transport. */
export async function openTransport(uri?: string, options: ConnectOptions = {}): Promise<Transport> {
  const environment = options.environment ?? process.env;
  const target = uri ?? environment['FLUX_URI'] ?? `local://${systemSocket}`;
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/s.exec(target) ?? [];
  switch (scheme) {
    case 'local':
      return openStream(await localSocket(rest!, options));
    case 'fd':
      if (!/^\d{1,6}$/.test(rest!)) throw new FluxError('EINVAL', `${target}: fd:// takes a descriptor's number`);
      return openStream(new Socket({ fd: Number(rest) }));
    case 'ssh':
      // Of no use to most, and it takes a while to load.
      return (await import('./ssh.ts')).openSsh(target, environment);
    default:
      // There are local:///PATH, ssh://[USER@]HOST[:PORT]/PATH and fd://N; the words are flux-core's.
      throw new FluxError('ENOENT', `Unable to find connector name '${scheme ?? target}'`);
  }
}

/** A handle over a byte stream whose other end is a Flux server or `flux relay`. */
export async function connectStream(stream: Duplex, options: FluxOptions = {}): Promise<Flux> {
  return new Flux(await openStream(stream), options);
}

async function connectAncestor(path: string, options: ConnectOptions): Promise<Flux> {
  let flux = await connect(undefined, options);
  const ups = path.startsWith('/') ? Number.POSITIVE_INFINITY : path.split('/').filter((part) => part === '..').length;
  if (!path.startsWith('/') && !/^\.\.?(\/\.\.?)*\/?$/.test(path)) {
    await flux.close();
    throw new FluxError('EINVAL', `${path}: use ., .. or /`);
  }
  try {
    for (let up = 0; up < ups && (await flux.attr('instance-level')) !== '0'; up++) {
      const parent = await connect(await flux.attr('parent-uri'), options);
      await flux.close();
      flux = parent;
    }
    return flux;
  } catch (error) {
    await flux.close();
    throw error;
  }
}

function identityOf(environment: NodeJS.ProcessEnv): FluxOptions {
  const number = (name: string) => (environment[name] ? Number(environment[name]) : undefined);
  return { userid: number('FLUX_HANDLE_USERID'), rolemask: number('FLUX_HANDLE_ROLEMASK') };
}

async function localSocket(path: string, { environment = process.env, signal }: ConnectOptions): Promise<Socket> {
  const retries = Number(environment['FLUX_LOCAL_CONNECTOR_RETRY_COUNT'] ?? defaultRetries);
  for (let attempt = 0, delayMs = firstDelayMs; ; attempt++, delayMs = Math.min(delayMs * 2, longestDelayMs)) {
    try {
      return await opened(path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const mayPass = code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'EAGAIN';
      if (!mayPass || attempt >= retries || signal?.aborted) {
        const text = code === 'ENOENT' ? `broker socket ${path} was not found` : undefined;
        throw FluxError.of(error as NodeJS.ErrnoException, text);
      }
    }
    await delay(delayMs, signal);
  }
}

function delay(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = () => {
      clearTimeout(timer);
      reject(new FluxError('ECANCELED', undefined, { cause: signal?.reason }));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', aborted);
      resolve();
    }, ms);
    signal?.addEventListener('abort', aborted, { once: true });
  });
}

function opened(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}
