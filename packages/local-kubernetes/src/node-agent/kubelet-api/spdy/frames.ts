// Frames of SPDY/3.1 (SPDY draft 3.1, section 2.2): bytes to frames and back, without a socket.

/** Types of control frames (section 2.6). */
export const frameTypes = {
  synStream: 1,
  synReply: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  headers: 8,
  windowUpdate: 9,
} as const;

/** Why a stream is reset (section 2.6.3). */
export const resetReasons = {
  protocolError: 1,
  invalidStream: 2,
  refusedStream: 3,
  cancel: 5,
  flowControlError: 7,
  streamAlreadyClosed: 9,
} as const;

export const finFlag = 1;
export const unidirectionalFlag = 2;
/** SETTINGS_INITIAL_WINDOW_SIZE (section 2.6.4). */
export const initialWindowSetting = 7;
/** Bytes a stream, and the session, may send before they hear of more room (section 2.6.8). */
export const initialWindow = 65536;

export interface ControlFrame {
  readonly kind: 'control';
  readonly type: number;
  readonly flags: number;
  readonly body: Buffer;
}

/** Data of a stream as it comes: a large frame is handed on in parts, of which only the last may say `isLast`. */
export interface DataFrame {
  readonly kind: 'data';
  readonly streamId: number;
  readonly data: Buffer;
  readonly isLast: boolean;
}

/** What a peer sent is no SPDY/3.1: the session has to end. */
export class SpdyError extends Error {
  override readonly name = 'SpdyError';
}

const version = 3;
const headSize = 8;
/** Kubernetes' control frames have some hundred bytes. */
export const largestControlBody = 32768;

/** Cuts bytes into frames, however they come in; holds back no more than one control frame. */
export class FrameReader {
  #head: Buffer = Buffer.alloc(0);
  #control: { type: number; flags: number; parts: Buffer[]; left: number } | undefined;
  #data: { streamId: number; isLast: boolean; left: number } | undefined;

  /** The frames that `chunk` completes, and the part of a data frame that it holds. @throws {SpdyError} */
  *read(chunk: Buffer): Generator<ControlFrame | DataFrame> {
    let rest = chunk;
    const take = (size: number): Buffer => {
      const taken = rest.subarray(0, size);
      rest = rest.subarray(taken.length);
      return taken;
    };
    while (rest.length > 0) {
      if (this.#data) {
        const { streamId, isLast, left } = this.#data;
        const data = take(left);
        const isWhole = data.length === left;
        this.#data = isWhole ? undefined : { streamId, isLast, left: left - data.length };
        yield { kind: 'data', streamId, data, isLast: isLast && isWhole };
      } else if (this.#control) {
        const part = take(this.#control.left);
        this.#control.parts.push(part);
        this.#control.left -= part.length;
      } else {
        this.#head = Buffer.concat([this.#head, take(headSize - this.#head.length)]);
        if (this.#head.length < headSize) return;
        this.#begin(this.#head);
        this.#head = Buffer.alloc(0);
        const empty = this.#emptyData();
        if (empty) yield empty;
      }
      if (this.#control?.left === 0) {
        const { type, flags, parts } = this.#control;
        this.#control = undefined;
        yield { kind: 'control', type, flags, body: Buffer.concat(parts) };
      }
    }
  }

  #emptyData(): DataFrame | undefined {
    if (this.#data?.left !== 0) return undefined;
    const { streamId, isLast } = this.#data;
    this.#data = undefined;
    return { kind: 'data', streamId, data: Buffer.alloc(0), isLast };
  }

  #begin(head: Buffer): void {
    const flags = head[4]!;
    const size = head.readUIntBE(5, 3);
    if ((head[0]! & 0x80) === 0) {
      this.#data = { streamId: head.readUInt32BE(0), isLast: (flags & finFlag) !== 0, left: size };
      return;
    }
    const spoken = head.readUInt16BE(0) & 0x7fff;
    if (spoken !== version) throw new SpdyError(`control frame of SPDY version ${spoken}, not ${version}`);
    if (size > largestControlBody) {
      throw new SpdyError(`control frame of ${size} bytes, more than ${largestControlBody}`);
    }
    this.#control = { type: head.readUInt16BE(2), flags, parts: [], left: size };
  }
}

export function controlFrame(type: number, flags: number, body: Buffer): Buffer {
  const frame = Buffer.alloc(headSize + body.length);
  frame.writeUInt16BE(0x8000 | version, 0);
  frame.writeUInt16BE(type, 2);
  frame[4] = flags;
  frame.writeUIntBE(body.length, 5, 3);
  body.copy(frame, headSize);
  return frame;
}

/** @throws RangeError on 16 MiB or more */
export function dataFrame(streamId: number, data: Buffer, isLast: boolean): Buffer {
  const frame = Buffer.alloc(headSize + data.length);
  frame.writeUInt32BE(streamId, 0);
  frame[4] = isLast ? finFlag : 0;
  frame.writeUIntBE(data.length, 5, 3);
  data.copy(frame, headSize);
  return frame;
}

/** The body of a control frame that is a list of numbers of 32 bits. */
export function words(...values: readonly number[]): Buffer {
  const body = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => {
    body.writeUInt32BE(value >>> 0, index * 4);
  });
  return body;
}

/** A word of a body, its highest bit off (stream ids and window sizes have 31). @throws {SpdyError} when cut short */
export function wordAt(body: Buffer, offset: number): number {
  if (body.length < offset + 4) throw new SpdyError(`frame of ${body.length} bytes cut short`);
  return body.readUInt32BE(offset) & 0x7fffffff;
}

/** The initial window that a SETTINGS body asks for; undefined when it says nothing of it. @throws {SpdyError} */
export function askedWindow(body: Buffer): number | undefined {
  const count = wordAt(body, 0);
  if (body.length !== 4 + count * 8) throw new SpdyError(`SETTINGS of ${body.length} bytes for ${count} entries`);
  for (let at = 4; at < body.length; at += 8) {
    if ((body.readUInt32BE(at) & 0xffffff) === initialWindowSetting) return wordAt(body, at + 4);
  }
  return undefined;
}
