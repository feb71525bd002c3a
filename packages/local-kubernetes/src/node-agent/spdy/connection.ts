// The server's end of a SPDY/3.1 connection as Kubernetes speaks it (SPDY draft 3.1). Kubernetes' own peer neither
// sends nor heeds WINDOW_UPDATE, so that no window is held here either; TCP holds the pace.

import { Duplex } from 'node:stream';
import { constants, createDeflate, createInflate } from 'node:zlib';
import { spdyDictionary } from './dictionary.ts';

const largestFrame = 4 << 20;

export class SpdyStream extends Duplex {
  readonly headers: ReadonlyMap<string, string>;
  readonly #send: (data: Buffer, isLast: boolean) => void;

  constructor(headers: ReadonlyMap<string, string>, send: (data: Buffer, isLast: boolean) => void) {
    super();
    this.headers = headers;
    this.#send = send;
    this.on('error', () => {});
  }

  override _read(): void {}

  override _write(data: Buffer, _encoding: string, done: () => void): void {
    for (let at = 0; at < data.length; at += 32768) this.#send(data.subarray(at, at + 32768), false);
    done();
  }

  override _final(done: () => void): void {
    this.#send(Buffer.alloc(0), true);
    done();
  }
}

/** Serves a connection; anything malformed destroys the socket. */
export function serveSpdy(socket: Duplex, head: Buffer, onStream: (stream: SpdyStream) => void): void {
  const inflate = createInflate({ dictionary: spdyDictionary, finishFlush: constants.Z_SYNC_FLUSH });
  const deflate = createDeflate({ dictionary: spdyDictionary });
  const streams = new Map<number, SpdyStream>();
  const fail = (): void => void socket.destroy();
  inflate.on('error', fail);
  let inflated: Buffer[] = [];
  let deflated: Buffer[] = [];
  inflate.on('data', (part: Buffer) => {
    inflated.push(part);
    if (inflated.length > 64) fail();
  });
  deflate.on('data', (part: Buffer) => deflated.push(part));
  const write = (data: Buffer): void => void (socket.writable && socket.write(data));
  const control = (type: number, flags: number, body: Buffer): void => {
    const start = Buffer.from([0x80, 3, 0, type, 0, 0, 0, 0]);
    start.writeUInt32BE(((flags << 24) | body.length) >>> 0, 4);
    write(Buffer.concat([start, body]));
  };
  const expand = async (block: Buffer): Promise<Map<string, string>> => {
    inflated = [];
    await new Promise<void>((resolve) => inflate.write(block, () => resolve()));
    return parseHeaders(Buffer.concat(inflated));
  };
  const reply = async (id: number): Promise<void> => {
    deflated = [];
    deflate.write(Buffer.alloc(4));
    await new Promise<void>((resolve) => deflate.flush(constants.Z_SYNC_FLUSH, () => setImmediate(resolve)));
    control(2, 0, Buffer.concat([number32(id), ...deflated]));
  };
  const open = async (body: Buffer, flags: number): Promise<void> => {
    const id = body.readUInt32BE(0) & 0x7fffffff;
    const headers = await expand(body.subarray(10));
    const stream = new SpdyStream(headers, (data, isLast) => {
      const start = Buffer.alloc(8);
      start.writeUInt32BE(id);
      start.writeUInt32BE((((isLast ? 1 : 0) << 24) | data.length) >>> 0, 4);
      write(Buffer.concat([start, data]));
    });
    streams.set(id, stream);
    await reply(id);
    onStream(stream);
    if (flags & 1) stream.push(null);
  };
  const handle = async (frame: Buffer): Promise<void> => {
    const flags = frame[4]!;
    const body = frame.subarray(8);
    if ((frame[0]! & 0x80) === 0) {
      const stream = streams.get(frame.readUInt32BE(0));
      if (!stream || stream.readableEnded) return;
      if (body.length > 0) stream.push(body);
      if (flags & 1) stream.push(null);
      return;
    }
    const type = frame.readUInt16BE(2);
    if (type === 1) await open(body, flags);
    else if (type === 3) streams.get(body.readUInt32BE(0))?.destroy();
    else if (type === 6) control(6, 0, body);
    else if (type === 8) await expand(body.subarray(4));
  };
  let waiting: Buffer = Buffer.alloc(0);
  let order = Promise.resolve();
  const feed = (chunk: Buffer): void => {
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length >= 8) {
      const size = 8 + (waiting.readUInt32BE(4) & 0xffffff);
      if (size > largestFrame) {
        fail();
        return;
      }
      if (waiting.length < size) return;
      const frame = waiting.subarray(0, size);
      waiting = waiting.subarray(size);
      order = order.then(() => handle(frame)).catch(fail);
    }
  };
  socket.on('error', fail);
  socket.on('close', () => {
    for (const stream of streams.values()) stream.destroy();
    inflate.close();
    deflate.close();
  });
  if (head.length > 0) feed(head);
  socket.on('data', feed);
}

function number32(value: number): Buffer {
  const data = Buffer.alloc(4);
  data.writeUInt32BE(value);
  return data;
}

/** @throws RangeError on a block cut short */
function parseHeaders(block: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  let at = 4;
  const text = (): string => {
    const length = block.readUInt32BE(at);
    if (at + 4 + length > block.length) throw new RangeError('header block cut short');
    at += 4 + length;
    return block.toString('utf8', at - length, at);
  };
  for (let left = block.readUInt32BE(0); left > 0; left--) headers.set(text().toLowerCase(), text());
  return headers;
}
