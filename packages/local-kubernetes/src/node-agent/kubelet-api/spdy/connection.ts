// The server's end of a SPDY/3.1 connection as Kubernetes speaks it (SPDY draft 3.1): the client opens streams.

import type { Duplex } from 'node:stream';
import {
  askedWindow,
  type ControlFrame,
  controlFrame,
  type DataFrame,
  dataFrame,
  FrameReader,
  finFlag,
  frameTypes,
  resetReasons,
  SpdyError,
  unidirectionalFlag,
  wordAt,
  words,
} from './frames.ts';
import { HeaderDeflater, HeaderInflater } from './header-block.ts';
import { SendWindows } from './send-windows.ts';
import { SpdyStream } from './stream.ts';

/** kubectl opens at most five for exec, and two for each connection that it forwards. */
export const mostStreams = 256;
/** A peer that has gone is not seen while its data waits, unless something is sent to it. */
const pingMs = 1000;
/** How long a peer may take to close after us. */
const closeMs = 5000;

export interface SpdyOptions {
  /** A stream that is not wanted is destroyed. */
  onStream(stream: SpdyStream): void;
}

export class SpdyConnection {
  /** Resolves when the socket has closed, whoever closed it. */
  readonly closed: Promise<void>;
  readonly #socket: Duplex;
  readonly #options: SpdyOptions;
  readonly #streams = new Map<number, SpdyStream>();
  readonly #windows = new SendWindows();
  readonly #inflater = new HeaderInflater();
  readonly #deflater = new HeaderDeflater();
  readonly #reader = new FrameReader();
  #waiting: (() => void)[] = [];
  #lastStream = 0;
  #isLeaving = false;

  /** @param head what came with the upgrade */
  constructor(socket: Duplex, head: Buffer, options: SpdyOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.setMaxListeners(0);
    socket.on('error', () => {});
    socket.on('drain', () => this.#wakeAll());
    this.closed = new Promise((resolve) => {
      if (socket.destroyed) resolve();
      else socket.once('close', resolve);
    });
    void this.closed.then(() => this.#end());
    void this.#read(head);
  }

  /** Says that no more comes, and closes when what was written has gone out. */
  async close(): Promise<void> {
    if (this.#isLeaving || this.#socket.destroyed) return this.closed;
    this.#isLeaving = true;
    this.#post(controlFrame(frameTypes.goAway, 0, words(this.#lastStream, 0)));
    // The peer is read on: data it sent that nobody reads would make the kernel throw ours away.
    this.#socket.end();
    const timer = setTimeout(() => this.#socket.destroy(), closeMs);
    await this.closed;
    clearTimeout(timer);
  }

  async #read(head: Buffer): Promise<void> {
    try {
      await this.#take(head);
      for await (const chunk of this.#socket.iterator({ destroyOnReturn: false })) await this.#take(chunk as Buffer);
    } catch (error) {
      if (error instanceof SpdyError && this.#socket.writable) {
        const farewell = controlFrame(frameTypes.goAway, 0, words(this.#lastStream, 1));
        await new Promise<void>((resolve) => {
          this.#socket.once('close', resolve).end(farewell, () => resolve());
        });
      }
    }
    this.#socket.destroy();
  }

  async #take(chunk: Buffer): Promise<void> {
    for (const frame of this.#reader.read(chunk)) {
      await (frame.kind === 'data' ? this.#data(frame) : this.#control(frame));
      // What we answer waits for the peer to read it, so that a peer cannot make us hold much.
      await this.#untilDrained();
    }
  }

  async #data({ streamId, data, isLast }: DataFrame): Promise<void> {
    const stream = this.#streams.get(streamId);
    if (stream && !stream.hasEnded) {
      const room = stream.receive(data, isLast);
      if (!stream.isFull) return room;
      const timer = setInterval(() => this.#post(controlFrame(frameTypes.ping, 0, words(2))), pingMs);
      await room;
      clearInterval(timer);
      return;
    }
    this.#credit(0, data.length);
    if (stream) this.#reset(streamId, resetReasons.streamAlreadyClosed);
    else if (streamId > this.#lastStream) this.#reset(streamId, resetReasons.invalidStream);
  }

  async #control({ type, flags, body }: ControlFrame): Promise<void> {
    if (type === frameTypes.synStream) {
      const headers = await this.#inflater.read(body.subarray(10));
      this.#open(wordAt(body, 0), flags, headers);
    } else if (type === frameTypes.headers) {
      await this.#inflater.read(body.subarray(4));
    } else if (type === frameTypes.rstStream) {
      this.#drop(wordAt(body, 0));
    } else if (type === frameTypes.ping) {
      const id = wordAt(body, 0);
      if (id % 2 === 1) this.#post(controlFrame(frameTypes.ping, 0, words(id)));
    } else if (type === frameTypes.windowUpdate) {
      const id = wordAt(body, 0);
      if (!this.#windows.update(id, wordAt(body, 4))) {
        if (id === 0) throw new SpdyError('WINDOW_UPDATE of the session is no increase, or too large');
        this.#reset(id, resetReasons.flowControlError);
        this.#drop(id);
      }
      this.#wakeAll();
    } else if (type === frameTypes.settings) {
      const asked = askedWindow(body);
      if (asked !== undefined) this.#windows.resize(asked);
      this.#wakeAll();
    }
  }

  #open(id: number, flags: number, headers: ReadonlyMap<string, string>): void {
    if (id % 2 === 0 || id <= this.#lastStream) {
      throw new SpdyError(`SYN_STREAM of stream ${id} after ${this.#lastStream}`);
    }
    this.#lastStream = id;
    if (this.#isLeaving || this.#streams.size >= mostStreams) {
      this.#reset(id, resetReasons.refusedStream);
      return;
    }
    this.#windows.open(id);
    const stream = new SpdyStream(headers, {
      send: (data, isLast) => this.#send(id, data, isLast),
      credit: (bytes) => {
        if (this.#streams.has(id) && !stream.hasEnded) this.#credit(id, bytes);
        this.#credit(0, bytes);
      },
      reset: () => {
        if (this.#streams.has(id)) this.#reset(id, resetReasons.cancel);
      },
      closed: () => {
        this.#streams.delete(id);
        this.#windows.close(id);
        this.#wakeAll();
      },
    });
    this.#streams.set(id, stream);
    const reply = this.#deflater.write(new Map());
    this.#post(controlFrame(frameTypes.synReply, 0, Buffer.concat([words(id), reply])));
    if (flags & unidirectionalFlag) stream.end();
    this.#options.onStream(stream);
    if (flags & finFlag) void stream.receive(Buffer.alloc(0), true);
  }

  async #send(id: number, data: Buffer, isLast: boolean): Promise<void> {
    let rest = data;
    do {
      for (;;) {
        if (this.#socket.destroyed || !this.#streams.has(id)) throw new Error('the stream is closed');
        if (rest.length > 0 && this.#windows.room(id) === 0) await this.#woken();
        else if (this.#socket.writableNeedDrain) await this.#woken();
        else break;
      }
      const part = rest.subarray(0, this.#windows.room(id));
      rest = rest.subarray(part.length);
      this.#windows.sent(id, part.length);
      this.#post(dataFrame(id, part, isLast && rest.length === 0));
    } while (rest.length > 0);
  }

  #credit(id: number, bytes: number): void {
    if (bytes > 0) this.#post(controlFrame(frameTypes.windowUpdate, 0, words(id, bytes)));
  }

  #reset(id: number, reason: number): void {
    this.#post(controlFrame(frameTypes.rstStream, 0, words(id, reason)));
  }

  /** Both ends know that the stream is over: nothing is said of it any more. */
  #drop(id: number): void {
    const stream = this.#streams.get(id);
    this.#streams.delete(id);
    stream?.destroy();
  }

  #post(frame: Buffer): void {
    if (this.#socket.writable) this.#socket.write(frame);
  }

  async #untilDrained(): Promise<void> {
    while (this.#socket.writableNeedDrain && !this.#socket.destroyed) await this.#woken();
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #wakeAll(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  #end(): void {
    for (const stream of [...this.#streams.values()]) stream.destroy();
    this.#inflater.close();
    this.#wakeAll();
  }
}
