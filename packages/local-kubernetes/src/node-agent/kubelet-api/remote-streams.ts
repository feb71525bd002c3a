// What exec and attach have of their client, over whichever protocol it came.

import type { Readable, Writable } from 'node:stream';
import type { TerminalSize } from '../processes/terminal.ts';

/** The end of a command as remotecommand.v4 says it: a Kubernetes Status. */
export interface EndStatus {
  readonly metadata: object;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly causes: readonly { readonly reason?: string; readonly message: string }[] };
  readonly code?: number;
}

/** Streams that the client did not ask for are absent. */
export interface RemoteStreams {
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  readonly stderr?: Writable;
  /** Resolves when the client has gone, or has been told of the end. */
  readonly gone: Promise<void>;
  onResize(listener: (size: TerminalSize) => void): void;
  /** Tells the client of the end, behind all that was written, and closes. */
  finish(status: EndStatus): Promise<void>;
}

export interface RemoteOptions {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** What a request to the kubelet API asks for; a terminal has one output. */
export function remoteOptions(query: URLSearchParams): RemoteOptions {
  const isAsked = (...names: string[]) => names.some((name) => ['1', 'true'].includes(query.get(name) ?? ''));
  const tty = isAsked('tty');
  return {
    stdin: isAsked('input', 'stdin'),
    stdout: isAsked('output', 'stdout'),
    stderr: isAsked('error', 'stderr') && !tty,
    tty,
  };
}

export function endStatus(exitCode: number): EndStatus {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

export function failureStatus(error: unknown): EndStatus {
  return {
    metadata: {},
    status: 'Failure',
    message: error instanceof Error ? error.message : String(error),
    reason: 'InternalError',
  };
}

/** What a client of streams over WebSocket is told where one over SPDY would have got no streams. */
export function refusalStatus(why: string): EndStatus {
  const message = `unable to upgrade connection: ${why}`;
  return {
    metadata: {},
    status: 'Failure',
    message: `Internal error occurred: ${message}`,
    reason: 'InternalError',
    details: { causes: [{ message }] },
    code: 500,
  };
}

/**
 * Sizes of a terminal as clients send them, one JSON object after the other; undefined for what is none. kubectl writes
 * `Width` and `Height`, the official JavaScript client `width` and `height`: Go's decoder takes any case.
 */
export function terminalSize(text: string): TerminalSize | undefined {
  try {
    const fields = Object.entries(JSON.parse(text) as object).map(([name, value]) => [name.toLowerCase(), value]);
    const { width, height } = Object.fromEntries(fields) as { width?: unknown; height?: unknown };
    const isSize = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0;
    return isSize(width) && isSize(height) && width < 65536 && height < 65536
      ? { columns: width, rows: height }
      : undefined;
  } catch {
    return undefined;
  }
}
