/** Runs programs on brokers' hosts: the service rexec, RFC 42. */
import { decodeIo, encodeIo, errnoNumber, type IoPiece } from '@ebb/flux-formats';
import type { Flux, RpcOptions } from '../flux.ts';
import { FluxError } from '../flux-error.ts';

const execFlag = { stdout: 1, stderr: 2, channel: 4, writeCredit: 8, waitable: 16 } as const;
const streamed = execFlag.stdout | execFlag.stderr | execFlag.writeCredit;

export interface ExecCommand {
  /** The rank to run on; default: the nearest broker. */
  readonly rank?: number;
  readonly words: readonly string[];
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** A name by which the process can be found as long as it is there; one process of a broker has it. */
  readonly label?: string;
  /** Settings of the process, such as `stdin_BUFSIZE`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Another name than `rexec`: that of a job's shell. */
  readonly service?: string;
}

export type ExecEvent =
  | { readonly type: 'started'; readonly pid: number }
  | { readonly type: 'output'; readonly stream: string; readonly data: Buffer; readonly eof: boolean }
  /** `credit`: bytes that standard input takes now. */
  | { readonly type: 'credit'; readonly credit: number }
  /** A wait status as of `waitpid`. */
  | { readonly type: 'finished'; readonly status: number };

/** A program that runs. Its events are read with `for await`; leaving the loop does not end it, `kill` does. */
export interface RemoteProcess extends AsyncIterable<ExecEvent> {
  write(data: Uint8Array): void;
  closeInput(): void;
  kill(signum: number): Promise<void>;
}

interface Response {
  type: string;
  pid?: number;
  io?: unknown;
  status?: number;
  channels?: Record<string, number>;
}

/** Starts a program. Reading throws FluxError ENOENT, EACCES when it cannot be run, EHOSTUNREACH when the rank is away. */
export function execRemote(flux: Flux, command: ExecCommand, options: RpcOptions = {}): RemoteProcess {
  const request = { cmd: commandObject(command), flags: streamed, local_flags: 0 };
  return openProcess(flux, 'exec', request, command, options);
}

/** Which process of a broker. */
export interface ProcessTarget {
  readonly rank?: number;
  readonly service?: string;
  readonly pid?: number;
  /** Instead of the pid. */
  readonly label?: string;
}

/** Attaches to a process that runs in the background. Reading throws FluxError ENOENT when there is none, EBUSY when it has a client. */
export function attachRemote(flux: Flux, target: ProcessTarget, options: RpcOptions = {}): RemoteProcess {
  const { pid = -1, label } = target;
  const request = { pid, ...(label === undefined ? {} : { label }), flags: streamed };
  return openProcess(flux, 'attach', request, target, options);
}

/**
 * Starts a program that nobody reads from; resolves with its pid. `waitable`: it stays, ended, until its exit status
 * was asked for. @throws FluxError when it cannot be run
 */
export async function execBackground(
  flux: Flux,
  command: ExecCommand,
  options: RpcOptions & { readonly waitable?: boolean } = {},
): Promise<number> {
  const { waitable, ...rpc } = options;
  const request = { cmd: commandObject(command), flags: waitable ? execFlag.waitable : 0, local_flags: 0 };
  const route = { ...rpc, nodeid: command.rank };
  return (await flux.rpc<{ pid: number }>(`${command.service ?? 'rexec'}.exec`, request, route)).pid;
}

function commandObject({ words, cwd, environment, label, settings }: ExecCommand): object {
  return {
    ...(cwd === undefined ? {} : { cwd }),
    ...(label === undefined ? {} : { label }),
    cmdline: words,
    env: environment ?? {},
    opts: settings ?? {},
    channels: [],
  };
}

function openProcess(
  flux: Flux,
  method: string,
  request: object,
  target: { readonly rank?: number; readonly service?: string },
  options: RpcOptions,
): RemoteProcess {
  const { service = 'rexec', rank } = target;
  const { stream, matchtag } = flux.openStream<Response>(`${service}.${method}`, request, { ...options, nodeid: rank });
  let pid: number | undefined;
  const input = (data: Uint8Array | undefined, eof: boolean) => {
    const io = encodeIo('stdin', rank ?? 0, data, eof);
    flux.send(`${service}.write`, { matchtag, io }, { nodeid: rank });
  };
  return {
    write: (data) => input(data, false),
    closeInput: () => input(undefined, true),
    async kill(signum) {
      if (pid === undefined) throw new FluxError(esrch, 'the program has not started');
      await flux.rpc(`${service}.kill`, { pid, signum }, { nodeid: rank });
    },
    async *[Symbol.asyncIterator]() {
      for await (const response of stream) {
        if (response.type === 'started' || response.type === 'attached') {
          pid = response.pid!;
          yield { type: 'started', pid };
        } else if (response.type === 'output') {
          const { stream: name, data, eof }: IoPiece = decodeIo(response.io);
          yield { type: 'output', stream: name, data, eof };
        } else if (response.type === 'add-credit') yield { type: 'credit', credit: response.channels?.['stdin'] ?? 0 };
        else if (response.type === 'finished') yield { type: 'finished', status: response.status! };
      }
    },
  };
}

const esrch = errnoNumber('ESRCH');

/** Runs a program to its end. */
export async function execAndCollect(
  flux: Flux,
  command: ExecCommand,
  options: RpcOptions & { readonly input?: Uint8Array } = {},
): Promise<{ status: number; stdout: Buffer; stderr: Buffer }> {
  const { input, ...rpc } = options;
  const process = execRemote(flux, command, rpc);
  const output: Record<string, Buffer[]> = { stdout: [], stderr: [] };
  let status: number | undefined;
  let rest = input ?? Buffer.alloc(0);
  let isInputOpen = true;
  for await (const event of process) {
    if (event.type === 'output') output[event.stream]?.push(event.data);
    else if (event.type === 'finished') status = event.status;
    else if (event.type === 'credit' && isInputOpen) {
      // Never more than the other side has room for.
      const part = rest.subarray(0, event.credit);
      rest = rest.subarray(part.length);
      if (part.length > 0) process.write(part);
      if (rest.length === 0) process.closeInput();
      isInputOpen = rest.length > 0;
    }
  }
  if (status === undefined) throw new FluxError('EPROTO', `${command.words[0]}: no exit status came`);
  return { status, stdout: Buffer.concat(output['stdout']!), stderr: Buffer.concat(output['stderr']!) };
}
