/**
 * Messages on a byte stream (local socket, relay): a magic, the size, then the frames, each with its length before it.
 * Chunks may end anywhere.
 */
import { decodeFrames, protoSize, writeProto } from './frames.ts';
import type { Message } from './message.ts';
import { ProtocolError } from './protocol-error.ts';

// 0xffee0012 in host byte order; every host that Node runs on is little endian.
const magic = 0xffee_0012;
const headSize = 8;
/** A length below this is one byte, any other this byte and four more. */
const longMark = 255;
/** No message is larger; a peer that announces one is cut off before a byte is kept. */
export const largestMessage = 256 * 1024 * 1024;
/** A message has the frames of its routes and five more at most; a longer list is an attack. */
const mostFrames = 4200;

/** The bytes of one message. @throws RangeError when it is larger than `largestMessage` */
export function frameMessage(message: Message): Buffer {
  const { routes, topic, payload } = message;
  let size = 1 + protoSize;
  if (routes) {
    size += 1;
    for (const route of routes) size += framedSize(Buffer.byteLength(route));
  }
  const topicSize = topic === undefined ? 0 : Buffer.byteLength(topic);
  if (topic !== undefined) size += framedSize(topicSize);
  if (payload) size += framedSize(payload.length);
  if (size > largestMessage) throw new RangeError(`a message of ${size} bytes; the limit is ${largestMessage}`);
  const bytes = Buffer.allocUnsafe(headSize + size);
  bytes.writeUInt32LE(magic, 0);
  bytes.writeUInt32BE(size, 4);
  let offset = headSize;
  if (routes) {
    for (const route of routes) offset = writeText(bytes, offset, route, Buffer.byteLength(route));
    bytes[offset++] = 0;
  }
  if (topic !== undefined) offset = writeText(bytes, offset, topic, topicSize);
  if (payload) {
    offset = writeLength(bytes, offset, payload.length);
    bytes.set(payload, offset);
    offset += payload.length;
  }
  bytes[offset++] = protoSize;
  writeProto(bytes, offset, message);
  return bytes;
}

function framedSize(length: number): number {
  return length < longMark ? length + 1 : length + 5;
}

function writeLength(bytes: Buffer, offset: number, length: number): number {
  if (length < longMark) {
    bytes[offset] = length;
    return offset + 1;
  }
  bytes[offset] = longMark;
  return bytes.writeUInt32BE(length, offset + 1);
}

function writeText(bytes: Buffer, offset: number, text: string, size: number): number {
  const start = writeLength(bytes, offset, size);
  // As many bytes as characters: all ASCII.
  if (size === text.length) bytes.write(text, start, 'latin1');
  else bytes.write(text, start, 'utf8');
  return start + size;
}

/** Cuts a byte stream into messages. What it has thrown at once it is of no more use. */
export class MessageFramer {
  #chunks: Buffer[] = [];
  #length = 0;
  #wanted = headSize;

  /** Bytes that are kept for a message that is not whole yet. */
  get buffered(): number {
    return this.#length;
  }

  /**
   * The messages that this chunk completes. Their payloads are views of the chunk, not copies.
   * @throws ProtocolError when the stream is not one of Flux messages
   */
  push(chunk: Buffer): Message[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#wanted) return [];
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#length);
    const messages: Message[] = [];
    let offset = 0;
    this.#wanted = headSize;
    while (bytes.length - offset >= headSize) {
      if (bytes.readUInt32LE(offset) !== magic) throw new ProtocolError('no message begins here');
      const size = bytes.readUInt32BE(offset + 4);
      if (size > largestMessage) throw new ProtocolError(`a message of ${size} bytes; the limit is ${largestMessage}`);
      const end = offset + headSize + size;
      if (end > bytes.length) {
        this.#wanted = headSize + size;
        break;
      }
      messages.push(decodeFrames(split(bytes, offset + headSize, end)));
      offset = end;
    }
    const rest = offset === 0 ? bytes : bytes.subarray(offset);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#length = rest.length;
    return messages;
  }
}

function split(bytes: Buffer, start: number, end: number): Buffer[] {
  const frames: Buffer[] = [];
  let offset = start;
  while (offset < end) {
    let length = bytes[offset++]!;
    if (length === longMark) {
      if (offset + 4 > end) throw new ProtocolError('a frame has no length');
      length = bytes.readUInt32BE(offset);
      offset += 4;
    }
    if (offset + length > end) throw new ProtocolError('a frame is longer than its message');
    if (frames.push(bytes.subarray(offset, offset + length)) > mostFrames) {
      throw new ProtocolError(`a message of more than ${mostFrames} frames`);
    }
    offset += length;
  }
  return frames;
}
