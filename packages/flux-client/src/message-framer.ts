/**
 * Messages on a byte stream (local socket, relay): a magic, the size, then the frames, each with its length before it.
 * Chunks may end anywhere.
 */
import { decodeFrames, encodeFrames } from './frames.ts';
import type { Message } from './message.ts';
import { ProtocolError } from './protocol-error.ts';

// 0xffee0012 in host byte order; every host that Node runs on is little endian.
const magic = Buffer.from([0x12, 0x00, 0xee, 0xff]);
const headSize = 8;
/** No message is larger; a peer that announces one is cut off before a byte is kept. */
export const largestMessage = 256 * 1024 * 1024;

/** The bytes of one message. */
export function frameMessage(message: Message): Buffer {
  const frames = encodeFrames(message);
  let size = 0;
  for (const frame of frames) size += frame.length + (frame.length < 255 ? 1 : 5);
  const bytes = Buffer.allocUnsafe(headSize + size);
  magic.copy(bytes, 0);
  bytes.writeUInt32BE(size, 4);
  let offset = headSize;
  for (const frame of frames) {
    if (frame.length < 255) bytes[offset++] = frame.length;
    else {
      bytes[offset++] = 255;
      offset = bytes.writeUInt32BE(frame.length, offset);
    }
    offset += frame.copy(bytes, offset);
  }
  return bytes;
}

export class MessageFramer {
  #chunks: Buffer[] = [];
  #length = 0;
  #wanted = headSize;

  /** The messages that this chunk completes. @throws ProtocolError when the stream is not one of Flux messages */
  push(chunk: Buffer): Message[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#wanted) return [];
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#length);
    const messages: Message[] = [];
    let offset = 0;
    this.#wanted = headSize;
    while (bytes.length - offset >= headSize) {
      if (bytes.compare(magic, 0, 4, offset, offset + 4) !== 0) throw new ProtocolError('no message begins here');
      const size = bytes.readUInt32BE(offset + 4);
      if (size > largestMessage) throw new ProtocolError(`a message of ${size} bytes; the limit is ${largestMessage}`);
      if (bytes.length - offset < headSize + size) {
        this.#wanted = headSize + size;
        break;
      }
      messages.push(decodeFrames(split(bytes.subarray(offset + headSize, offset + headSize + size))));
      offset += headSize + size;
    }
    const rest = bytes.subarray(offset);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#length = rest.length;
    return messages;
  }
}

function split(body: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  let offset = 0;
  while (offset < body.length) {
    let length = body[offset++]!;
    if (length === 255) {
      if (offset + 4 > body.length) throw new ProtocolError('a frame has no length');
      length = body.readUInt32BE(offset);
      offset += 4;
    }
    if (offset + length > body.length) throw new ProtocolError('a frame is longer than its message');
    frames.push(body.subarray(offset, offset + length));
    offset += length;
  }
  return frames;
}
