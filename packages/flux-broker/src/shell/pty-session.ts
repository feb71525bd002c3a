// The pseudo-terminal of one task, and the clients that are attached to it (flux-core: libterminus/pty.c).
import { closeSync, constants, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ReadStream } from 'node:tty';
import { FluxError, type Request } from '@ebb/flux-client';
import { encodeIo } from '@ebb/flux-formats';

interface NativePty {
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
  resize(descriptor: number, columns: number, rows: number): void;
}

let native: NativePty | undefined;

/** @throws FluxError ENOSYS where terminals cannot be had */
function loadNative(): NativePty {
  try {
    native ??= createRequire(import.meta.url)('@lydell/node-pty/requireBinary.js').requireBinary(
      'pty.node',
    ) as NativePty;
    return native;
  } catch (error) {
    throw new FluxError('ENOSYS', 'pty: the package @lydell/node-pty is not installed', { cause: error });
  }
}

export interface PtySessionOptions {
  /** Receives what the terminal shows, from the start; without it, reading begins with the first client. */
  readonly capture: ((data: Buffer) => void) | undefined;
  /** The session does not end before a client has come. */
  readonly waitsForClient: boolean;
  /** The task has ended and all that it wrote has been read. Called once. */
  onComplete(): void;
}

interface Client {
  readonly request: Request;
  readonly canRead: boolean;
  readonly canWrite: boolean;
}

interface Winsize {
  readonly rows?: number;
  readonly cols?: number;
}

export class PtySession {
  /** Path of the side of the task. */
  readonly path: string;
  readonly #options: PtySessionOptions;
  readonly #native: NativePty;
  readonly #master: number;
  readonly #slave: number;
  readonly #terminal: ReadStream;
  readonly #clients = new Map<string, Client>();
  #waitsForClient: boolean;
  #isReading = false;
  #isClosed = false;
  #status: number | undefined;
  #isComplete = false;

  /** @throws FluxError ENOSYS where terminals cannot be had */
  constructor(options: PtySessionOptions) {
    this.#options = options;
    this.#native = loadNative();
    const { master, slave, pty } = this.#native.open(80, 24);
    this.path = pty;
    this.#master = master;
    // What is opened natively goes on to every program started meanwhile, and one that lives on would keep the
    // terminal from ever ending; what Node opens is closed in programs.
    this.#slave = openSync(pty, constants.O_RDWR | constants.O_NOCTTY);
    closeSync(slave);
    this.#terminal = new ReadStream(master);
    this.#waitsForClient = options.waitsForClient;
    // The end shows as an error: the side of the task is closed.
    this.#terminal.on('error', () => {});
    this.#terminal.once('close', () => {
      this.#isClosed = true;
      this.#check();
    });
    if (options.capture) this.#read();
  }

  /** Serves a request of a client. @throws FluxError */
  serve(request: Request): void {
    const message = request.json<{
      type?: string;
      mode?: string;
      winsize?: Winsize;
      data?: string;
      encoding?: string;
    }>();
    if (message.type === 'attach') {
      this.#attach(request, message.mode, message.winsize);
      return;
    }
    const client = this.#clients.get(request.sender);
    if (!client) throw new FluxError('ENOENT');
    switch (message.type) {
      case 'resize':
        this.#resize(message.winsize);
        break;
      case 'data':
        if (client.canWrite) {
          this.#terminal.write(Buffer.from(message.data ?? '', message.encoding === 'base64' ? 'base64' : 'utf8'));
        }
        break;
      case 'detach':
        this.disconnect(request.sender);
        break;
      default:
        throw new FluxError('ENOSYS');
    }
    request.respond();
  }

  /** A client is gone, or wants to be. */
  disconnect(sender: string): void {
    const client = this.#clients.get(sender);
    if (!client) return;
    this.#clients.delete(sender);
    exit(client, 'Client requested detach', 0);
  }

  /** The task was signalled: nobody needs to come any more. */
  release(): void {
    this.#waitsForClient = false;
    this.#check();
  }

  /** The task has ended. */
  exited(status: number): void {
    this.#status = status;
    // With the last descriptor of the task's side the terminal ends.
    closeSync(this.#slave);
    // Unread, it would never show that.
    if (!this.#waitsForClient) this.#read();
    this.#check();
  }

  #attach(request: Request, mode: string | undefined, winsize: Winsize | undefined): void {
    if (!['rw', 'ro', 'wo'].includes(mode ?? '')) throw new FluxError('EPROTO');
    const client = { request, canRead: mode !== 'wo', canWrite: mode !== 'ro' };
    if (mode === 'rw') this.#resize(winsize);
    this.#clients.set(request.sender, client);
    request.respond({ type: 'attach' });
    if (!client.canRead) return;
    this.#waitsForClient = false;
    this.#read();
    this.#check();
  }

  #resize(winsize: Winsize | undefined): void {
    const { rows = 0, cols = 0 } = winsize ?? {};
    if (!(rows > 0 && cols > 0)) throw new FluxError('EINVAL');
    if (!this.#isClosed) this.#native.resize(this.#master, cols, rows);
  }

  #read(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#terminal.on('data', (data: Buffer) => {
      this.#options.capture?.(data);
      const { data: text, encoding } = encodeIo('stdout', 0, data);
      const payload = { type: 'data', data: text, ...(encoding ? { encoding } : {}) };
      for (const { request, canRead } of this.#clients.values()) if (canRead) request.respond(payload);
    });
  }

  #check(): void {
    if (this.#isComplete || this.#status === undefined || this.#waitsForClient || !this.#isClosed) return;
    this.#isComplete = true;
    for (const client of this.#clients.values()) exit(client, 'session exiting', this.#status);
    this.#clients.clear();
    this.#options.onComplete();
  }
}

function exit({ request }: Client, message: string, status: number): void {
  request.respond({ type: 'exit', message, status });
  request.respondError('ENODATA');
}
