/** Reads the protobuf wire format. Every length is checked against what is there. */

export class ProtobufError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ProtobufError';
  }
}

export const WireType = { Varint: 0, Fixed64: 1, Bytes: 2, Fixed32: 5 } as const;

export class WireReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** The next field's number and wire type. */
  tag(): { field: number; type: number } {
    const tag = this.varint();
    const field = Number(tag >> 3n);
    if (field === 0 || field > 536_870_911) throw new ProtobufError(`field number ${field} is not allowed`);
    return { field, type: Number(tag & 7n) };
  }

  /** An unsigned 64-bit integer. */
  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new ProtobufError('the message ends within a number');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new ProtobufError('a number is longer than ten bytes');
  }

  bytes(): Uint8Array {
    const length = Number(this.varint());
    return this.#take(length);
  }

  double(): number {
    const bytes = this.#take(8);
    return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
  }

  skip(type: number): void {
    if (type === WireType.Varint) this.varint();
    else if (type === WireType.Fixed64) this.#take(8);
    else if (type === WireType.Bytes) this.bytes();
    else if (type === WireType.Fixed32) this.#take(4);
    else throw new ProtobufError(`wire type ${type} is not supported`);
  }

  #take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new ProtobufError('the message ends within a field');
    const taken = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }
}

/** Two's complement of 64 bits, as a number. */
export function signed(value: bigint): number {
  return Number(BigInt.asIntN(64, value));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function text(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ProtobufError('a text is not UTF-8');
  }
}
