// A program with the clients that hear of it: who started it, or who has attached to it since (RFC 42).
import { FluxError, type Request } from '@ebb/flux-client';
import { encodeIo, type IoObject } from '@ebb/flux-formats';
import { Child } from './child.ts';
import { type Command, commandName, ExecFlag, type ExecRequest, inputBuffer } from './process-requests.ts';

/** Bytes of output of a program in the background that are kept for who waits for it. */
const retainedLimit = 8192;

export interface ProcessHost {
  readonly rank: number;
  log(level: number, text: string): void;
  /** The program may be forgotten. */
  gone(process: ManagedProcess): void;
}

export class ManagedProcess {
  readonly command: Command;
  /** It was started without anybody listening. */
  readonly isBackground: boolean;
  readonly #host: ProcessHost;
  readonly #child: Child;
  /** Who hears of it now. */
  client: Request | undefined;
  waiter: Request | undefined;
  #flags: number;
  #isWaitable: boolean;
  #isClosed = false;
  #retained: IoObject[] = [];
  #retainedBytes = 0;

  constructor(request: Request, { cmd, flags }: ExecRequest, environment: Record<string, string>, host: ProcessHost) {
    this.command = cmd;
    this.client = request;
    this.isBackground = !request.isStreaming;
    this.#host = host;
    this.#flags = flags;
    this.#isWaitable = (flags & ExecFlag.waitable) !== 0;
    const options = { command: cmd, environment, hasInput: !this.isBackground };
    this.#child = new Child(options, {
      started: (pid) => this.#started(pid),
      failed: (error) => this.#failed(error),
      output: (stream, data) => this.#output(stream, data),
      outputEnd: (stream) => this.#respondOutput(stream, undefined, true),
      inputTaken: (stream, bytes) => this.#credit(stream, bytes),
      exited: (status) => this.#respond({ type: 'finished', status }),
      closed: () => this.#closed(),
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isActive(): boolean {
    return !this.#isClosed;
  }

  get isWaitable(): boolean {
    return this.#isWaitable;
  }

  get isAttached(): boolean {
    return this.isBackground && this.client !== undefined;
  }

  /** As `rexec.list` shows it. */
  get row(): Record<string, unknown> {
    const { command, pid } = this;
    return { pid, cmd: commandName(command), label: command.label ?? '', state: this.isActive ? 'R' : 'Z' };
  }

  write(stream: string, data: Uint8Array, eof: boolean): void {
    this.#child.write(stream, data, eof);
  }

  /** @throws FluxError ESRCH when it is gone */
  kill(signum: number): void {
    this.#child.kill(signum);
  }

  /** Answers with its wait status, now or when it ends. */
  wait(request: Request): void {
    this.waiter = request;
    this.#reap();
  }

  /** Begins to answer to a client as if it had started the program. */
  attach(request: Request, flags: number): void {
    this.client = request;
    this.#flags = flags;
    this.#respond({ type: 'attached', pid: this.pid, cmd: this.command });
    for (const stream of ['stdout', 'stderr']) {
      if (this.#child.hasEnded(stream)) this.#respondOutput(stream, undefined, true);
    }
    if (this.isActive) return;
    this.#respond({ type: 'finished', status: this.#child.status });
    request.respondError('ENODATA');
    this.#isWaitable = false;
    this.#reap();
  }

  /** The client is gone. True: nobody is left for whom it should run. */
  detach(): boolean {
    if (!this.isAttached) return true;
    this.client = undefined;
    return false;
  }

  #started(pid: number): void {
    this.#respond({ type: 'started', pid });
    if (this.isBackground) {
      this.client = undefined;
      return;
    }
    for (const stream of ['stdin', ...(this.command.channels ?? [])]) {
      this.#credit(stream, inputBuffer(this.command, stream));
    }
  }

  #failed(error: NodeJS.ErrnoException): void {
    this.#isClosed = true;
    const { errno, message } = FluxError.of(error);
    this.client?.respondError(errno, `error launching process: ${message}`);
    this.#host.gone(this);
  }

  #output(stream: string, data: Buffer): void {
    this.#respondOutput(stream, data, false);
    if (!this.isBackground) return;
    const { label, cmdline } = this.command;
    const name = label ?? cmdline[0]!.split('/').at(-1);
    this.#host.log(stream === 'stderr' ? 3 : 6, `${name}[${this.pid}]: ${data}`);
    if (this.#isWaitable) this.#retain(stream, data);
  }

  #retain(stream: string, data: Buffer): void {
    this.#retained.push(encodeIo(stream, this.#host.rank, data));
    this.#retainedBytes += data.length;
    while (this.#retainedBytes > retainedLimit && this.#retained.length > 1) {
      const { data: oldest = '', encoding } = this.#retained.shift()!;
      this.#retainedBytes -= Buffer.byteLength(oldest, encoding ?? 'utf8');
    }
  }

  #closed(): void {
    this.#isClosed = true;
    if (this.isBackground) this.#logExit(this.#child.status!);
    this.client?.respondError('ENODATA');
    this.#reap();
  }

  #logExit(status: number): void {
    const { label, cmdline } = this.command;
    const prefix = label === undefined ? '' : `${label}: `;
    const signal = status & 0x7f;
    const text =
      signal === 0
        ? `${cmdline[0]!.split('/').at(-1)}[${this.pid}]: Exit ${status >> 8}`
        : `${cmdline[0]}[${this.pid}]: Killed by signal ${signal}`;
    this.#host.log(6, `${prefix}${text}`);
  }

  #reap(): void {
    if (this.isActive) return;
    if (this.#isWaitable) {
      if (!this.waiter) return;
      const output = this.#retained.length > 0 ? { output: this.#retained } : {};
      this.waiter.respond({ status: this.#child.status, ...output });
      this.#isWaitable = false;
      this.waiter = undefined;
    }
    this.#host.gone(this);
  }

  #credit(stream: string, bytes: number): void {
    if (this.#flags & ExecFlag.writeCredit) this.#respond({ type: 'add-credit', channels: { [stream]: bytes } });
  }

  #respondOutput(stream: string, data: Buffer | undefined, eof: boolean): void {
    const flag = stream === 'stdout' ? ExecFlag.stdout : stream === 'stderr' ? ExecFlag.stderr : ExecFlag.channel;
    if (!(this.#flags & flag)) return;
    this.#respond({ type: 'output', pid: this.pid, io: encodeIo(stream, this.#host.rank, data, eof) });
  }

  #respond(payload: Record<string, unknown>): void {
    // A background program's one answer is that it has started; later ones are for who attaches.
    this.client?.respond(payload);
  }
}
