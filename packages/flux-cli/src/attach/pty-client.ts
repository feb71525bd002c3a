/** This terminal as the terminal of a job's first task: the protocol of libterminus. */
import { spawnSync } from 'node:child_process';
import type { Flux } from '@ebb/flux-client';
import { FluxError } from '@ebb/flux-client';
import { errnoNumber } from '@ebb/flux-formats';

export interface PtyAddress {
  /** `SHELL-SERVICE.PTY-SERVICE` */
  readonly service: string;
  readonly nodeid: number;
}

interface PtyMessage {
  readonly type: string;
  readonly data?: string;
  readonly encoding?: string;
  readonly message?: string;
  readonly status?: number;
}

const detachKey = 0x1d;

export interface PtyEnd {
  /** Whether there ever was a connection. */
  readonly attached: boolean;
  readonly waitStatus: number;
}

/** Resolves when the terminal's program ended, or the person detached with ctrl-]. `attached` is called at the start. */
export async function attachPty(flux: Flux, address: PtyAddress, attached: () => void): Promise<PtyEnd> {
  const { service, nodeid } = address;
  const client = new Terminal((payload) => flux.rpc(service, payload, { nodeid }));
  const request = { type: 'attach', mode: 'rw', winsize: windowSize() };
  let waitStatus = 0;
  let isAttached = false;
  let reason: string | undefined;
  try {
    for await (const message of flux.stream<PtyMessage>(service, request, { nodeid })) {
      if (message.type === 'attach') {
        isAttached = true;
        attached();
        client.open();
      } else if (message.type === 'data') {
        process.stdout.write(Buffer.from(message.data ?? '', message.encoding === 'base64' ? 'base64' : 'utf8'));
      } else if (message.type === 'resize') client.resize();
      else if (message.type === 'exit') {
        waitStatus = message.status ?? 0;
        reason = message.message;
        client.close();
      }
    }
  } catch (error) {
    if (!(error instanceof FluxError)) throw error;
    waitStatus = 1 << 8;
    reason = error.errno === errnoNumber('ENOSYS') ? 'No such session' : error.message;
  }
  client.close();
  if (isAttached) process.stdout.write(`\x1b[999H[detached: ${reason ?? 'unknown reason'}]\x1b[K\n\r`);
  client.restore();
  return { attached: isAttached, waitStatus };
}

function windowSize(): { rows: number; cols: number } {
  return { rows: process.stdout.rows || 1, cols: process.stdout.columns || 1 };
}

class Terminal {
  readonly #request: (payload: unknown) => Promise<unknown>;
  #isRaw = false;
  #keepAlive: NodeJS.Timeout | undefined;
  readonly #read = (data: Buffer) => {
    if (data[0] === detachKey) this.#send({ type: 'detach' });
    else this.#send(dataMessage(data));
  };
  readonly #resized = () => this.resize();

  constructor(request: (payload: unknown) => Promise<unknown>) {
    this.#request = request;
  }

  open(): void {
    if (process.stdin.isTTY) {
      process.stdin.setRawMode(true);
      this.#isRaw = true;
      // Node leaves line ends to the terminal; here they come from the other one as they are to be.
      spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] });
    }
    process.stdin.on('data', this.#read);
    process.on('SIGWINCH', this.#resized);
    // The other side learns from it that this one is still there, and this one that the job went away.
    this.#keepAlive = setInterval(() => this.#send(dataMessage(Buffer.alloc(0))), 1000);
  }

  resize(): void {
    this.#send({ type: 'resize', winsize: windowSize() });
  }

  close(): void {
    clearInterval(this.#keepAlive);
    process.stdin.off('data', this.#read);
    process.stdin.pause();
    process.off('SIGWINCH', this.#resized);
  }

  restore(): void {
    if (!this.#isRaw) return;
    process.stdin.setRawMode(false);
    // A program that was ended may have left the cursor hidden.
    process.stdout.write('\x1b[?25h');
    this.#isRaw = false;
  }

  #send(payload: unknown): void {
    // The stream tells of the end; a write after it is no news.
    this.#request(payload).catch(() => {});
  }
}

function dataMessage(data: Buffer): PtyMessage {
  const text = data.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(data)) return { type: 'data', data: text };
  return { type: 'data', data: data.toString('base64'), encoding: 'base64' };
}
