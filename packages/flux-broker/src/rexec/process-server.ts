// A service that runs programs (RFC 42): the broker's own, `rexec`, and that of each job, `UID-shell-fID.rexec`.
import { type Flux, FluxError, type HandleOptions, type Request } from '@ebb/flux-client';
import { decodeIo } from '@ebb/flux-formats';
import { ManagedProcess } from './managed-process.ts';
import { type Command, parseExec } from './process-requests.ts';

const sigkill = 9;

/** Never passed on: they belong to the broker's own surroundings. */
const withheld = ['FLUX_PROXY_REMOTE', 'NOTIFY_SOCKET', 'INVOCATION_ID'];

export interface ProcessServerOptions {
  readonly flux: Flux;
  /** Topics are `SERVICE.exec` and so on. */
  readonly service: string;
  readonly rank: number;
  /** FLUX_URI of the programs: the broker that runs them, wherever the caller was connected. */
  uri(): string | undefined;
  /** Where a command brings no environment; default: that of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly handle?: HandleOptions;
  log(level: number, text: string): void;
}

export class ProcessServer {
  readonly #options: ProcessServerOptions;
  readonly #processes = new Set<ManagedProcess>();
  readonly #removals: (() => void)[];

  constructor(options: ProcessServerOptions) {
    this.#options = options;
    const { flux, service, handle } = options;
    const methods: Record<string, (request: Request) => void> = {
      exec: (request) => this.#exec(request),
      write: (request) => this.#write(request),
      kill: (request) => {
        this.#find(request).kill(request.json<{ signum: number }>().signum);
        request.respond();
      },
      list: (request) => request.respond({ rank: options.rank, procs: [...this.#processes].map(({ row }) => row) }),
      wait: (request) => this.#wait(request),
      attach: (request) => this.#attach(request),
      disconnect: (request) => this.#disconnect(request.sender),
    };
    this.#removals = Object.entries(methods).map(([method, serve]) =>
      flux.handle(`${service}.${method}`, serve, handle),
    );
  }

  /** Kills all that runs, and takes no more requests. */
  stop(): void {
    for (const remove of this.#removals) remove();
    this.killAll();
  }

  killAll(): void {
    for (const process of this.#processes) kill(process);
  }

  #exec(message: Request): void {
    const request = parseExec(message.json(), message.isStreaming);
    const { label } = request.cmd;
    if (label !== undefined && [...this.#processes].some(({ command }) => command.label === label)) {
      throw new FluxError('EINVAL', 'command label is not unique');
    }
    const { rank, log } = this.#options;
    const process = new ManagedProcess(message, request, this.#environment(request.cmd), {
      rank,
      log,
      gone: (gone) => this.#processes.delete(gone),
    });
    this.#processes.add(process);
  }

  #environment({ env = {} }: Command): Record<string, string> {
    const base = Object.keys(env).length > 0 ? env : (this.#options.environment ?? process.env);
    const environment = { ...base } as Record<string, string>;
    for (const name of withheld) delete environment[name];
    const uri = this.#options.uri();
    return uri === undefined ? environment : { ...environment, FLUX_URI: uri };
  }

  #write(request: Request): void {
    const { matchtag, io } = request.json<{ matchtag: number; io: unknown }>();
    const { stream, data, eof } = decodeIo(io);
    // A program that has just ended is no error: what was on its way to it is dropped.
    for (const process of this.#processes) {
      const { client } = process;
      if (client?.sender === request.sender && client.matchtag === matchtag) process.write(stream, data, eof);
    }
  }

  #wait(request: Request): void {
    const process = this.#find(request);
    if (!process.isWaitable) throw new FluxError('EINVAL', 'process is not waitable');
    if (process.waiter) throw new FluxError('EINVAL', 'process is already being waited on');
    if (process.isAttached) throw new FluxError('EBUSY', 'subprocess has a client attached');
    process.wait(request);
  }

  #attach(request: Request): void {
    if (!request.isStreaming) throw new FluxError('EPROTO', 'attach request is missing STREAMING flag');
    const process = this.#find(request, 'ENOENT');
    if (!process.isBackground) throw new FluxError('EBUSY', 'subprocess is not in background mode');
    if (process.isAttached) throw new FluxError('EBUSY', 'subprocess already has a client attached');
    if (process.waiter) throw new FluxError('EBUSY', 'subprocess is being waited on');
    process.attach(request, request.json<{ flags: number }>().flags);
  }

  #disconnect(sender: string): void {
    for (const process of this.#processes) {
      if (process.client?.sender === sender && process.detach()) kill(process);
      if (process.waiter?.sender === sender) process.waiter = undefined;
    }
  }

  /** The program that a request is about. @throws FluxError */
  #find(request: Request, errno = 'ESRCH'): ManagedProcess {
    const { pid, label } = request.json<{ pid: number; label?: string }>();
    const found = [...this.#processes].find((process) =>
      label === undefined ? process.pid === pid : process.command.label === label,
    );
    if (found) return found;
    const subject = label === undefined ? `pid ${pid}` : `label ${label}`;
    throw new FluxError(errno, `${subject} does not belong to any subprocess`);
  }
}

function kill(process: ManagedProcess): void {
  try {
    process.kill(sigkill);
  } catch {
    // It ended by itself in the meantime.
  }
}
