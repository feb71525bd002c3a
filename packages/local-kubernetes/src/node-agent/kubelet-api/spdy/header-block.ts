// Name/value header blocks (SPDY draft 3.1, section 2.6.10). All blocks of a direction are one zlib stream, so that each
// has to pass through here, in order.

import { constants, createInflate, type Inflate } from 'node:zlib';
import { spdyDictionary } from './dictionary.ts';
import { SpdyError } from './frames.ts';

/** A block may unfold to no more: Kubernetes' have some hundred bytes. */
export const largestHeaderBlock = 65536;

export class HeaderInflater {
  readonly #inflate: Inflate;
  /** Why there is nothing more to be had. */
  #why = 'the connection has closed';

  constructor() {
    this.#inflate = createInflate({ dictionary: spdyDictionary, flush: constants.Z_SYNC_FLUSH });
    this.#inflate.on('error', (error) => {
      this.#why = `header block: ${error.message}`;
    });
  }

  /** Unfolds the next block; a second call has to wait for the first. @throws {SpdyError} */
  async read(block: Buffer): Promise<Map<string, string>> {
    const inflate = this.#inflate;
    const parts: Buffer[] = [];
    let size = 0;
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string): void => {
        inflate.removeListener('readable', collect);
        inflate.removeListener('close', onClose);
        inflate.destroy();
        reject(new SpdyError(why));
      };
      const onClose = (): void => fail(this.#why);
      const collect = (): void => {
        for (let part = inflate.read() as Buffer | null; part !== null; part = inflate.read() as Buffer | null) {
          parts.push(part);
          size += part.length;
          if (size > largestHeaderBlock) {
            fail(`header block of more than ${largestHeaderBlock} bytes`);
            return;
          }
        }
      };
      if (inflate.destroyed) {
        reject(new SpdyError('header block after the end'));
        return;
      }
      // zlib does not call back when what it was given is no zlib, or when it is closed.
      inflate.once('close', onClose);
      inflate.on('readable', collect);
      inflate.write(block, () => {
        inflate.removeListener('close', onClose);
        if (inflate.destroyed) return;
        collect();
        inflate.removeListener('readable', collect);
        resolve();
      });
    });
    return parseHeaders(Buffer.concat(parts));
  }

  close(): void {
    this.#inflate.destroy();
  }
}

/** An empty stored block is what a flush ends with: some readers hand nothing on before they have seen one. */
const flushed = Buffer.from([0, 0, 0, 0xff, 0xff]);

/** Folds blocks without making them smaller (stored blocks of RFC 1951, section 3.2.4): what we send has few bytes. */
export class HeaderDeflater {
  #isFirst = true;

  write(headers: ReadonlyMap<string, string>): Buffer {
    const block = formatHeaders(headers);
    const parts: Buffer[] = this.#isFirst ? [Buffer.from([0x78, 0x01])] : [];
    this.#isFirst = false;
    for (let at = 0; at < block.length; at += 0xffff) {
      const part = block.subarray(at, at + 0xffff);
      const head = Buffer.alloc(5);
      head.writeUInt16LE(part.length, 1);
      head.writeUInt16LE(~part.length & 0xffff, 3);
      parts.push(head, part);
    }
    return Buffer.concat([...parts, flushed]);
  }
}

/** Names come out in lower case. @throws {SpdyError} on a block that is cut short, too long or names one thing twice */
export function parseHeaders(block: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  let at = 0;
  const number = (): number => {
    if (at + 4 > block.length) throw new SpdyError('header block cut short');
    at += 4;
    return block.readUInt32BE(at - 4);
  };
  const text = (): string => {
    const length = number();
    if (at + length > block.length) throw new SpdyError('header block cut short');
    at += length;
    return block.toString('utf8', at - length, at);
  };
  for (let left = number(); left > 0; left--) {
    const name = text().toLowerCase();
    if (name === '') throw new SpdyError('header without a name');
    if (headers.has(name)) throw new SpdyError(`header "${name}" twice`);
    headers.set(name, text());
  }
  if (at !== block.length) throw new SpdyError(`${block.length - at} bytes after the headers`);
  return headers;
}

export function formatHeaders(headers: ReadonlyMap<string, string>): Buffer {
  const parts: Buffer[] = [];
  const number = (value: number): void => {
    const part = Buffer.alloc(4);
    part.writeUInt32BE(value);
    parts.push(part);
  };
  number(headers.size);
  for (const pair of headers) {
    for (const text of pair) {
      const part = Buffer.from(text);
      number(part.length);
      parts.push(part);
    }
  }
  return Buffer.concat(parts);
}
