// Requests of a service that runs programs (RFC 42): `rexec.exec` and the others.
import { FluxError } from '@ebb/flux-client';

/** A command as `rexec.exec` carries it. */
export interface Command {
  readonly cmdline: readonly string[];
  readonly cwd?: string;
  readonly label?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly opts?: Readonly<Record<string, string>>;
  /** Names of further streams, open in both directions; a variable of the name tells the program its descriptor. */
  readonly channels?: readonly string[];
}

/** Bits of the field `flags` of `rexec.exec`. */
export const ExecFlag = { stdout: 1, stderr: 2, channel: 4, writeCredit: 8, waitable: 16 } as const;

const stdioFallthrough = 1;

export interface ExecRequest {
  readonly cmd: Command;
  readonly flags: number;
}

/** @throws FluxError for a request that asks for what cannot be */
export function parseExec(payload: Record<string, unknown>, isStreaming: boolean): ExecRequest {
  const {
    cmd,
    flags = 0,
    local_flags: localFlags = 0,
  } = payload as {
    cmd?: Command;
    flags?: number;
    local_flags?: number;
  };
  if (!Array.isArray(cmd?.cmdline)) throw new FluxError('EPROTO', 'error parsing command string');
  if (typeof cmd.cmdline[0] !== 'string') throw new FluxError('EPROTO', 'command string is empty');
  if (isStreaming) {
    if (flags & ExecFlag.waitable) {
      throw new FluxError('EINVAL', 'waitable flag only supported in background mode');
    }
    return { cmd, flags };
  }
  if (flags & ExecFlag.writeCredit) {
    throw new FluxError('EINVAL', 'write-credit flag is not allowed in background mode');
  }
  if (localFlags & stdioFallthrough) {
    throw new FluxError('EINVAL', 'stdio-fallthrough flag is not allowed in background mode');
  }
  if (cmd.channels && cmd.channels.length > 0) {
    throw new FluxError('EINVAL', 'auxiliary channels are not allowed in background mode');
  }
  return { cmd, flags };
}

/** Bytes of input that a client may send ahead of what the program has read. */
export function inputBuffer({ opts }: Command, stream: string): number {
  const size = Number(opts?.[`${stream}_BUFSIZE`]);
  return size > 0 ? size : 4 * 1024 * 1024;
}

/** Whether output of a stream is passed on line by line. */
export function isLineBuffered({ opts }: Command, stream: string): boolean {
  return opts?.[`${stream}_LINE_BUFFER`] !== 'false';
}

/** What `rexec.list` calls it: bare `flux` would say little. */
export function commandName({ cmdline }: Command): string {
  return cmdline[0] === 'flux' && cmdline.length > 1 ? `flux ${cmdline[1]}` : cmdline[0]!;
}
